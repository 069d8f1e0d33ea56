#include <xgrad/graph/array_op.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace xgrad::detail {

void throw_not_broadcasting(const char* part, std::span<const Tensor> arrays) {
  std::string shapes;
  for (const Tensor& t : arrays) shapes += (shapes.empty() ? "" : ", ") + describe(t);
  throw ShapeError(
      fmt::format("shapes do not broadcast in the {}, which is computed from {}; pad "
                  "them with xt::newaxis() or reduce with xt::keep_dims",
                  part, shapes));
}

void check_gradient_shape(int input, const Shape& expected, const Shape& actual) {
  if (actual == expected || broadcast_of(expected, actual) == actual) return;
  throw ShapeError(
      fmt::format("the local gradient gives {} for input {}, whose shape is {}; it "
                  "must have that shape, or one that the input broadcasts to",
                  to_string(actual), input, to_string(expected)));
}

DType float_dtype(std::span<const Operand> operands) {
  const DType dtype = result_type(operands.data(), operands.size());
  return is_floating(dtype) ? dtype : get_default_dtype();
}

Tensor float_input(const Operand& operand, int i, DType dtype) {
  if (operand.is_number()) return operand.materialize(dtype);
  if (!is_floating(operand.dtype()))
    throw DTypeError(
        fmt::format("input {} is {}; array ops take float32 and float64: convert it "
                    "with x.to(float32), or write the op with record",
                    i, describe(operand)));
  return operand.tensor().to(dtype, operand.site());
}

}  // namespace xgrad::detail
