#include "movement/along_lines.hpp"

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "axis.hpp"
#include "kernels/along_lines.hpp"
#include "kernels/rows.hpp"
#include "movement/gather_rows.hpp"

namespace xgrad::detail {
namespace {

constexpr OpName added{"scatter_add", "dx = dy, gathered at the elements that were added to"};

PositionsAlong positions_over(const AxisSplit& lines, const Tensor& index) {
  const std::int64_t lying = lines.lines();
  return {lines, lying == 0 ? 0 : index.numel() / lying, positions_of(index)};
}

// Elements of a tensor instead of positions along its lines.
Tensor elements_at(const AxisSplit& lines, const Tensor& index) {
  const Tensor elements = new_positions(index.shape());
  elements_along(positions_over(lines, index), positions_of(elements));
  return elements;
}

// Throws if the kernel says that a position is outside.
void check_fits(const OpName& op, bool fits, const Tensor& index, const AxisSplit& lines) {
  if (!fits) checked_positions(op.name, index, lines.size, /*wraps=*/false);
}

void add_gradient(const AxisSplit& lines, const Tensor& dy, Inputs in, InputGradients dx) {
  const bool rows = lines.inner == 1;
  if (dx.create_graph() || !rows) {
    const Tensor at = elements_at(lines, in[1]);
    if (dx.create_graph()) return dx.add(0, scatter_add_rows(added, dy, at, 1, in.shape(0)));
    const InputGradients::Buffer buffer = dx.buffer(0);
    return scatter_add_rows(dy.dtype(), {at.numel(), lines.numel(), 1}, raw<void>(dy),
                            positions_of(at), buffer.accumulate, buffer.data);
  }
  const InputGradients::Buffer buffer = dx.buffer(0);
  add_along(dy.dtype(), positions_over(lines, in[1]), raw<void>(dy),
            buffer.accumulate ? buffer.data : nullptr, buffer.data);
}

}  // namespace

bool lies_over(const Tensor& index, const Shape& x, int axis) {
  bool lies = index.dtype() == int64 && x.dim() > 0 && index.dim() == x.dim();
  for (int i = 0; lies && i < x.dim(); ++i) lies = i == axis || index.size(i) == x[i];
  return lies;
}

Tensor gather_along(const OpName& op, const Operand& x, int axis, const Tensor& index) {
  const Tensor source = x.materialize();
  const AxisSplit lines = split_at(source.shape(), axis);
  Value value = Value::empty(index.shape(), source.dtype());
  const bool fits = gather_along(source.dtype(), positions_over(lines, index), raw<void>(source),
                                 value.data<void>());
  check_fits(op, fits, index, lines);
  return record(
      op, {x, index}, std::move(value), save_input(1),
      [lines](const Tensor& dy, Inputs in, InputGradients dx) { add_gradient(lines, dy, in, dx); });
}

Tensor add_along(const OpName& op, const Operand& x, const Tensor& index, const Tensor& src) {
  const Tensor base = x.materialize();
  const int last = base.dim() - 1;
  const AxisSplit lines = split_at(base.shape(), last);
  Value value = Value::empty(base.shape(), base.dtype());
  const bool fits = add_along(base.dtype(), positions_over(lines, index), raw<void>(src),
                              raw<void>(base), value.data<void>());
  check_fits(op, fits, index, lines);
  return record(op, {x, index, src}, std::move(value), save_input(1),
                [last](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.wants(0)) dx.add(0, dy);
                  if (dx.wants(2)) dx.add(2, gather_along("gather", dy, last, in[1]));
                });
}

}  // namespace xgrad::detail
