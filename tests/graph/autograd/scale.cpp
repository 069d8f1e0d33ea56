// Long chains, many paths, many threads.
#include <thread>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
#else
constexpr bool sanitized = false;
#endif

}  // namespace

TEST_CASE("a chain of ten million nodes builds, sweeps and frees without recursion", "[scale]") {
  const int length = sanitized ? 500'000 : 10'000'000;  // sanitizers need several times the memory
  Tensor x = tensor(1.0, {.requires_grad = true});
  {
    Tensor y = x;
    for (int i = 0; i < length; ++i) y = y + 1;
    CHECK(y.dtype() == float32);
    y.backward();
    CHECK(x.grad().item<float>() == 1);
  }
  Tensor y = x;  // freed without a sweep
  for (int i = 0; i < length / 10; ++i) y = y * 1;
  y = Tensor();
  release_cached_memory();
}

TEST_CASE("sixty diamonds, 2^60 paths, are swept in linear time", "[scale]") {
  Tensor x = tensor(1.0, {.dtype = float64, .requires_grad = true});
  Tensor y = x;
  for (int i = 0; i < 60; ++i) y = y + y;
  y.backward();
  CHECK(x.grad().item<double>() == std::ldexp(1.0, 60));
}

TEST_CASE("a deep chain of ops that save nothing stays at a few buffers", "[scale][memory]") {
  constexpr std::int64_t n = 1 << 20, bytes = 4 * n;
  Tensor x = ones({n}, {.requires_grad = true});
  release_cached_memory();
  reset_peak_memory();
  const std::size_t before = memory_stats().current;
  Tensor y = x;
  for (int i = 0; i < 100; ++i) y = (y + 1.0) - x;
  y.backward(ones({n}));
  CHECK(memory_stats().peak - before < 6 * bytes);
  CHECK(x.grad().data<float>()[n - 1] == -99);
}

TEST_CASE("memory is counted, cached and given back", "[memory]") {
  release_cached_memory();
  const MemoryStats before = memory_stats();
  {
    const Tensor big = empty({1 << 20});
    CHECK(memory_stats().current >= before.current + (4U << 20));
    CHECK(memory_stats().peak >= before.current + (4U << 20));
  }
  CHECK(memory_stats().current == before.current);
  CHECK(memory_stats().cached >= before.cached + (4U << 20));
  release_cached_memory();
  CHECK(memory_stats().cached < before.cached + (1U << 20));
}

TEST_CASE("values freed on another thread are reused", "[memory]") {
  const std::size_t before = memory_stats().current;
  std::vector<Tensor> made;
  std::thread([&] {
    for (int i = 0; i < 1000; ++i) made.push_back(full({16}, i));
  }).join();
  CHECK(made[999].data<std::int64_t>()[15] == 999);
  made.clear();
  CHECK(memory_stats().current == before);
}

namespace {
Tensor outlives_main = xgrad::ones({100});  // freed after the thread's own caches
}
TEST_CASE("a static tensor outlives the main thread's cache", "[memory]") {
  outlives_main = outlives_main + 1;
  CHECK(outlives_main.numel() == 100);
}

namespace {

// A few steps of a small network; the loss and the weights of the end.
std::vector<Tensor> train(std::uint64_t seed, DType dtype) {
  manual_seed(seed);
  nn::Linear first(20, 30, {.dtype = dtype}), second(30, 5, {.dtype = dtype});
  TensorList parameters({first.weight, first.bias, second.weight, second.bias});
  optim::SGD optimizer({first.weight, first.bias, second.weight, second.bias},
                       {.lr = 0.1, .momentum = 0.9, .clip_norm = 1.0});
  const Tensor x = randn({16, 20}, {.dtype = dtype}), t = randint(0, 5, {16});
  for (int i = 0; i < 20; ++i) {
    optimizer.zero_grad();
    cross_entropy(second(tanh(first(x))), t).backward();
    optimizer.step();
  }
  return {first.weight, first.bias, second.weight, second.bias};
}

}  // namespace

TEST_CASE("four threads train four models with the bits of one after another", "[threads]") {
  const DType dtype = GENERATE(float32, float64);
  std::vector<std::vector<Tensor>> alone, together(4);
  for (std::uint64_t seed = 0; seed < 4; ++seed) alone.push_back(train(seed, dtype));
  std::vector<std::thread> threads;
  for (std::uint64_t seed = 0; seed < 4; ++seed)
    threads.emplace_back([&, seed] { together[seed] = train(seed, dtype); });
  for (std::thread& t : threads) t.join();
  for (std::size_t m = 0; m < 4; ++m)
    for (std::size_t p = 0; p < 4; ++p)
      CHECK(test::same_bits(alone[m][p].detach(), together[m][p].detach()));
}

TEST_CASE("sweeps from several threads add onto shared leaves", "[threads]") {
  Tensor w = ones({100}, {.dtype = float64, .requires_grad = true});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&w, t] {
      for (int i = 0; i < 50; ++i) ((w * (t + 1)).sum() + w.sum()).backward();
    });
  for (std::thread& t : threads) t.join();
  CHECK(w.grad().data<double>()[7] == 50 * (1 + 2 + 3 + 4 + 4));
}

TEST_CASE("sweeps may share interior nodes if they keep the graph", "[threads]") {
  Tensor w = ones({10}, {.dtype = float64, .requires_grad = true});
  const Tensor shared = w * w + w;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 100; ++i) (shared * 2).sum().backward({}, {.retain_graph = true});
    });
  for (std::thread& t : threads) t.join();
  CHECK(w.grad().data<double>()[3] == 4 * 100 * 2 * 3);
}

TEST_CASE("values cross threads and keep their order in the graph", "[threads]") {
  Tensor x = tensor(2.0, {.requires_grad = true});
  Tensor y;
  for (int i = 0; i < 1000; ++i) y = x * x;  // raises this thread's creation numbers
  Tensor z;
  std::thread([&] { z = y * y; }).join();
  z.backward();
  CHECK(x.grad().item<float>() == 32);
}

TEST_CASE("the number of threads does not change the bits", "[threads]") {
  const int before = num_threads();
  const auto run = [](int threads) {
    set_num_threads(threads);
    manual_seed(4);
    std::vector<Tensor> results;
    for (const DType d : {float32, float64}) {
      Tensor x = randn({300, 411}, {.dtype = d, .requires_grad = true}),
             w = randn({411, 257}, {.dtype = d, .requires_grad = true}),
             b = randn({257}, {.dtype = d, .requires_grad = true}),
             s = randn({1}, {.dtype = d, .requires_grad = true});
      const Tensor y = sigmoid(matmul(x, w) * s + b);
      (log_softmax(y, 1) * y).sum({0}).mean().backward();
      optim::clip_grad_norm_({x, w, b, s}, 0.1);
      for (const Tensor& t : {y.detach(), x.grad(), w.grad(), b.grad(), s.grad(), x.sum().detach()})
        results.push_back(t);
    }
    return results;
  };
  const auto one = run(1), two = run(2), five = run(5);
  for (std::size_t i = 0; i < one.size(); ++i) {
    CHECK(test::same_bits(one[i], two[i]));
    CHECK(test::same_bits(one[i], five[i]));
  }
  set_num_threads(before);
  CHECK(test::throws<ValueError>([] { set_num_threads(0); }, {"set_num_threads"}));
}
