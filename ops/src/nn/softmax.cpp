#include <xgrad/ops/softmax.hpp>

#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

#include "axis.hpp"
#include "checks.hpp"
#include "kernels/softmax.hpp"

namespace xgrad {
namespace {

using detail::raw;
using detail::Value;

// An op along lines: its value y by a kernel; its gradient by a kernel, too, or by ops where that
// must be differentiable itself. The rule says what both compute.

struct Softmax {
  static constexpr OpName op{"softmax", "dx = y * (dy - sum(dy * y))"};
  static constexpr auto kernel = detail::softmax;
  static constexpr auto gradient_kernel = detail::softmax_gradient;
  static Tensor gradient(const Tensor& y, const Tensor& dy, int axis) {
    return y * (dy - sum(dy * y, axis, true));
  }
};
struct LogSoftmax {
  static constexpr OpName op{"log_softmax", "dx = dy - softmax(x) * sum(dy)"};
  static constexpr auto kernel = detail::log_softmax;
  static constexpr auto gradient_kernel = detail::log_softmax_gradient;
  static Tensor gradient(const Tensor& y, const Tensor& dy, int axis) {
    return dy - exp(y) * sum(dy, axis, true);
  }
};

template <class Op>
Value value_along(int axis, const Tensor& x) {
  Value y = Value::empty(x.shape(), x.dtype());
  Op::kernel(x.dtype(), detail::split_at(x.shape(), axis), raw<void>(x), y.data<void>());
  return y;
}
template <class Op>
Tensor gradient_along(int axis, const Tensor& y, const Tensor& dy) {
  Value dx = Value::empty(y.shape(), y.dtype());
  Op::gradient_kernel(y.dtype(), detail::split_at(y.shape(), axis), raw<void>(y), raw<void>(dy),
                      dx.data<void>());
  return detail::constant(std::move(dx));
}

template <class Op>
Tensor along(const Operand& x, Dim dim) {
  const OpScope scope(Op::op.name, x);
  detail::check_floating(Op::op.name, x);
  const int axis = detail::wrap_dim(Op::op.name, x, dim);
  return record(
      Op::op, {x}, value_along<Op>(axis, x.materialize()), save_output,
      [axis](const Tensor& dy, Inputs in, InputGradients dx) {
        const Tensor y = in.output();
        dx.add(0, dx.create_graph() ? Op::gradient(y, dy, axis) : gradient_along<Op>(axis, y, dy));
      });
}

}  // namespace

Tensor softmax(Operand x, Dim dim) { return along<Softmax>(x, dim); }
Tensor log_softmax(Operand x, Dim dim) { return along<LogSoftmax>(x, dim); }

Tensor softmin(Operand x, Dim dim) {
  const OpScope scope("softmin", x);
  return softmax(neg(x), dim);
}

}  // namespace xgrad
