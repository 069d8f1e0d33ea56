#include "movement/strided_copy.hpp"

#include <algorithm>

#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/record.hpp>

#include "sizes.hpp"

namespace xgrad::detail {
static_assert(StridedRegion::max_axes == max_dim);

StridedRegion row_major(const Shape& shape) {
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
  copy_from_region(value.dtype, view, raw<void>(source), value.data<void>());
  return record({op, "dx = dy at the selected elements, 0 elsewhere"}, {x}, std::move(value),
                save_nothing, [view](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.create_graph() || dy.numel() == 0)
                    return dx.add(0, as_strided_scatter(dy, in.shape(0), view));
                  const InputGradients::Buffer buffer = dx.buffer(0);
                  add_into_region(dy.dtype(), view, in.shape(0).numel(), raw<void>(dy),
                                  buffer.accumulate, buffer.data);
                });
}

Tensor as_strided_scatter(const Tensor& x, const Shape& shape, const StridedRegion& view) {
  Value value = Value::empty(shape, x.dtype());
  fill(value, 0);
  copy_into_region(value.dtype, view, raw<void>(x), value.data<void>());
  return record("as_strided_scatter", {x}, std::move(value), save_nothing,
                [view](const Tensor& dy, Inputs in, InputGradients dx) {
                  dx.add(0, as_strided_copy("as_strided_copy", dy, in.shape(0), view));
                });
}

}  // namespace xgrad::detail
