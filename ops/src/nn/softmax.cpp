#include <xgrad/ops/softmax.hpp>

#include <algorithm>
#include <limits>
#include <vector>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/formula/lane_functions.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

#include "axis.hpp"
#include "checks.hpp"

namespace xgrad {
namespace {

using detail::AxisSplit;
using detail::Lane;
using detail::split_at;
using detail::Value;

// Calls f(lane, at, count) along a row; the last lane may hold fewer than its size.
template <class L, class F>
void for_lanes(std::int64_t n, F f) {
  for (std::int64_t i = 0; i < n; i += L::size)
    f(i, static_cast<int>(std::min<std::int64_t>(L::size, n - i)));
}
template <class L, class T>
L load(const T* x, std::int64_t i, int count) {
  return count == L::size ? L::load(x + i) : L::load(x + i, count);
}
template <class L, class T>
void store(const L& lane, T* y, std::int64_t i, int count) {
  if (count == L::size)
    lane.store(y + i);
  else
    lane.store(y + i, count);
}
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
  const std::int64_t grain =
      std::max<std::int64_t>(1, detail::parallel_grain / 4 / std::max<std::int64_t>(1, s.size));
  const auto run = [&](const T* const(&x)[inputs], T* y) {
    if constexpr (inputs == 1)
      detail::run_best<Kernel, const T*, T*, std::int64_t>(x[0], y, s.size);
    else
      detail::run_best<Kernel, const T*, const T*, T*, std::int64_t>(x[0], x[1], y, s.size);
  };
  detail::parallel_ranges(s.outer * s.inner, grain, [&](std::int64_t begin, std::int64_t end) {
    detail::ScratchVector<T> workspace(
        s.inner == 1 ? 0 : static_cast<std::size_t>(s.size) * (inputs + 1));
    for (std::int64_t r = begin; r < end; ++r) {
      const std::int64_t at = r / s.inner * s.size * s.inner + r % s.inner;
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
Value mapped_rows(const Tensor& x, int dim) {
  Value value = Value::empty(x.shape(), x.dtype());
  dispatch_floating(x.dtype(), [&]<class T>() {
    if (value.shape.numel() == 0) return;  // of however many rows
    const T* const in[] = {detail::raw<T>(x)};
    for_rows<Kernel>(split_at(x.shape(), dim), in, value.data<T>());
  });
  return value;
}
template <class Kernel>
Tensor mapped_rows(const Tensor& y, const Tensor& dy, int dim) {
  Value value = Value::empty(y.shape(), y.dtype());
  dispatch_floating(y.dtype(), [&]<class T>() {
    if (value.shape.numel() == 0) return;  // of however many rows
    const T* const in[] = {detail::raw<T>(y), detail::raw<T>(dy)};
    for_rows<Kernel>(split_at(y.shape(), dim), in, value.data<T>());
  });
  return detail::constant(std::move(value));
}

int checked_dim(const char* op, const Operand& x, int dim) {
  detail::check_floating(op, x);
  return detail::wrap_dim(op, x, dim);
}

}  // namespace

Tensor softmax(Operand x, Dim dim) {
  const OpScope scope("softmax", x);
  const int axis = checked_dim("softmax", x, dim);
  return record({"softmax", "dx = y * (dy - sum(dy * y))"}, {x},
                mapped_rows<SoftmaxRow>(x.materialize(), axis), save_output,
                [axis](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor y = in.output();
                  dx.add(0, dx.create_graph() ? y * (dy - sum(dy * y, axis, true))
                                              : mapped_rows<SoftmaxGradientRow>(y, dy, axis));
                });
}

Tensor log_softmax(Operand x, Dim dim) {
  const OpScope scope("log_softmax", x);
  const int axis = checked_dim("log_softmax", x, dim);
  return record({"log_softmax", "dx = dy - softmax(x) * sum(dy)"}, {x},
                mapped_rows<LogSoftmaxRow>(x.materialize(), axis), save_output,
                [axis](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor y = in.output();
                  dx.add(0, dx.create_graph() ? dy - exp(y) * sum(dy, axis, true)
                                              : mapped_rows<LogSoftmaxGradientRow>(y, dy, axis));
                });
}

Tensor softmin(Operand x, Dim dim) {
  const OpScope scope("softmin", x);
  return softmax(neg(x), dim);
}

}  // namespace xgrad
