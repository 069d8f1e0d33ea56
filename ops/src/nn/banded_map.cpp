#include "nn/banded_map.hpp"

#include <algorithm>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/reshape.hpp>

#include "sizes.hpp"

namespace xgrad::detail {
namespace {

// (outer, n, inner) to (outer, m, inner) and back, by positions and weights (m, taps).
struct Layout {
  std::int64_t outer = 1, n, m, inner = 1, taps;
};

template <class T>
void apply(const T* x, const std::int64_t* at, const double* weight, const Layout& l, T* y) {
  const std::int64_t grain =
      std::max<std::int64_t>(1, parallel_grain / std::max<std::int64_t>(1, l.m * l.inner * l.taps));
  parallel_ranges(l.outer, grain, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t o = begin; o < end; ++o)
      for (std::int64_t i = 0; i < l.m; ++i) {
        T* const to = y + (o * l.m + i) * l.inner;
        std::fill_n(to, l.inner, T(0));
        for (std::int64_t t = i * l.taps; t < (i + 1) * l.taps; ++t) {
          if (at[t] < 0) continue;
          const T* const from = x + (o * l.n + at[t]) * l.inner;
          const T w = static_cast<T>(weight[t]);
          for (std::int64_t j = 0; j < l.inner; ++j) to[j] += w * from[j];
        }
      }
  });
}
template <class T>
void apply_transposed(const T* y, const std::int64_t* at, const double* weight, const Layout& l,
                      T* x) {
  const std::int64_t grain =
      std::max<std::int64_t>(1, parallel_grain / std::max<std::int64_t>(1, l.m * l.inner * l.taps));
  parallel_ranges(l.outer, grain, [=](std::int64_t begin, std::int64_t end) {
    std::fill_n(x + begin * l.n * l.inner, (end - begin) * l.n * l.inner, T(0));
    for (std::int64_t o = begin; o < end; ++o)
      for (std::int64_t i = 0; i < l.m; ++i) {
        const T* const from = y + (o * l.m + i) * l.inner;
        for (std::int64_t t = i * l.taps; t < (i + 1) * l.taps; ++t) {
          if (at[t] < 0) continue;
          T* const to = x + (o * l.n + at[t]) * l.inner;
          const T w = static_cast<T>(weight[t]);
          for (std::int64_t j = 0; j < l.inner; ++j) to[j] += w * from[j];
        }
      }
  });
}

enum class Way { forward, backward };

Tensor mapped(const char* op, const Operand& x, const Tensor& at, const Tensor& weight, int axis,
              std::int64_t size, Way way) {
  const Tensor source = x.materialize();
  Shape shape = source.shape();
  shape[axis] = size;
  const std::int64_t here = source.size(axis);
  Layout l{1, way == Way::forward ? here : size, way == Way::forward ? size : here, 1, at.size(1)};
  for (int i = 0; i < shape.dim(); ++i)
    if (i != axis) (i < axis ? l.outer : l.inner) *= shape[i];
  Value value = Value::empty(shape, source.dtype());
  dispatch_floating(source.dtype(), [&]<class T>() {
    if (at.numel() == 0) return fill(value, 0);
    const auto run = way == Way::forward ? apply<T> : apply_transposed<T>;
    run(raw<T>(source), raw<std::int64_t>(at), raw<double>(weight), l, value.data<T>());
  });
  return record({op, "dx = the transposed map of dy"}, {x, at, weight}, std::move(value),
                save_input(1) | save_input(2),
                [op, axis, here, way](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Way other = way == Way::forward ? Way::backward : Way::forward;
                  dx.add(0, mapped(op, dy, in[1], in[2], axis, here, other));
                });
}

}  // namespace

void Taps::add_window(std::int64_t start, std::int64_t count, double each) {
  for (std::int64_t t = 0; t < taps; ++t) {
    at.push_back(t < count ? start + t : -1);
    weight.push_back(each);
  }
}

Tensor resample(const char* op, const Operand& x, int axis, std::int64_t size,
                const std::function<Taps()>& taps_of) {
  Shape shape = x.shape();
  shape[axis] = size;
  require_memory(shape, x.dtype());
  // Of a value without elements each element is none: no taps for an axis that may be long.
  const Taps taps = shape.numel() == 0 ? Taps(x.shape()[axis], 0) : taps_of();
  const Shape rows{taps.size(), taps.taps};
  return mapped(op, x, reshape(tensor(taps.at), rows), reshape(tensor(taps.weight), rows), axis,
                size, Way::forward);
}

}  // namespace xgrad::detail
