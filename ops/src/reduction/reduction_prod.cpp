// The product over an axis.
#include <xgrad/ops/reduction.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/reshape.hpp>

#include "axis.hpp"
#include "kernels/reduce.hpp"
#include "reduction/reduced_axes.hpp"

namespace xgrad {
namespace {

using detail::raw;
using detail::split_at;
using detail::Value;

bool all_usable(const Tensor& y) {
  const Tensor size = abs(y.detach());
  return sum(logical_and(size > 0, size < INFINITY)).item<std::int64_t>() == y.numel();
}

// The same by ops, to be differentiated again: by division where no product is 0 or infinite.
Tensor product_of_others(const Tensor& x, const Tensor& y, const Tensor& up, int axis) {
  if (all_usable(y)) return up * y / x;
  const std::vector<Tensor> parts = unbind(axis < 0 ? flatten(x) : x, std::max(axis, 0));
  std::vector<Tensor> others;
  Tensor product = ones_like(parts[0].detach());
  for (const Tensor& part : parts) {
    others.push_back(product);
    product = product * part;
  }
  product = ones_like(parts[0].detach());
  for (std::size_t i = parts.size(); i-- > 0;) {
    others[i] = others[i] * product;
    product = product * parts[i];
  }
  return up * reshape(stack(others, std::max(axis, 0)), x.shape());
}

void add_gradient(const Tensor& dy, int axis, Inputs in, InputGradients dx) {
  const Shape& shape = in.shape(0);
  if (!dx.create_graph()) {
    Value value = Value::empty(shape, dy.dtype());
    detail::product_gradient(dy.dtype(), split_at(shape, axis), raw<void>(in[0]), raw<void>(dy),
                             value.data<void>());
    return dx.add(0, detail::constant(std::move(value)));
  }
  Shape kept = shape;
  for (int i = 0; i < kept.dim(); ++i)
    if (axis < 0 || i == axis) kept[i] = 1;
  dx.add(0, product_of_others(in[0], reshape(in.output(), kept), reshape(dy, kept), axis));
}

}  // namespace

Tensor prod(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("prod", x);
  const detail::Axes axes = detail::axes_of("prod", x, dims);
  if (dims.list().size() > 1)
    throw ShapeError(
        fmt::format("prod: {} dims for {}; pass one dim, or none to multiply all elements",
                    dims.list().size(), describe(x)));
  const int axis =
      dims.empty() || x.shape().dim() == 0 ? -1 : detail::wrap_dim("prod", x, dims.list().front());
  const Tensor source = x.dtype() == bool_ ? x.materialize().to(int64) : x.materialize();
  Value value = Value::empty(
      keepdim ? detail::kept_shape(x.shape(), axes) : detail::dropped_shape(x.shape(), axes),
      source.dtype());
  detail::reduce_to_product(source.dtype(), split_at(source.shape(), axis), raw<void>(source),
                            value.data<void>());
  return record({"prod", "dx = dy * the product of the other elements"}, {x}, std::move(value),
                save_inputs | save_output, [axis](const Tensor& dy, Inputs in, InputGradients dx) {
                  add_gradient(dy, axis, in, dx);
                });
}

}  // namespace xgrad
