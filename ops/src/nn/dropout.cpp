#include <xgrad/ops/dropout.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>

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

}  // namespace

Tensor dropout(Operand x, double p, Flag training, Generator* generator) {
  const OpScope scope("dropout", x);
  if (!(p >= 0 && p <= 1))
    throw ValueError(fmt::format("dropout: p is {}; it must be in [0, 1]", p));
  const Tensor source = x.materialize(float32);
  if (!is_floating(source.dtype()))
    throw DTypeError(fmt::format("dropout: {} must be float32 or float64", describe(x)));
  if (!training || p == 0) return source;
  Generator& from = generator != nullptr ? *generator : default_generator();
  const auto steps = static_cast<std::uint64_t>((source.numel() + 3) / 4);
  return dropped(source, {from.seed(), from.skip(steps), p});
}

}  // namespace xgrad
