// The number of threads, and what a child process has of them.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <thread>

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

TEST_CASE("what a chunk of parallel work throws comes out", "[threads]") {
  CHECK_THROWS_AS(detail::parallel_chunks(8,
                                          [](std::int64_t chunk) {
                                            if (chunk == 5) throw ValueError("five");
                                          }),
                  ValueError);
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
