#include "autograd/tensor_ops.hpp"

#include <cstring>

#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/record.hpp>

namespace xgrad::detail {
namespace {

Value copy_of(const Tensor& tensor) {
  Value copy = Value::empty(tensor.shape(), tensor.dtype());
  std::memcpy(copy.storage->data(), tensor.node().storage->data(),
              static_cast<std::size_t>(tensor.numel()) * size_of(tensor.dtype()));
  return copy;
}

// The gradient of a sum back is an expansion, that of an expansion a sum back.
Tensor expanded(const Tensor& gradient, const Shape& shape) {
  Value value = Value::empty(shape, gradient.dtype());
  expand_into(value_of(gradient), value);
  return record("expand", {gradient}, std::move(value), save_nothing,
                [](const Tensor& dy, Inputs, InputGradients dx) { dx.add(0, dy); });
}

}  // namespace

Tensor sum_to_shape(const Tensor& x, const Shape& shape) {
  return record(
      "sum_to", {x}, sum_to(value_of(x), shape), save_nothing,
      [](const Tensor& dy, Inputs in, InputGradients dx) { dx.add(0, expanded(dy, in.shape(0))); });
}

Tensor accumulate(Tensor&& a, Tensor&& b) {
  if (grad_enabled && (a.requires_grad() || b.requires_grad())) {
    Value sum{StorageRef(), a.shape(), a.dtype()};
    {
      const NoGrad guard;
      sum = value_of(accumulate(a.clone(), Tensor(b)));
    }
    return record("add", {a, b}, std::move(sum), save_nothing,
                  [](const Tensor& dy, Inputs, InputGradients dx) {
                    if (dx.wants(0)) dx.add(0, dy);
                    if (dx.wants(1)) dx.add(1, dy);
                  });
  }
  if (!sole_owner(a.node())) a.swap(b);
  Tensor sum = sole_owner(a.node()) ? std::move(a) : a.detach().clone();
  add_in_place(value_of(sum), value_of(b));
  return sum;
}

}  // namespace xgrad::detail

namespace xgrad {

Tensor Tensor::clone(Site site) const {
  const OpScope scope("clone", site);
  return record({"clone", "dx = dy"}, {Operand(*this, site)}, detail::copy_of(*this), save_nothing,
                [](const Tensor& dy, Inputs, InputGradients dx) { dx.add(0, dy); });
}

Tensor Tensor::to(DType dtype, Site site) const {
  const OpScope scope("to", site);
  if (dtype == this->dtype()) return *this;
  return record({"to", "dx = dy, converted back"}, {Operand(*this, site)},
                detail::convert(detail::value_of(*this), dtype), save_nothing,
                [](const Tensor& dy, Inputs, InputGradients dx) { dx.add(0, dy); });
}

}  // namespace xgrad
