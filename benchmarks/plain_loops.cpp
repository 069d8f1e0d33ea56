#include "plain_loops.hpp"

#include <cmath>
#include <memory>
#include <vector>

namespace plain_loops {
namespace {

struct Arrays {
  std::int64_t n;
  std::vector<float> x, w, b, y, gx, gw, gb, gy;
  explicit Arrays(std::int64_t count)
      : n(count), x(size()), w(x), b(x), y(x), gx(x), gw(x), gb(x), gy(size(), 1.0f) {
    const bench::Input input{{n}};
    input.fill(x.data(), 0);
    input.fill(w.data(), 1);
    input.fill(b.data(), 2);
  }
  std::size_t size() const { return static_cast<std::size_t>(n); }
};

void forward(const float* x, const float* w, const float* b, std::int64_t n, float* y) {
#pragma omp parallel for simd schedule(static)
  for (std::int64_t i = 0; i < n; ++i)
    y[i] = std::tanh(x[i] * w[i] + b[i]) / (1.0f + std::exp(-x[i]));
}
void backward(const Arrays& a, float* gx, float* gw, float* gb) {
  const float *const x = a.x.data(), *const w = a.w.data(), *const b = a.b.data(),
                     *const gy = a.gy.data();
#pragma omp parallel for simd schedule(static)
  for (std::int64_t i = 0; i < a.n; ++i) {
    const float t = std::tanh(x[i] * w[i] + b[i]), s = 1.0f / (1.0f + std::exp(-x[i]));
    const float inner = gy[i] * s * (1.0f - t * t);
    gx[i] = inner * w[i] + gy[i] * t * s * (1.0f - s);
    gw[i] = inner * x[i];
    gb[i] = inner;
  }
}

}  // namespace

bench::Work chain(std::int64_t n, bool both) {
  using bench::Digest;
  auto a = std::make_shared<Arrays>(n);
  return {[a, both] {
            forward(a->x.data(), a->w.data(), a->b.data(), a->n, a->y.data());
            if (both) backward(*a, a->gx.data(), a->gw.data(), a->gb.data());
          },
          [a, both] {
            bench::Answer all{Digest::of(a->y.data(), a->n)};
            if (both)
              for (const auto* g : {&a->gx, &a->gw, &a->gb})
                all.push_back(Digest::of(g->data(), a->n));
            return all;
          }};
}

}  // namespace plain_loops
