#include "elementwise/broadcast_to.hpp"

#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/kernels.hpp>

namespace xgrad::detail {

Tensor broadcast_to(const Operand& x, DType dtype, const Shape& shape) {
  const NoGrad guard;
  const Tensor typed = x.materialize(dtype).to(dtype);
  if (typed.shape() == shape) return typed;
  Value value = Value::empty(shape, dtype);
  expand_into(value_of(typed), value);
  return constant(std::move(value));
}

}  // namespace xgrad::detail
