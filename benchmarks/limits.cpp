#include "limits.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <memory>

#include <cblas.h>
#include <omp.h>
#ifdef XGRAD_ONEDNN
#include <oneapi/dnnl/dnnl.h>
#endif

namespace bench {
namespace {

using Floats = std::vector<float>;

void copy(const float* from, float* to, std::int64_t n) {
#pragma omp parallel for simd schedule(static)
  for (std::int64_t i = 0; i < n; ++i) to[i] = from[i];
}
void fill(float* to, std::int64_t n) {
#pragma omp parallel for simd schedule(static)
  for (std::int64_t i = 0; i < n; ++i) to[i] = 1;
}
// Bits, which may be summed in any order.
float read(const float* from, std::int64_t n) {
  std::uint32_t sum = 0;
#pragma omp parallel for simd schedule(static) reduction(+ : sum)
  for (std::int64_t i = 0; i < n; ++i) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, from + i, sizeof bits);
    sum += bits;
  }
  return static_cast<float>(sum & 1);
}

template <class F>
double best_seconds(F f) {
  using Clock = std::chrono::steady_clock;
  double best = 1e9;
  for (int round = 0; round < 7; ++round) {
    const auto start = Clock::now();
    f();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return best;
}

// As many independent sums as hide the latency, as many numbers in each as a register holds.
#ifdef __AVX512F__
constexpr int lane = 16;
#elif defined(__AVX2__)
constexpr int lane = 8;
#else
constexpr int lane = 4;
#endif
using Lane __attribute__((vector_size(lane * sizeof(float)))) = float;
constexpr int sums = 12;

float multiply_add(std::int64_t times) {
  std::array<Lane, sums> all;
  for (int i = 0; i < sums; ++i) all[i] = Lane{} + static_cast<float>(i);  // or few would do for all
  const Lane a = Lane{} + 0.999F, b = Lane{} + 0.001F;
  for (std::int64_t t = 0; t < times; ++t) {
#pragma GCC unroll 12
    for (Lane& x : all) x = x * a + b;
  }
  Lane total{};
  for (const Lane& x : all) total += x;
  return total[0];
}

double peak_gflops(int threads) {
  constexpr std::int64_t times = 4'000'000;
  volatile float sink = 0;
  const double seconds = best_seconds([&] {
#pragma omp parallel num_threads(threads)
    sink = multiply_add(times);
  });
  return 2e-9 * static_cast<double>(times) * sums * lane * threads / seconds;
}

}  // namespace

Work stream(double bytes_read, double bytes_written) {
  struct State {
    Floats from, to;
    std::int64_t read, written;
    volatile float sink = 0;
  };
  const auto floats = [](double bytes) { return static_cast<std::int64_t>(bytes / sizeof(float)); };
  auto s = std::make_shared<State>();
  s->read = floats(bytes_read);
  s->written = floats(bytes_written);
  s->from.resize(static_cast<std::size_t>(s->read), 1);
  s->to.resize(static_cast<std::size_t>(s->written), 1);
  return {[s] {
            const std::int64_t both = std::min(s->read, s->written);
            copy(s->from.data(), s->to.data(), both);
            s->sink = read(s->from.data() + both, s->read - both);
            fill(s->to.data() + both, s->written - both);
          },
          [] { return Answer{}; }};
}

Work gemm(std::int64_t m, std::int64_t k, std::int64_t n) {
  struct State {
    Floats a, b, c;
  };
  auto s = std::make_shared<State>();
  s->a.resize(static_cast<std::size_t>(m * k), 1);
  s->b.resize(static_cast<std::size_t>(k * n), 1);
  s->c.resize(static_cast<std::size_t>(m * n));
  return {[=] {
#ifdef XGRAD_ONEDNN
            dnnl_sgemm('N', 'N', m, n, k, 1, s->a.data(), k, s->b.data(), n, 0, s->c.data(), n);
#else
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(m),
                        static_cast<int>(n), static_cast<int>(k), 1, s->a.data(),
                        static_cast<int>(k), s->b.data(), static_cast<int>(n), 0, s->c.data(),
                        static_cast<int>(n));
#endif
          },
          [] { return Answer{}; }};
}

std::vector<Limit> measured_limits(int threads) {
  omp_set_num_threads(threads);
  constexpr double bytes = 64 << 20;
  std::vector<Limit> all;
  const auto bandwidth = [&](const char* name, double read, double written) {
    const Work w = stream(read, written);
    w.run();
    all.push_back({name, 1e-9 * (read + written) / best_seconds(w.run), "GB/s"});
  };
  bandwidth("copy, 64 MiB to 64 MiB", bytes, bytes);
  bandwidth("read 64 MiB", bytes, 0);
  bandwidth("write 64 MiB", 0, bytes);
  all.push_back({"fused multiply-add, float32", peak_gflops(threads), "GFLOP/s"});
  const std::int64_t shapes[][3] = {{64, 784, 128}, {256, 1024, 1024}, {1024, 128, 512}};
  for (const auto& [m, k, n] : shapes) {
    const Work w = gemm(m, k, n);
    w.run();
    all.push_back({"gemm " + std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n),
                   2e-9 * static_cast<double>(m * k * n) / best_seconds(w.run), "GFLOP/s"});
  }
  return all;
}

}  // namespace bench
