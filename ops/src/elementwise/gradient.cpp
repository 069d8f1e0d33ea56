#include <xgrad/ops/gradient.hpp>

#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>

namespace xgrad {

Tensor stop_gradient(const Tensor& x, Site site) {
  const OpScope scope("stop_gradient", site);
  return x.detach();
}

Tensor scale_gradient(Operand x, double factor) {
  const OpScope scope("scale_gradient", x);
  return record({"scale_gradient", "dx = factor * dy"}, {x}, detail::value_of(x.materialize()),
                save_nothing,
                [factor](const Tensor& dy, Inputs, InputGradients dx) { dx.add(0, dy * factor); });
}

Tensor flip_gradient(Operand x) {
  const OpScope scope("flip_gradient", x);
  return scale_gradient(x, -1);
}

}  // namespace xgrad
