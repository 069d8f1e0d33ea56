#include "kernels/batch_norm.hpp"

#include <algorithm>
#include <cmath>

#include <xgrad/graph/parallel.hpp>

#include "kernels/lane_loops.hpp"

namespace xgrad::detail {
namespace {

struct SumOfRow {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, T* sum) {
    using L = Lane<T, Width>;
    *sum = sum_lanes<L>(n, [&](std::int64_t i, int c) { return load<L>(x, i, c); });
  }
};
struct SquaresOfRow {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, T mean, T* sum) {
    using L = Lane<T, Width>;
    const L center(mean);
    *sum = sum_lanes<L>(n, [&](std::int64_t i, int c) {
      const L distance = load<L>(x, i, c) - center;
      return distance * distance;
    });
  }
};
// y = (x - mean) scale + shift.
struct ScaledRow {
  template <class Width, class T>
  static void run(const T* x, std::int64_t n, T mean, T scale, T shift, T* y) {
    using L = Lane<T, Width>;
    const L center(mean), by(scale), up(shift);
    for_lanes<L>(
        n, [&](std::int64_t i, int c) { store((load<L>(x, i, c) - center) * by + up, y, i, c); });
  }
};
// The sums of dy and of dy (x - mean).
struct GradientSums {
  template <class Width, class T>
  static void run(const T* x, const T* dy, std::int64_t n, T mean, T* sum, T* product) {
    using L = Lane<T, Width>;
    const L center(mean);
    L s, p;  // dy is 0 behind the end
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      const L up = load<L>(dy, i, c);
      s += up;
      p += up * (load<L>(x, i, c) - center);
    });
    *sum = s.sum();
    *product = p.sum();
  }
};
// dx = (dy - shift - (x - mean) share) scale.
template <class T>
struct RowGradient {
  T mean, scale, shift, share;
};
struct GradientOfRow {
  template <class Width, class T>
  static void run(const T* x, const T* dy, std::int64_t n, RowGradient<T> g, T* dx) {
    using L = Lane<T, Width>;
    const L mean(g.mean), scale(g.scale), shift(g.shift), share(g.share);
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      store((load<L>(dy, i, c) - shift - (load<L>(x, i, c) - mean) * share) * scale, dx, i, c);
    });
  }
};

// Calls f(c) for each channel; a channel is one thread's.
template <class F>
void for_channels(const AxisSplit& s, F f) {
  const std::int64_t each = std::max<std::int64_t>(1, s.outer * s.inner);
  parallel_ranges(s.size, std::max<std::int64_t>(1, parallel_grain / each),
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t c = begin; c < end; ++c) f(c);
                  });
}
// The sum, over all samples, of what f(first element) gives for a channel's rows.
template <class F>
double sum_of_rows(const AxisSplit& s, std::int64_t channel, F f) {
  double total = 0;
  for (std::int64_t o = 0; o < s.outer; ++o)
    total += static_cast<double>(f((o * s.size + channel) * s.inner));
  return total;
}

template <class T>
const T* as(const void* x) {
  return static_cast<const T*>(x);
}
template <class T>
double scale_of(const ChannelNorm& norm, std::int64_t c) {
  return 1 / std::sqrt(static_cast<double>(as<T>(norm.var)[c]) + norm.eps);
}
template <class T>
double weight_of(const ChannelNorm& norm, std::int64_t c) {
  return norm.weight == nullptr ? 1 : static_cast<double>(as<T>(norm.weight)[c]);
}

}  // namespace

void channel_moments(DType dtype, const AxisSplit& s, const void* input, void* mean, void* var) {
  const auto count = static_cast<double>(s.outer * s.inner);
  dispatch_floating(dtype, [&]<class T>() {
    const T* const x = as<T>(input);
    for_channels(s, [&](std::int64_t c) {
      const double center =
          sum_of_rows(s, c,
                      [&](std::int64_t at) {
                        T sum;
                        run_best<SumOfRow, const T*, std::int64_t, T*>(x + at, s.inner, &sum);
                        return sum;
                      }) /
          count;
      const T rounded = static_cast<T>(center);
      const double squares = sum_of_rows(s, c, [&](std::int64_t at) {
        T sum;
        run_best<SquaresOfRow, const T*, std::int64_t, T, T*>(x + at, s.inner, rounded, &sum);
        return sum;
      });
      static_cast<T*>(mean)[c] = rounded;
      static_cast<T*>(var)[c] = static_cast<T>(squares / count);
    });
  });
}

void batch_norm(DType dtype, const AxisSplit& s, const ChannelNorm& norm, const void* x, void* y) {
  dispatch_floating(dtype, [&]<class T>() {
    const std::int64_t grain = parallel_grain / std::max<std::int64_t>(1, s.inner);
    parallel_ranges(s.outer * s.size, std::max<std::int64_t>(1, grain),
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t k = begin; k < end; ++k) {
                        const std::int64_t c = k % s.size;
                        const T scale =
                            static_cast<T>(scale_of<T>(norm, c) * weight_of<T>(norm, c));
                        run_best<ScaledRow, const T*, std::int64_t, T, T, T, T*>(
                            as<T>(x) + k * s.inner, s.inner, as<T>(norm.mean)[c], scale,
                            norm.bias == nullptr ? T(0) : as<T>(norm.bias)[c],
                            static_cast<T*>(y) + k * s.inner);
                      }
                    });
  });
}

void batch_norm_gradient(DType dtype, const AxisSplit& s, const ChannelNorm& norm,
                         const void* input, const void* upstream, void* dx, void* dweight,
                         void* dbias) {
  const auto count = static_cast<double>(s.outer * s.inner);
  dispatch_floating(dtype, [&]<class T>() {
    const T *const x = as<T>(input), *const dy = as<T>(upstream);
    for_channels(s, [&](std::int64_t c) {
      const T mean = as<T>(norm.mean)[c];
      double product = 0;
      const double sum = sum_of_rows(s, c, [&](std::int64_t at) {
        T up, with_x;
        run_best<GradientSums, const T*, const T*, std::int64_t, T, T*, T*>(
            x + at, dy + at, s.inner, mean, &up, &with_x);
        product += static_cast<double>(with_x);
        return up;
      });
      const double scale = scale_of<T>(norm, c);
      static_cast<T*>(dweight)[c] = static_cast<T>(product * scale);
      static_cast<T*>(dbias)[c] = static_cast<T>(sum);
      if (dx == nullptr) return;
      const RowGradient<T> g{mean, static_cast<T>(scale * weight_of<T>(norm, c)),
                             static_cast<T>(sum / count),
                             static_cast<T>(scale * scale * product / count)};
      for (std::int64_t o = 0; o < s.outer; ++o) {
        const std::int64_t at = (o * s.size + c) * s.inner;
        run_best<GradientOfRow, const T*, const T*, std::int64_t, RowGradient<T>, T*>(
            x + at, dy + at, s.inner, g, static_cast<T*>(dx) + at);
      }
    });
  });
}

}  // namespace xgrad::detail
