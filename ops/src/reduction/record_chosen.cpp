#include "reduction/record_chosen.hpp"

#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/reduction.hpp>

#include "reduction/reduced_axes.hpp"

namespace xgrad::detail {
namespace {

// 1 where an element is the one that was chosen from its part, which NaN is for NaN.
Tensor equal_to_chosen(const Tensor& x, const Tensor& y) {
  const Tensor same = eq(x, y), missing = ne(y, y);
  return (any(missing).item<bool>() ? logical_or(same, logical_and(ne(x, x), missing)) : same)
      .to(x.dtype());
}

}  // namespace

Tensor record_chosen(const char* op, const Operand& x, Value value, std::uint64_t bits) {
  return record({op, "dx = dy, divided among the elements equal to y"}, {x}, std::move(value),
                save_inputs | save_output, [bits](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Shape& shape = in.shape(0);
                  const Tensor y = with_kept_axes(in.output().detach(), shape, bits);
                  const Tensor chosen = equal_to_chosen(in[0].detach(), y);
                  const Tensor count =
                      bits == 0 ? chosen : sum(chosen, dims_of(bits, shape.dim()), true);
                  dx.add(0, chosen * (with_kept_axes(dy, shape, bits) / count));
                });
}

}  // namespace xgrad::detail
