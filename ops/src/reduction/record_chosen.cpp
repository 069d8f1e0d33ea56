#include "reduction/record_chosen.hpp"

#include <optional>

#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/reduction.hpp>

#include "kernels/extreme.hpp"
#include "reduction/reduced_axes.hpp"

namespace xgrad::detail {
namespace {

// 1 where an element is the one that was chosen from its part, which NaN is for NaN.
Tensor equal_to_chosen(const Tensor& x, const Tensor& y) {
  const Tensor same = eq(x, y), missing = ne(y, y);
  return (any(missing).item<bool>() ? logical_or(same, logical_and(ne(x, x), missing)) : same)
      .to(x.dtype());
}

// The lines that are reduced, if all reduced axes lie next to each other and there are several
// lines.
std::optional<AxisSplit> lines_along(const Shape& shape, std::uint64_t bits) {
  AxisSplit lines{1, 1, 1};
  bool reduced = false;
  for (const AxisRun& run : axis_runs(shape, axes_of(bits, shape.dim()))) {
    if (run.reduced && reduced) return {};
    (run.reduced ? lines.size : reduced ? lines.inner : lines.outer) *= run.size;
    reduced = reduced || run.reduced;
  }
  if (lines.lines() == 1 || lines.numel() == 0) return {};
  return lines;
}

Tensor gradient_along(const AxisSplit& lines, const Tensor& x, const Tensor& y, const Tensor& dy) {
  Value dx = Value::empty(x.shape(), x.dtype());
  extreme_gradient(x.dtype(), lines, raw<void>(x), raw<void>(y), raw<void>(dy), dx.data<void>());
  return constant(std::move(dx));
}

Tensor composed_gradient(const Tensor& x, const Tensor& output, const Tensor& dy,
                         std::uint64_t bits) {
  const Shape& shape = x.shape();
  const Tensor y = with_kept_axes(output.detach(), shape, bits);
  const Tensor chosen = equal_to_chosen(x.detach(), y);
  const Tensor count = bits == 0 ? chosen : sum(chosen, dims_of(bits, shape.dim()), true);
  return chosen * (with_kept_axes(dy, shape, bits) / count);
}

}  // namespace

Tensor record_chosen(const char* op, const Operand& x, Value value, std::uint64_t bits) {
  return record({op, "dx = dy, divided among the elements equal to y"}, {x}, std::move(value),
                save_inputs | save_output, [bits](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor from = in[0], y = in.output();
                  const auto lines = lines_along(from.shape(), bits);
                  const bool by_kernel = lines && !dx.create_graph();
                  dx.add(0, by_kernel ? gradient_along(*lines, from, y, dy)
                                      : composed_gradient(from, y, dy, bits));
                });
}

}  // namespace xgrad::detail
