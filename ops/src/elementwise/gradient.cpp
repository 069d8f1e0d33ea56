#include <xgrad/ops/gradient.hpp>

#include <xgrad/graph/op_call.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>

namespace xgrad {

Tensor stop_gradient(const Tensor& x, Site site) {
  const detail::OpCall call("stop_gradient", site);
  return x.detach();
}

Tensor scale_gradient(Operand x, double factor) {
  const detail::OpCall call("scale_gradient", x.site());
  return record({"scale_gradient", "dx = factor * dy"}, {x}, detail::value_of(x.materialize()),
                save_nothing,
                [factor](const Tensor& dy, Inputs, InputGradients dx) { dx.add(0, dy * factor); });
}

Tensor flip_gradient(Operand x) {
  const detail::OpCall call("flip_gradient", x.site());
  return scale_gradient(x, -1);
}

}  // namespace xgrad
