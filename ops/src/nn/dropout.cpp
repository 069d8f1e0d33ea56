#include <xgrad/ops/dropout.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>

#include "kernels/dropout.hpp"

namespace xgrad {
namespace {

using detail::DropoutChoice;
using detail::raw;
using detail::Value;

Tensor dropped(const Operand& x, const DropoutChoice& choice) {
  const Tensor source = x.tensor();
  Value value = Value::empty(source.shape(), source.dtype());
  detail::dropout(source.dtype(), source.numel(), choice, raw<void>(source), value.data<void>());
  return record({"dropout", "dx = dy / (1 - p) where x was kept, else 0"}, {x}, std::move(value),
                save_nothing, [choice](const Tensor& dy, Inputs, InputGradients dx) {
                  dx.add(0, dropped(dy, choice));
                });
}

Tensor floating(const char* op, const Operand& x, double p) {
  if (!(p >= 0 && p <= 1))
    throw ValueError(fmt::format("{}: p is {}; it must be in [0, 1]", op, p));
  const Tensor source = x.materialize(get_default_dtype());
  if (!is_floating(source.dtype()))
    throw DTypeError(fmt::format("{}: {} must be float32 or float64", op, describe(x)));
  return source;
}

Tensor dropped(const Operand& x, double p, Generator* generator) {
  Generator& from = generator != nullptr ? *generator : default_generator();
  const auto steps = static_cast<std::uint64_t>((x.shape().numel() + 3) / 4);
  return dropped(x, DropoutChoice{from.seed(), from.skip(steps), p});
}

// 1 / (1 - p) with probability 1 - p, else 0: for each of the first axes, 1 along the others.
Tensor factors(const Tensor& x, int axes, double p, Generator* generator) {
  Shape shape = x.shape();
  for (int i = axes; i < shape.dim(); ++i) shape[i] = 1;
  return dropped(ones(shape, {.dtype = x.dtype()}), p, generator);
}

Tensor channels_dropped(const char* op, const Operand& x, int sizes, double p, bool training,
                        Generator* generator) {
  const OpScope scope(op, x);
  const Tensor source = floating(op, x, p);
  if (source.dim() != sizes + 1 && source.dim() != sizes + 2)
    throw ShapeError(
        fmt::format("{}: {} must have {} or {} dims: (N, C, sizes...) or (C, sizes...)", op,
                    describe(x), sizes + 2, sizes + 1));
  if (!training || p == 0) return source;
  return source * factors(source, source.dim() - sizes, p, generator);
}

// The first axes are kept or set to SELU's limit; a and b bring mean and variance back.
Tensor alpha_dropped(const char* op, const Operand& x, int axes, double p, bool training,
                     Generator* generator) {
  const OpScope scope(op, x);
  const Tensor source = floating(op, x, p);
  if (!training || p == 0) return source;
  constexpr double limit = -1.7580993408473766;  // -scale * alpha
  if (p == 1) return source * 0;
  const double a = 1 / std::sqrt((1 - p) * (1 + p * limit * limit)), b = -a * p * limit;
  const Tensor kept = factors(source, std::min(axes, source.dim()), p, generator) != 0;
  return where(kept, source * a + b, limit * a + b);
}

}  // namespace

Tensor dropout(Operand x, double p, Flag training, Generator* generator) {
  const OpScope scope("dropout", x);
  const Tensor source = floating("dropout", x, p);
  return !training || p == 0 ? source : dropped(source, p, generator);
}

Tensor dropout1d(Operand x, double p, Flag training, Generator* generator) {
  return channels_dropped("dropout1d", x, 1, p, training, generator);
}
Tensor dropout2d(Operand x, double p, Flag training, Generator* generator) {
  return channels_dropped("dropout2d", x, 2, p, training, generator);
}
Tensor dropout3d(Operand x, double p, Flag training, Generator* generator) {
  return channels_dropped("dropout3d", x, 3, p, training, generator);
}

Tensor alpha_dropout(Operand x, double p, Flag training, Generator* generator) {
  return alpha_dropped("alpha_dropout", x, x.shape().dim(), p, training, generator);
}
Tensor feature_alpha_dropout(Operand x, double p, Flag training, Generator* generator) {
  return alpha_dropped("feature_alpha_dropout", x, 2, p, training, generator);
}

}  // namespace xgrad
