#include "kernels/layer_norm.hpp"

#include <algorithm>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/column_tiles.hpp"
#include "kernels/lane_loops.hpp"
#include "kernels/row_center.hpp"

namespace xgrad::detail {
namespace {

struct NormalizedRow {
  template <class Width, class T>
  static void run(const T* x, Center<T> center, const T* weight, const T* bias, RowOutput<T> y,
                  std::int64_t n) {
    using L = Lane<T, Width>;
    const L mean(center.mean), scale(center.scale);
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      L v = (load<L>(x, i, c) - mean) * scale;
      if (weight != nullptr) v = v * load<L>(weight, i, c);
      if (bias != nullptr) v = v + load<L>(bias, i, c);
      y.put(v, i, c);
    });
  }
};

// dx, and dweight += dy xhat and dbias += dy, unless they are null.
struct GradientOfRow {
  template <class Width, class T>
  static void run(const T* x, Center<T> center, const T* weight, const T* dy, RowOutput<T> dx,
                  T* dweight, T* dbias, std::int64_t n) {
    using L = Lane<T, Width>;
    const L mean(center.mean), scale(center.scale);
    const auto scaled = [&](const L& up, std::int64_t i, int c) {
      return weight == nullptr ? up : up * load<L>(weight, i, c);
    };
    const auto xhat = [&](std::int64_t i, int c) { return (load<L>(x, i, c) - mean) * scale; };
    std::array<T, 2> sums{};
    if (dx.to != nullptr)
      sums = sums_of_lanes<L, 2>(n, [&](std::int64_t i, int c) {
        const L g = scaled(load<L>(dy, i, c), i, c);
        return std::array<L, 2>{g, g * xhat(i, c)};
      });
    const T count = static_cast<T>(n);
    const L shift(sums[0] / count), share(sums[1] / count);
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      const L up = load<L>(dy, i, c), from_mean = xhat(i, c);
      if (dx.to != nullptr) dx.put((scaled(up, i, c) - shift - from_mean * share) * scale, i, c);
      if (dweight == nullptr) return;
      store(load<L>(dweight, i, c) + up * from_mean, dweight, i, c);
      store(load<L>(dbias, i, c) + up, dbias, i, c);
    });
  }
};

// What a gradient is computed from.
template <class T>
struct GradientInputs {
  const T *x, *weight, *dy;
  const Center<T>* centers;

  void run_row(const LayerNorm& s, std::int64_t k, const RowOutput<T>& dx, T* dweight,
               T* dbias) const {
    run_best<GradientOfRow, const T*, Center<T>, const T*, const T*, RowOutput<T>, T*, T*,
             std::int64_t>(x + k * s.n, centers[k], weight, dy + k * s.n, dx, dweight, dbias, s.n);
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
void rows_gradient(const LayerNorm& s, const GradientInputs<T>& from, T* dx) {
  for_streamed_rows({s.rows, s.n, 1}, dtype_of<T>, [&](std::int64_t k, bool streamed) {
    from.run_row(s, k, {dx + k * s.n, streamed}, nullptr, nullptr);
  });
}
template <class T>
void affine_gradient(const LayerNorm& s, const GradientInputs<T>& from, T* dx, T* dweight,
                     T* dbias) {
  AffineSums<T> sums(s);
  const bool streamed = dx != nullptr && is_streamed(s.rows * s.n, dtype_of<T>);
  parallel_chunks(sums.blocks, [&](std::int64_t block) {
    const std::int64_t end = std::min(s.rows, (block + 1) * AffineSums<T>::rows_each);
    for (std::int64_t k = block * AffineSums<T>::rows_each; k < end; ++k)
      from.run_row(s, k, {dx == nullptr ? dx : dx + k * s.n, streamed}, sums.weight(block),
                   sums.bias(block));
    if (streamed) stream_fence();
  });
  sums.total(0, dweight);
  sums.total(s.n, dbias);
}

}  // namespace

void layer_norm(DType dtype, const LayerNorm& s, const void* input, const NormAffine& affine,
                void* output, void* centers) {
  if (s.n == 0) return;  // of however many rows
  dispatch_floating(dtype, [&]<class T>() {
    const T* const x = static_cast<const T*>(input);
    for_streamed_rows({s.rows, s.n, 1}, dtype, [&](std::int64_t row, bool streamed) {
      const T* const from = x + row * s.n;
      const Center<T> center = static_cast<Center<T>*>(centers)[row] = center_of(from, s.n, s.eps);
      run_best<NormalizedRow, const T*, Center<T>, const T*, const T*, RowOutput<T>, std::int64_t>(
          from, center, static_cast<const T*>(affine.weight), static_cast<const T*>(affine.bias),
          {static_cast<T*>(output) + row * s.n, streamed && input != output}, s.n);
    });
  });
}

void layer_norm_gradient(DType dtype, const LayerNorm& s, const void* x, const void* weight,
                         const void* centers, const void* dy, const NormGradients& to) {
  if (s.n == 0) return;
  dispatch_floating(dtype, [&]<class T>() {
    const GradientInputs<T> from{static_cast<const T*>(x), static_cast<const T*>(weight),
                                 static_cast<const T*>(dy), static_cast<const Center<T>*>(centers)};
    T* const dx = static_cast<T*>(to.x);
    if (to.weight == nullptr && to.bias == nullptr)
      rows_gradient(s, from, dx);
    else
      affine_gradient(s, from, dx, static_cast<T*>(to.weight), static_cast<T*>(to.bias));
  });
}

}  // namespace xgrad::detail
