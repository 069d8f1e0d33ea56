#include "kernels/layer_norm.hpp"

#include <algorithm>
#include <cmath>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/lane_loops.hpp"

namespace xgrad::detail {
namespace {

// The mean of a row, and the mean of the squared distances from it.
template <class T>
struct Moments {
  T mean, var;
};
struct MomentsOfRow {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, Moments<T>* m) {
    using L = Lane<T, Width>;
    const T count = static_cast<T>(n);
    m->mean = sum_lanes<L>(n, [&](std::int64_t i, int c) { return load<L>(x, i, c); }) / count;
    const L mean(m->mean);
    m->var = sum_lanes<L>(n,
                          [&](std::int64_t i, int c) {
                            const L distance = load<L>(x, i, c) - mean;
                            return distance * distance;
                          }) /
             count;
  }
};
// In double, for rows whose squares overflow or lose their digits near 0.
template <class T>
Moments<double> wide_moments(const T* x, std::int64_t n) {
  double sum = 0, squares = 0;
  for (std::int64_t i = 0; i < n; ++i) sum += static_cast<double>(x[i]);
  const double mean = sum / static_cast<double>(n);
  for (std::int64_t i = 0; i < n; ++i)
    squares += (static_cast<double>(x[i]) - mean) * (static_cast<double>(x[i]) - mean);
  return {mean, squares / static_cast<double>(n)};
}

template <class T>
struct Center {
  T mean, scale;  // xhat = (x - mean) * scale
};
template <class T>
Center<T> center_of(const T* x, const LayerNorm& s) {
  Moments<T> m;
  run_best<MomentsOfRow, const T*, std::int64_t, Moments<T>*>(x, s.n, &m);
  const double var = static_cast<double>(m.var) + s.eps;
  if (var > 1e-28 && var < 1e28) return {m.mean, static_cast<T>(1 / std::sqrt(var))};
  const Moments<double> wide = wide_moments(x, s.n);
  return {static_cast<T>(wide.mean), static_cast<T>(1 / std::sqrt(wide.var + s.eps))};
}

struct NormalizedRow {
  template <class Width, class T>
  static void run(const T* x, Center<T> center, const T* weight, const T* bias, T* y,
                  std::int64_t n) {
    using L = Lane<T, Width>;
    const L mean(center.mean), scale(center.scale);
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      L v = (load<L>(x, i, c) - mean) * scale;
      if (weight != nullptr) v = v * load<L>(weight, i, c);
      if (bias != nullptr) v = v + load<L>(bias, i, c);
      store(v, y, i, c);
    });
  }
};

struct GradientOfRow {
  template <class Width, class T>
  static void run(const T* x, Center<T> center, const T* weight, const T* dy, T* dx,
                  std::int64_t n) {
    using L = Lane<T, Width>;
    const L mean(center.mean), scale(center.scale);
    const auto upstream = [&](std::int64_t i, int c) {
      const L g = load<L>(dy, i, c);
      return weight == nullptr ? g : g * load<L>(weight, i, c);
    };
    const auto xhat = [&](std::int64_t i, int c) { return (load<L>(x, i, c) - mean) * scale; };
    L sum, product;  // upstream is 0 behind the end
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      const L g = upstream(i, c);
      sum += g;
      product += g * xhat(i, c);
    });
    const T count = static_cast<T>(n);
    const L shift(sum.sum() / count), share(product.sum() / count);
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      store((upstream(i, c) - shift - xhat(i, c) * share) * scale, dx, i, c);
    });
  }
};

// dweight += dy xhat, dbias += dy.
struct AddAffineGradients {
  template <class Width, class T>
  static void run(const T* x, Center<T> center, const T* dy, T* dweight, T* dbias, std::int64_t n) {
    using L = Lane<T, Width>;
    const L mean(center.mean), scale(center.scale);
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      const L up = load<L>(dy, i, c);
      store(load<L>(dweight, i, c) + up * (load<L>(x, i, c) - mean) * scale, dweight, i, c);
      store(load<L>(dbias, i, c) + up, dbias, i, c);
    });
  }
};

// Blocks of rows depend on the size alone. Each sums in T, their sums are summed in double.
template <class T>
struct AffineSums {
  static constexpr std::int64_t rows_each = 64;

  explicit AffineSums(const LayerNorm& s)
      : blocks((s.rows + rows_each - 1) / rows_each),
        n(s.n),
        sums(static_cast<std::size_t>(blocks * 2 * s.n), T(0)) {}

  T* weight(std::int64_t block) { return sums.data() + block * 2 * n; }
  T* bias(std::int64_t block) { return weight(block) + n; }
  void total(std::int64_t offset, T* to) const {
    if (to == nullptr) return;
    for (std::int64_t j = 0; j < n; ++j) {
      double sum = 0;
      for (std::int64_t b = 0; b < blocks; ++b)
        sum += static_cast<double>(sums[static_cast<std::size_t>(b * 2 * n + offset + j)]);
      to[j] = static_cast<T>(sum);
    }
  }

  std::int64_t blocks, n;
  ScratchVector<T> sums;
};

template <class T>
void rows_gradient(const LayerNorm& s, const T* x, const T* weight, const T* dy, T* dx) {
  const std::int64_t grain = std::max<std::int64_t>(1, parallel_grain / 4 / s.n);
  parallel_ranges(s.rows, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t at = begin * s.n; at < end * s.n; at += s.n)
      run_best<GradientOfRow, const T*, Center<T>, const T*, const T*, T*, std::int64_t>(
          x + at, center_of(x + at, s), weight, dy + at, dx + at, s.n);
  });
}
template <class T>
void affine_gradient(const LayerNorm& s, const T* x, const T* weight, const T* dy, T* dx,
                     T* dweight, T* dbias) {
  AffineSums<T> sums(s);
  parallel_chunks(sums.blocks, [&](std::int64_t block) {
    const std::int64_t end = std::min(s.rows, (block + 1) * AffineSums<T>::rows_each);
    for (std::int64_t at = block * AffineSums<T>::rows_each * s.n; at < end * s.n; at += s.n) {
      const Center<T> center = center_of(x + at, s);
      if (dx != nullptr)
        run_best<GradientOfRow, const T*, Center<T>, const T*, const T*, T*, std::int64_t>(
            x + at, center, weight, dy + at, dx + at, s.n);
      run_best<AddAffineGradients, const T*, Center<T>, const T*, T*, T*, std::int64_t>(
          x + at, center, dy + at, sums.weight(block), sums.bias(block), s.n);
    }
  });
  sums.total(0, dweight);
  sums.total(s.n, dbias);
}

}  // namespace

void layer_norm(DType dtype, const LayerNorm& s, const void* input, const RowAffine& affine,
                void* output) {
  if (s.n == 0) return;  // of however many rows
  dispatch_floating(dtype, [&]<class T>() {
    const T* const x = static_cast<const T*>(input);
    const std::int64_t grain = std::max<std::int64_t>(1, parallel_grain / 4 / s.n);
    parallel_ranges(s.rows, grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t at = begin * s.n; at < end * s.n; at += s.n)
        run_best<NormalizedRow, const T*, Center<T>, const T*, const T*, T*, std::int64_t>(
            x + at, center_of(x + at, s), static_cast<const T*>(affine.weight),
            static_cast<const T*>(affine.bias), static_cast<T*>(output) + at, s.n);
    });
  });
}

void layer_norm_gradient(DType dtype, const LayerNorm& s, const void* x, const void* weight,
                         const void* dy, const LayerNormGradients& to) {
  if (s.n == 0) return;
  dispatch_floating(dtype, [&]<class T>() {
    const T *const from = static_cast<const T*>(x), *const w = static_cast<const T*>(weight),
                   *const up = static_cast<const T*>(dy);
    T* const dx = static_cast<T*>(to.x);
    if (to.weight == nullptr && to.bias == nullptr)
      rows_gradient(s, from, w, up, dx);
    else
      affine_gradient(s, from, w, up, dx, static_cast<T*>(to.weight), static_cast<T*>(to.bias));
  });
}

}  // namespace xgrad::detail
