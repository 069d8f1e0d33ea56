#include "in_place.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad {
namespace {

// "add" of "add_".
std::string_view function_of(std::string_view op) { return op.substr(0, op.size() - 1); }

// What to write instead of a change in place.
std::string instead_of(std::string_view op) {
  for (const std::string_view fill :
       {"copy_", "fill_", "zero_", "uniform_", "normal_", "bernoulli_"})
    if (op == fill) return "bind x to a new tensor, such as full_like(x, 0)";
  return fmt::format("write x = x.{}(...), which binds x to a new value", function_of(op));
}

// Whether a tensor of dtype `to` can store results of dtype `from`. float64 results are rounded to
// float32.
bool can_hold(DType to, DType from) { return std::min(from, float32) <= std::min(to, float32); }

Tensor& checked(const char* op, TensorMembers& members, std::initializer_list<Operand> operands,
                Site site) {
  const OpScope scope(op, site);
  Tensor& tensor = static_cast<Tensor&>(members);
  if (!tensor.is_leaf())
    throw GraphError(
        fmt::format("{}: {} was computed by {} (at {}:{}), and only leaves change in place; {}, or "
                    "change x.detach() or x.clone()",
                    op, detail::describe(tensor), tensor.node().function()->op,
                    tensor.site().file == nullptr ? "?" : tensor.site().file, tensor.site().line,
                    instead_of(op)));
  for (const Operand& operand : operands)
    if (detail::grad_enabled && operand.requires_grad())
      throw GraphError(fmt::format(
          "{}: the operand {} requires a gradient, and a change in place records none; {}, or "
          "change x in a scope with NoGrad",
          op, describe(operand), instead_of(op)));
  return tensor;
}

}  // namespace

InPlace::InPlace(const char* op, TensorMembers& tensor, std::initializer_list<Operand> operands,
                 Site site)
    : op_(op), tensor_(checked(op, tensor, operands, site)), scope_(op, site), site_(site) {}

Tensor& InPlace::write(const Tensor& result) const {
  if (result.shape() != tensor_.shape())
    throw ShapeError(fmt::format(
        "{}: the result has shape {}, the tensor {}; in place, the result must have the same shape",
        op_, to_string(result.shape()), detail::describe(tensor_)));
  if (!can_hold(tensor_.dtype(), result.dtype()))
    throw DTypeError(
        fmt::format("{}: the result is {}, which {} cannot hold; write x = x.{}(...), or convert x "
                    "with .to({})",
                    op_, name(result.dtype()), detail::describe(tensor_), function_of(op_),
                    name(result.dtype())));
  tensor_.assign(result, site_);
  return tensor_;
}

}  // namespace xgrad
