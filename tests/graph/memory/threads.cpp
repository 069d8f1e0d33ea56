// The number of threads, and what a child process has of them.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cfenv>
#include <chrono>
#include <csignal>
#include <functional>
#include <thread>
#include <vector>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::throws;

namespace {

// What a child process returned, -1 if it did not end within ten seconds.
int in_child(const std::function<bool()>& f) {
  const pid_t child = fork();
  if (child == 0) _exit(f() ? 0 : 1);
  for (int ms = 0; ms < 10000; ++ms) {
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child)
      return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  return -1;
}

}  // namespace

TEST_CASE("only a number of threads that can be had is taken", "[threads]") {
  const int before = num_threads();
  CHECK(throws<ValueError>([] { set_num_threads(0); }, {"set_num_threads", "at least 1"}));
  CHECK(throws<ValueError>([] { set_num_threads(100000); }, {"set_num_threads", "100000", "most"}));
  CHECK(num_threads() == before);
}

TEST_CASE("what the first chunk of parallel work throws comes out", "[threads]") {
  const int before = num_threads();
  for (const int threads : {1, 2, 4}) {
    set_num_threads(threads);
    for (int i = 0; i < 100; ++i)
      CHECK(throws<ValueError>(
          [] {
            detail::parallel_chunks(8, [](std::int64_t chunk) {
              if (chunk >= 3) throw ValueError(fmt::format("chunk {}", chunk));
            });
          },
          {"chunk 3"}));
  }
  set_num_threads(before);
}

TEST_CASE("work that threads share cannot change their number", "[threads]") {
  const int before = num_threads();
  set_num_threads(2);
  CHECK(throws<ValueError>(
      [] { detail::parallel_chunks(8, [](std::int64_t) { set_num_threads(3); }); },
      {"set_num_threads", "before or after"}));
  CHECK(num_threads() == 2);
  set_num_threads(before);
}

TEST_CASE("chunks of chunks are done where they are", "[threads]") {
  const int before = num_threads();
  set_num_threads(3);
  std::atomic<int> done = 0, elsewhere = 0;
  detail::parallel_chunks(6, [&](std::int64_t) {
    const auto here = std::this_thread::get_id();
    detail::parallel_chunks(5, [&](std::int64_t) {
      ++done;
      elsewhere += here != std::this_thread::get_id();
    });
  });
  CHECK(done == 30);
  CHECK(elsewhere == 0);
  set_num_threads(before);
}

TEST_CASE("all threads round as the one that calls them", "[threads]") {
  const int before = num_threads(), rounding = std::fegetround();
  const Tensor x = full({1 << 18}, 1.0), y = full({1 << 18}, 3.0);
  const auto quotient = [&](int threads) {
    set_num_threads(threads);
    return (x / y).clone();
  };
  const Tensor nearest = quotient(4);
  std::fesetround(FE_DOWNWARD);
  const Tensor down = quotient(4), down_alone = quotient(1);
  std::fesetround(rounding);
  CHECK(test::same_bits(down, down_alone));
  CHECK(!test::same_bits(down, nearest));
  set_num_threads(before);
}

TEST_CASE("trainings in several threads share the workers and get the same bits", "[threads]") {
  const auto train = [] {
    set_num_threads(2);
    manual_seed(3);
    const Tensor x = randn({256, 300});
    Tensor w = randn({300, 200}, {.requires_grad = true});
    for (int i = 0; i < 5; ++i) {
      tanh(matmul(x, w)).square().mean().backward();
      const NoGrad guard;
      w.copy_(w - 0.1 * w.grad());
      w.zero_grad();
    }
    return w.detach().clone();
  };
  std::vector<Tensor> results(4);
  std::vector<std::thread> threads;
  for (Tensor& result : results) threads.emplace_back([&] { result = train(); });
  for (std::thread& t : threads) t.join();
  for (const Tensor& result : results) CHECK(test::same_bits(result, results[0]));
}

#ifndef __SANITIZE_THREAD__
TEST_CASE("the child of a fork computes after the parent did in parallel", "[threads]") {
  const Tensor a = full({400, 400}, 0.5), b = full({1 << 18}, 2.0);
  const double product = (matmul(a, a).sum() + (b * b).sum()).item<double>();
  CHECK(in_child([&] {
          return num_threads() == 1 &&
                 (matmul(a, a).sum() + (b * b).sum()).item<double>() == product;
        }) == 0);
  CHECK(in_child([] {
          return static_cast<bool>(
              throws<ValueError>([] { set_num_threads(2); }, {"set_num_threads", "fork"}));
        }) == 0);
  CHECK((matmul(a, a).sum() + (b * b).sum()).item<double>() == product);
}

TEST_CASE("a fork waits for the threads that are at the shared cache", "[threads]") {
  std::atomic<bool> done = false;
  std::thread busy([&] {
    while (!done) std::thread([] { full({1 << 12}, 1.0); }).join();  // gives its blocks back
  });
  int failures = 0;
  for (int k = 0; k < 20; ++k)
    failures += in_child([] { return full({1 << 12}, 1.0).sum().item<float>() == 4096; }) != 0;
  done = true;
  busy.join();
  CHECK(failures == 0);
}
#endif
