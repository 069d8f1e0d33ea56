#include "kernels/scan.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/graph/wrapping.hpp>

#include "kernels/column_tiles.hpp"
#include "kernels/lane_loops.hpp"

namespace xgrad::detail {
namespace {

// Calls f(o) for blocks of lines (size, inner) that share a first index.
template <class F>
void for_blocks(const AxisSplit& s, F f) {
  if (s.numel() == 0) return;  // of however many lines
  const std::int64_t grain = std::max<std::int64_t>(1, parallel_grain / (s.size * s.inner));
  parallel_ranges(s.outer, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o) f(o);
  });
}

template <class T>
using TotalOf = std::conditional_t<std::is_floating_point_v<T>, double, T>;

// Operations, with what changes no number: -0 of sums, since 0 would change -0.
struct Sum {
  template <class T>
  static constexpr T nothing = std::is_floating_point_v<T> ? static_cast<T>(-0.0) : T(0);
  static auto of(const auto& a, const auto& b) { return a + b; }
  static std::int64_t of(std::int64_t a, std::int64_t b) { return wrapping_add(a, b); }
};
struct Product {
  template <class T>
  static constexpr T nothing = T(1);
  static auto of(const auto& a, const auto& b) { return a * b; }
  static std::int64_t of(std::int64_t a, std::int64_t b) { return wrapping_mul(a, b); }
};

// Running sums or products of a row, a lane at a time: those within it, and what is before it on
// top.
template <class Operation>
struct RunningRow {
  template <class Width, class T>
  static void run(const T* x, T* y, std::int64_t n, Direction direction) {
    if (direction == Direction::forward)
      along<Width, true>(x, y, n);
    else
      along<Width, false>(x, y, n);
  }

 private:
  template <class Width, bool forward, class T>
  static void along(const T* x, T* y, std::int64_t n) {
    using L = Lane<TotalOf<T>, Width>;
    L before(Operation::template nothing<TotalOf<T>>);
    std::int64_t done = 0;
    for (; done + L::size <= n; done += L::size) {
      const std::int64_t at = forward ? done : n - done - L::size;
      L lane;
      for (int k = 0; k < L::size; ++k) lane.v[k] = static_cast<TotalOf<T>>(x[at + k]);
      lane = Operation::of(within<forward, 1>(lane), before);
      for (int k = 0; k < L::size; ++k) y[at + k] = static_cast<T>(lane.v[k]);
      before = L(lane.v[forward ? L::size - 1 : 0]);
    }
    TotalOf<T> total = before.v[0];
    for (; done < n; ++done) {
      const std::int64_t at = forward ? done : n - 1 - done;
      total = Operation::of(total, static_cast<TotalOf<T>>(x[at]));
      y[at] = static_cast<T>(total);
    }
  }
  template <bool forward, int by, class L>
  static L within(const L& a) {
    if constexpr (by >= L::size) {
      return a;
    } else {
      const L none(Operation::template nothing<typename L::Element>);
      return within<forward, 2 * by>(
          Operation::of(a, a.template shifted<(forward ? -by : by)>(none)));
    }
  }
};
template <class Operation, class T>
void run_along_rows(const AxisSplit& s, Direction direction, const T* x, T* y) {
  for_rows(s, [&](std::int64_t k) {
    run_best<RunningRow<Operation>, const T*, T*, std::int64_t, Direction>(
        x + k * s.size, y + k * s.size, s.size, direction);
  });
}

// y[i] = next(y[i - 1], x[i]), or y[i + 1], of lines side by side.
template <class T, class F>
void run_along(const AxisSplit& s, Direction direction, const T* x, T* y, F next) {
  for_blocks(s, [&](std::int64_t o) {
    ScratchVector<TotalOf<T>> totals(static_cast<std::size_t>(s.inner));
    for (std::int64_t i = 0; i < s.size; ++i) {
      const std::int64_t row = direction == Direction::forward ? i : s.size - 1 - i;
      const T* const from = x + (o * s.size + row) * s.inner;
      T* const to = y + (o * s.size + row) * s.inner;
      for (std::int64_t j = 0; j < s.inner; ++j) {
        auto& total = totals[static_cast<std::size_t>(j)];
        const auto now = static_cast<TotalOf<T>>(from[j]);
        total = i == 0 ? now : next(total, now);
        to[j] = static_cast<T>(total);
      }
    }
  });
}

template <class Operation>
void run(DType dtype, const AxisSplit& s, Direction direction, const void* x, void* y) {
  dispatch(dtype, [&]<class T>() {
    const T* const from = static_cast<const T*>(x);
    T* const to = static_cast<T*>(y);
    if constexpr (std::is_same_v<T, bool>)
      return;  // sums of bools are those of integers
    else if (s.inner == 1)
      run_along_rows<Operation>(s, direction, from, to);
    else
      run_along(s, direction, from, to,
                [](const auto& a, const auto& b) { return Operation::of(a, b); });
  });
}

double log_of_sum(double a, double b) {
  if (a == b && std::isinf(a)) return a;
  return a != a || b != b ? a + b : std::max(a, b) + std::log1p(std::exp(-std::abs(a - b)));
}

template <class T>
bool takes_over(Extreme which, T now, T held) {
  if (now != now) return true;
  return held == held && (which == Extreme::largest ? now >= held : now <= held);
}

}  // namespace

void running_sum(DType dtype, const AxisSplit& lines, Direction direction, const void* x, void* y) {
  run<Sum>(dtype, lines, direction, x, y);
}

void running_product(DType dtype, const AxisSplit& lines, const void* x, void* y) {
  run<Product>(dtype, lines, Direction::forward, x, y);
}

void running_logsumexp(DType dtype, const AxisSplit& lines, const void* x, void* y) {
  dispatch_floating(dtype, [&]<class T>() {
    run_along(lines, Direction::forward, static_cast<const T*>(x), static_cast<T*>(y),
              [](double sum, double next) { return log_of_sum(next, sum); });
  });
}

void running_extreme(DType dtype, const AxisSplit& s, Extreme which, const void* x,
                     std::int64_t* elements, std::int64_t* places) {
  dispatch(dtype, [&]<class T>() {
    const T* const from = static_cast<const T*>(x);
    for_blocks(s, [&](std::int64_t o) {
      std::int64_t k = o * s.size * s.inner;
      for (std::int64_t i = 0; i < s.size; ++i)
        for (std::int64_t j = 0; j < s.inner; ++j, ++k) {
          const bool mine = i == 0 || takes_over(which, from[k], from[elements[k - s.inner]]);
          elements[k] = mine ? k : elements[k - s.inner];
          places[k] = mine ? i : places[k - s.inner];
        }
    });
  });
}

namespace {

// s[k] = a[k] s[k - 1] + b[k] along lines of n elements that follow each other, side by side: each
// waits for its own last number alone.
template <int lines, class T>
void recur_side_by_side(std::int64_t n, Direction direction, const T* a, const T* b,
                        const bool* restarts, T* s) {
  T last[lines] = {};
  for (std::int64_t i = 0; i < n; ++i)
    for (int k = 0; k < lines; ++k) {
      const std::int64_t at = k * n + (direction == Direction::forward ? i : n - 1 - i);
      const bool starts = i == 0 || (restarts != nullptr && restarts[at]);
      last[k] = starts ? b[at] : a[at] * last[k] + b[at];
      s[at] = last[k];
    }
}
template <class T>
void recur_rows(const AxisSplit& lines, Direction direction, const T* a, const T* b,
                const bool* restarts, T* s) {
  constexpr int together = 4;
  const std::int64_t n = lines.size;
  const auto part = [n](auto* p, std::int64_t row) { return p == nullptr ? p : p + row * n; };
  parallel_ranges(lines.outer, std::max<std::int64_t>(1, parallel_grain / n),
                  [&](std::int64_t at, std::int64_t end) {
                    for (; at + together <= end; at += together)
                      recur_side_by_side<together>(n, direction, part(a, at), part(b, at),
                                                   part(restarts, at), part(s, at));
                    for (; at < end; ++at)
                      recur_side_by_side<1>(n, direction, part(a, at), part(b, at),
                                            part(restarts, at), part(s, at));
                  });
}

}  // namespace

void linear_recurrence(DType dtype, const AxisSplit& lines, Direction direction, const void* a,
                       const void* b, const bool* restarts, void* s) {
  const bool forward = direction == Direction::forward;
  const std::int64_t inner = lines.inner, n = lines.size, step = forward ? inner : -inner;
  dispatch_floating(dtype, [&]<class T>() {
    const T *const p = static_cast<const T*>(a), *const q = static_cast<const T*>(b);
    T* const y = static_cast<T*>(s);
    if (inner == 1 && n > 0) return recur_rows(lines, direction, p, q, restarts, y);
    for_blocks(lines, [&](std::int64_t o) {
      std::int64_t at = o * n * inner + (forward ? 0 : (n - 1) * inner);
      std::copy_n(q + at, inner, y + at);
      for (std::int64_t k = 1; k < n; ++k) {
        at += step;
        for (std::int64_t j = 0; j < inner; ++j) {
          const T next = p[at + j] * y[at - step + j] + q[at + j];
          y[at + j] = restarts != nullptr && restarts[at + j] ? q[at + j] : next;
        }
      }
    });
  });
}

}  // namespace xgrad::detail
