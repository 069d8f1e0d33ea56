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
using detail::split_at;
using detail::Value;

template <class Kernel>
Value along(int axis, const Tensor& x, Kernel kernel) {
  Value y = Value::empty(x.shape(), x.dtype());
  kernel(x.dtype(), split_at(x.shape(), axis), raw<void>(x), y.data<void>());
  return y;
}
template <class Kernel>
Tensor along(int axis, const Tensor& y, const Tensor& dy, Kernel kernel) {
  Value dx = Value::empty(y.shape(), y.dtype());
  kernel(y.dtype(), split_at(y.shape(), axis), raw<void>(y), raw<void>(dy), dx.data<void>());
  return detail::constant(std::move(dx));
}

int checked_dim(const char* op, const Operand& x, int dim) {
  detail::check_floating(op, x);
  return detail::wrap_dim(op, x, dim);
}

}  // namespace

Tensor softmax(Operand x, Dim dim) {
  const OpScope scope("softmax", x);
  const int axis = checked_dim("softmax", x, dim);
  return record({"softmax", "dx = y * (dy - sum(dy * y))"}, {x},
                along(axis, x.materialize(), detail::softmax), save_output,
                [axis](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor y = in.output();
                  dx.add(0, dx.create_graph() ? y * (dy - sum(dy * y, axis, true))
                                              : along(axis, y, dy, detail::softmax_gradient));
                });
}

Tensor log_softmax(Operand x, Dim dim) {
  const OpScope scope("log_softmax", x);
  const int axis = checked_dim("log_softmax", x, dim);
  return record({"log_softmax", "dx = dy - softmax(x) * sum(dy)"}, {x},
                along(axis, x.materialize(), detail::log_softmax), save_output,
                [axis](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor y = in.output();
                  dx.add(0, dx.create_graph() ? dy - exp(y) * sum(dy, axis, true)
                                              : along(axis, y, dy, detail::log_softmax_gradient));
                });
}

Tensor softmin(Operand x, Dim dim) {
  const OpScope scope("softmin", x);
  return softmax(neg(x), dim);
}

}  // namespace xgrad
