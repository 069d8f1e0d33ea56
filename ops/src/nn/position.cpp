#include <xgrad/ops/position.hpp>

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad {
namespace {

void check_base(const char* op, double base) {
  if (!(base > 0 && std::isfinite(base)))
    throw ValueError(fmt::format("{}: base is {}; it must be positive", op, base));
}

// position / base^(2 i / dim) for i below dim / 2, along a new last axis. Integers are exact in
// float64, where products with them keep digits that the sine of a large angle needs.
Tensor angles(const Tensor& positions, std::int64_t dim, double base) {
  const DType dtype = is_floating(positions.dtype()) ? positions.dtype() : float64;
  const Tensor i = arange(dim / 2, {.dtype = dtype});
  const Tensor frequencies = exp(i * (-2 * std::log(base) / static_cast<double>(dim)));
  return unsqueeze(positions.to(dtype), -1) * frequencies;
}

// The first and the second elements of all pairs, (..., E / 2) each.
std::pair<Tensor, Tensor> pairs_of(const Tensor& x, bool interleaved) {
  const std::int64_t half = x.size(-1) / 2;
  if (!interleaved) return {narrow(x, -1, 0, half), narrow(x, -1, half, half)};
  const Tensor pairs = unflatten(x, -1, {half, 2});
  return {select(pairs, -1, 0), select(pairs, -1, 1)};
}
Tensor joined(const Tensor& first, const Tensor& second, bool interleaved) {
  return interleaved ? flatten(stack({first, second}, -1), -2) : cat({first, second}, -1);
}

}  // namespace

Tensor sinusoidal_embedding(Operand positions, std::int64_t dim, double base,
                            std::optional<DType> dtype) {
  const OpScope scope("sinusoidal_embedding", positions);
  if (dim < 2 || dim % 2 != 0)
    throw ValueError(
        fmt::format("sinusoidal_embedding: dim is {}; it must be even and positive", dim));
  check_base("sinusoidal_embedding", base);
  if (positions.dtype() == bool_ || (dtype && !is_floating(*dtype)))
    throw DTypeError(
        fmt::format("sinusoidal_embedding: positions is {}, dtype {}; positions must not be bool, "
                    "and dtype must be float32 or float64",
                    describe(positions), name(dtype.value_or(get_default_dtype()))));
  const DType result =
      dtype.value_or(is_floating(positions.dtype()) ? positions.dtype() : get_default_dtype());
  const Tensor angle = angles(positions.materialize(), dim, base);
  return joined(sin(angle).to(result), cos(angle).to(result), true);
}

namespace {

void check_rotated(const Operand& x, const RotaryOptions& o) {
  if (x.shape().dim() < 2 || x.shape().back() % 2 != 0)
    throw ShapeError(fmt::format("rotary_embedding: x is {}; it must be (..., L, E) with an even E",
                                 describe(x)));
  if (!is_floating(x.dtype()))
    throw DTypeError(
        fmt::format("rotary_embedding: x is {}; it must be float32 or float64", describe(x)));
  check_base("rotary_embedding", o.base);
}

// 0 to L - 1, or the given ones where they broadcast to the axes of x before the last.
Tensor positions_of(const Tensor& x, const RotaryOptions& o) {
  if (!o.positions.defined()) return arange(x.size(-2));
  const Shape axes(x.shape().begin(), static_cast<std::size_t>(x.dim() - 1));
  if (detail::broadcast_of(o.positions.shape(), axes) != axes)
    throw ShapeError(
        fmt::format("rotary_embedding: positions is {}; it must broadcast to {}, the sizes of x "
                    "without the last dim",
                    describe(o.positions), to_string(axes)));
  if (o.positions.dtype() == bool_)
    throw DTypeError("rotary_embedding: positions is bool; it must be int64, float32 or float64");
  return o.positions.detach();
}

}  // namespace

Tensor rotary_embedding(Operand x, const RotaryOptions& o) {
  const OpScope scope("rotary_embedding", x);
  check_rotated(x, o);
  const Tensor source = x.materialize();
  if (source.size(-1) == 0) return source;
  const Tensor angle = angles(positions_of(source, o), source.size(-1), o.base);
  const Tensor c = cos(angle).to(source.dtype()), s = sin(angle).to(source.dtype());
  const auto [first, second] = pairs_of(source, o.interleaved);
  return joined(first * c - second * s, first * s + second * c, o.interleaved);
}

}  // namespace xgrad
