#include "kernels/softmax.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/ops/formula/lane_functions.hpp>

#include "kernels/lane_loops.hpp"

namespace xgrad::detail {
namespace {

template <class T>
T row_max(const T* x, std::int64_t n) {
  T largest = -std::numeric_limits<T>::infinity();
  for (std::int64_t i = 0; i < n; ++i) largest = x[i] > largest || x[i] != x[i] ? x[i] : largest;
  return largest;
}

struct SoftmaxRow {
  template <class Width, class T>
  static void run(const T* x, T* y, std::int64_t n) {
    using L = Lane<T, Width>;
    const L largest(row_max(x, n));
    L total;
    for_lanes<L>(n, [&](std::int64_t i, int count) {
      const L e = exp(load<L>(x, i, count) - largest);
      store(e, y, i, count);
      total += e.first(count);
    });
    const L scale(T(1) / total.sum());
    for_lanes<L>(
        n, [&](std::int64_t i, int count) { store(load<L>(y, i, count) * scale, y, i, count); });
  }
};

struct LogSoftmaxRow {
  template <class Width, class T>
  static void run(const T* x, T* y, std::int64_t n) {
    using L = Lane<T, Width>;
    const L largest(row_max(x, n));
    L total;
    for_lanes<L>(n, [&](std::int64_t i, int count) {
      total += exp(load<L>(x, i, count) - largest).first(count);
    });
    const L log_total = log(L(total.sum()));
    for_lanes<L>(n, [&](std::int64_t i, int count) {
      store(load<L>(x, i, count) - largest - log_total, y, i, count);
    });
  }
};

struct SoftmaxGradientRow {
  template <class Width, class T>
  static void run(const T* y, const T* dy, T* dx, std::int64_t n) {
    using L = Lane<T, Width>;
    L total;  // loads give 0 behind the end
    for_lanes<L>(n, [&](std::int64_t i, int c) { total += load<L>(y, i, c) * load<L>(dy, i, c); });
    const L sum(total.sum());
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      store(load<L>(y, i, c) * (load<L>(dy, i, c) - sum), dx, i, c);
    });
  }
};

struct LogSoftmaxGradientRow {
  template <class Width, class T>
  static void run(const T* y, const T* dy, T* dx, std::int64_t n) {
    using L = Lane<T, Width>;
    L total;
    for_lanes<L>(n, [&](std::int64_t i, int c) { total += load<L>(dy, i, c); });
    const L sum(total.sum());
    for_lanes<L>(n, [&](std::int64_t i, int c) {
      store(load<L>(dy, i, c) - exp(load<L>(y, i, c)) * sum, dx, i, c);
    });
  }
};

// Runs a kernel over every row along the axis; rows that do not lie in one piece are copied.
template <class Kernel, class T, std::size_t inputs>
void for_rows(const AxisSplit& s, const T* const (&in)[inputs], T* out) {
  if (s.numel() == 0) return;  // of however many rows
  const std::int64_t grain =
      std::max<std::int64_t>(1, parallel_grain / 4 / std::max<std::int64_t>(1, s.size));
  const auto run = [&](const T* const(&x)[inputs], T* y) {
    if constexpr (inputs == 1)
      run_best<Kernel, const T*, T*, std::int64_t>(x[0], y, s.size);
    else
      run_best<Kernel, const T*, const T*, T*, std::int64_t>(x[0], x[1], y, s.size);
  };
  parallel_ranges(s.lines(), grain, [&](std::int64_t begin, std::int64_t end) {
    ScratchVector<T> workspace(s.inner == 1 ? 0 : static_cast<std::size_t>(s.size) * (inputs + 1));
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t at = s.start_of(r);
      const T* x[inputs];
      for (std::size_t k = 0; k < inputs; ++k) {
        x[k] = in[k] + at;
        if (s.inner == 1) continue;
        T* const column = workspace.data() + static_cast<std::int64_t>(k) * s.size;
        for (std::int64_t i = 0; i < s.size; ++i) column[i] = in[k][at + i * s.inner];
        x[k] = column;
      }
      T* const y =
          s.inner == 1 ? out + at : workspace.data() + static_cast<std::int64_t>(inputs) * s.size;
      run(x, y);
      if (s.inner != 1)
        for (std::int64_t i = 0; i < s.size; ++i) out[at + i * s.inner] = y[i];
    }
  });
}

template <class Kernel>
void map(DType dtype, const AxisSplit& lines, const void* x, void* y) {
  dispatch_floating(dtype, [&]<class T>() {
    const T* const in[] = {static_cast<const T*>(x)};
    for_rows<Kernel>(lines, in, static_cast<T*>(y));
  });
}
template <class Kernel>
void map(DType dtype, const AxisSplit& lines, const void* y, const void* dy, void* dx) {
  dispatch_floating(dtype, [&]<class T>() {
    const T* const in[] = {static_cast<const T*>(y), static_cast<const T*>(dy)};
    for_rows<Kernel>(lines, in, static_cast<T*>(dx));
  });
}

}  // namespace

void softmax(DType dtype, const AxisSplit& lines, const void* x, void* y) {
  map<SoftmaxRow>(dtype, lines, x, y);
}
void softmax_gradient(DType dtype, const AxisSplit& lines, const void* y, const void* dy,
                      void* dx) {
  map<SoftmaxGradientRow>(dtype, lines, y, dy, dx);
}
void log_softmax(DType dtype, const AxisSplit& lines, const void* x, void* y) {
  map<LogSoftmaxRow>(dtype, lines, x, y);
}
void log_softmax_gradient(DType dtype, const AxisSplit& lines, const void* y, const void* dy,
                          void* dx) {
  map<LogSoftmaxGradientRow>(dtype, lines, y, dy, dx);
}

}  // namespace xgrad::detail
