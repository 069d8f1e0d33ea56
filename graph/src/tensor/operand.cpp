#include <xgrad/graph/operand.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/kernels.hpp>

namespace xgrad {
namespace detail {

std::optional<Shape> broadcast_of(const Shape& a, const Shape& b) {
  const Shape& longer = a.dim() >= b.dim() ? a : b;
  const Shape& shorter = a.dim() >= b.dim() ? b : a;
  Shape shape = longer;
  const int extra = longer.dim() - shorter.dim();
  for (int i = 0; i < shorter.dim(); ++i) {
    std::int64_t& size = shape[i + extra];
    if (size == 1)
      size = shorter[i];
    else if (shorter[i] != 1 && shorter[i] != size)
      return std::nullopt;
  }
  return shape;
}

}  // namespace detail

void Operand::throw_undefined() const {
  throw GraphError(
      "undefined operand: the tensor has no value. It may be the .grad of a leaf that no sweep has "
      "reached yet, the .grad of a computed tensor (`x -= y` binds x to one), or a tensor that was "
      "moved from",
      site_);
}

const Shape& Operand::shape() const {
  static const Shape scalar;
  return is_number() ? scalar : node().shape;
}

Tensor Operand::materialize(DType dtype) const {
  if (!is_number()) return *tensor_;
  if (dtype == int64 && number_type_ == float32 && !(std::abs(number<double>()) < 0x1p63))
    throw ValueError(fmt::format("{} cannot be converted to int64; it must be finite and in "
                                 "int64's range",
                                 number<double>()),
                     site_);
  detail::Value value = detail::Value::empty({}, dtype);
  dispatch(dtype, [&]<class T>() { *value.data<T>() = number<T>(); });
  return detail::constant(std::move(value), site_);
}

std::string describe(const Operand& operand) {
  if (!operand.is_number()) return detail::describe(operand.tensor());
  return is_floating(operand.dtype()) ? fmt::format("{}", operand.number<double>())
                                      : fmt::format("{}", operand.number<std::int64_t>());
}

DType result_type(const Operand* operands, std::size_t count) {
  const auto group_of = [](const Operand& x) { return x.is_number() ? 2 : x.shape().dim() == 0; };
  const auto kind = [](DType d) { return std::min(d, DType::float32); };
  std::optional<DType> result;
  for (int group = 0; group < 3; ++group) {
    std::optional<DType> highest;
    for (const Operand& x : std::span(operands, count))
      if (group_of(x) == group) highest = std::max(highest.value_or(x.dtype()), x.dtype());
    if (highest && (!result || kind(*highest) > kind(*result))) result = highest;
  }
  return result.value_or(get_default_dtype());
}

Shape broadcast_shape(const char* op, const Operand& a, const Operand& b) {
  std::optional<Shape> shape = detail::broadcast_of(a.shape(), b.shape());
  if (shape) return *std::move(shape);
  throw ShapeError(fmt::format("{}: {} and {} do not broadcast: aligned at the last dim, sizes "
                               "must be equal or 1",
                               op, describe(a), describe(b)),
                   a.site());
}

}  // namespace xgrad
