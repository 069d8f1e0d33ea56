#include "movement/strided_copy.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/record.hpp>

#include "sizes.hpp"

namespace xgrad::detail {
namespace {

// The same elements in the same order, with as few axes as it takes; at least one.
StridedRegion merged(const StridedRegion& view) {
  StridedRegion m;
  m.offset = view.offset;
  for (int i = 0; i < view.axes; ++i) {
    if (view.size[i] == 1) continue;
    if (m.axes > 0 && m.stride[m.axes - 1] == view.stride[i] * view.size[i]) {
      m.size[m.axes - 1] *= view.size[i];
      m.stride[m.axes - 1] = view.stride[i];
    } else {
      m.add_axis(view.size[i], view.stride[i]);
    }
  }
  if (m.axes == 0) m.add_axis(1, 1);
  return m;
}

// Calls f(position of its first element in the value, in the selection) for each innermost row.
template <class F>
void for_rows(const StridedRegion& m, F f) {
  const int inner = m.axes - 1;
  std::int64_t rows = 1;
  for (int i = 0; i < inner; ++i) rows *= m.size[i];
  const std::int64_t n = m.size[inner];
  if (n == 0) return;
  parallel_ranges(rows, std::max<std::int64_t>(1, parallel_grain / n),
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t row = begin; row < end; ++row) {
                      std::int64_t at = m.offset, rest = row;
                      for (int i = inner; i-- > 0; rest /= m.size[i])
                        at += rest % m.size[i] * m.stride[i];
                      f(at, row * n);
                    }
                  });
}

template <class T>
void copy_out(const T* value, const StridedRegion& m, T* selection) {
  const std::int64_t n = m.size[m.axes - 1], step = m.stride[m.axes - 1];
  for_rows(m, [=](std::int64_t at, std::int64_t to) {
    if (step == 1) {
      std::copy_n(value + at, n, selection + to);
      return;
    }
    for (std::int64_t i = 0; i < n; ++i) selection[to + i] = value[at + i * step];
  });
}
template <class T, class Put>
void copy_in(const T* selection, const StridedRegion& m, T* value, Put put) {
  const std::int64_t n = m.size[m.axes - 1], step = m.stride[m.axes - 1];
  for_rows(m, [=](std::int64_t at, std::int64_t from) {
    if (step == 1)
      for (std::int64_t i = 0; i < n; ++i) put(value[at + i], selection[from + i]);
    else
      for (std::int64_t i = 0; i < n; ++i) put(value[at + i * step], selection[from + i]);
  });
}

void add_into_selection(const Tensor& dy, const StridedRegion& view, const Shape& shape,
                        InputGradients dx) {
  const InputGradients::Buffer buffer = dx.buffer(0);
  dispatch_floating(dy.dtype(), [&]<class T>() {
    T* const to = static_cast<T*>(buffer.data);
    if (!buffer.accumulate) std::fill_n(to, shape.numel(), T(0));
    copy_in(raw<T>(dy), merged(view), to, [](T& a, T b) { a += b; });
  });
}

}  // namespace

StridedRegion StridedRegion::row_major(const Shape& shape) {
  StridedRegion view;
  view.axes = shape.dim();
  std::int64_t step = 1;
  for (int i = shape.dim(); i-- > 0;) {
    view.size[i] = shape[i];
    view.stride[i] = step;
    step = saturated_product(step, std::max<std::int64_t>(1, shape[i]));
  }
  return view;
}

Tensor as_strided_copy(const char* op, const Operand& x, const Shape& shape,
                       const StridedRegion& view) {
  const Tensor source = x.materialize();
  Value value = Value::empty(shape, source.dtype());
  if (shape.numel() > 0)
    dispatch(value.dtype,
             [&]<class T>() { copy_out(raw<T>(source), merged(view), value.data<T>()); });
  return record({op, "dx = dy in the part taken, 0 around it"}, {x}, std::move(value), save_nothing,
                [view](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.create_graph() || dy.numel() == 0)
                    dx.add(0, as_strided_scatter(dy, in.shape(0), view));
                  else
                    add_into_selection(dy, view, in.shape(0), dx);
                });
}

Tensor as_strided_scatter(const Tensor& x, const Shape& shape, const StridedRegion& view) {
  Value value = Value::empty(shape, x.dtype());
  fill(value, 0);
  if (x.numel() > 0)
    dispatch(value.dtype, [&]<class T>() {
      copy_in(raw<T>(x), merged(view), value.data<T>(), [](T& a, T b) { a = b; });
    });
  return record("as_strided_scatter", {x}, std::move(value), save_nothing,
                [view](const Tensor& dy, Inputs in, InputGradients dx) {
                  dx.add(0, as_strided_copy("as_strided_copy", dy, in.shape(0), view));
                });
}

}  // namespace xgrad::detail
