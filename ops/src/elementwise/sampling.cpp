#include <xgrad/ops/sampling.hpp>

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>

#include "checks.hpp"
#include "kernels/bounds.hpp"
#include "kernels/draw.hpp"

namespace xgrad {
namespace {

Generator& generator_or_default(Generator* g) { return g != nullptr ? *g : default_generator(); }

// A generator as kernels see it.
detail::RandomStream stream_of(Generator& g) {
  return {&g,
          [](void* state) {  // 53 bits
            const Generator::Bits bits = static_cast<Generator*>(state)->next();
            const std::uint64_t wide = std::uint64_t{bits.word[0]} << 32 | bits.word[1];
            return static_cast<double>(wide >> 11) * 0x1p-53;
          },
          [](void* state, std::uint64_t bound) {
            return static_cast<Generator*>(state)->below(bound);
          }};
}

constexpr double largest = std::numeric_limits<double>::max();  // what is finite is not beyond

std::int64_t* integers_of(const Tensor& t) {
  return static_cast<std::int64_t*>(detail::raw<void>(t));
}

// The first element outside [lowest, highest].
std::optional<double> first_outside(const Tensor& x, double lowest, double highest) {
  return detail::first_outside(x.dtype(), x.numel(), detail::raw<void>(x), lowest, highest);
}

}  // namespace

Tensor bernoulli(const Tensor& p, Generator* generator, Site site) {
  const OpScope scope("bernoulli", site);
  detail::check_floating("bernoulli", p);
  if (const auto bad = first_outside(p, 0, 1))
    throw ValueError(fmt::format("bernoulli: {} contains {}; probabilities must be in [0, 1]",
                                 detail::describe(p), *bad));
  const NoGrad guard;
  return lt(rand(p.shape(), {.dtype = float64, .generator = generator}), p.to(float64))
      .to(p.dtype());
}

Tensor normal(Operand mean, Operand std, Generator* generator) {
  const OpScope scope("normal", mean);
  const NoGrad guard;
  const DType type = result_type({mean, std});
  const DType dtype = is_floating(type) ? type : get_default_dtype();
  const Tensor spread = std.materialize(dtype).to(dtype);
  if (const auto bad = first_outside(spread, 0, INFINITY))
    throw ValueError(
        fmt::format("normal: std is {} and contains {}; standard deviations must be at least 0",
                    describe(std), *bad));
  const Shape shape = broadcast_shape("normal", mean, std);
  return add(mean, randn(shape, {.dtype = dtype, .generator = generator}) * spread).to(dtype);
}
Tensor normal(double mean, double std, const Shape& shape, const TensorOptions& options,
              Site site) {
  const OpScope scope("normal", site);
  if (!(std >= 0)) throw ValueError(fmt::format("normal: std is {}; it must be at least 0", std));
  const NoGrad guard;
  TensorOptions plain = options;
  plain.requires_grad = false;
  return (randn(shape, plain) * std + mean).requires_grad_(options.requires_grad);
}

Tensor poisson(const Tensor& rates, Generator* generator, Site site) {
  const OpScope scope("poisson", site);
  detail::check_floating("poisson", rates);
  if (const auto bad = first_outside(rates, 0, largest))
    throw ValueError(fmt::format("poisson: {} contains {}; rates must be finite and at least 0",
                                 detail::describe(rates), *bad));
  const Tensor y = empty(rates.shape(), {.dtype = rates.dtype()});
  detail::draw_poisson(rates.dtype(), rates.numel(), detail::raw<void>(rates),
                       stream_of(generator_or_default(generator)), detail::raw<void>(y));
  return y;
}

Tensor randperm(std::int64_t n, const TensorOptions& options, Site site) {
  const OpScope scope("randperm", site);
  if (n < 0) throw ValueError(fmt::format("randperm: n is {}; it must be at least 0", n));
  const Tensor t = empty({n}, {.dtype = int64});
  detail::draw_permutation(n, stream_of(generator_or_default(options.generator)), integers_of(t));
  return t.to(options.dtype.value_or(int64));
}

Tensor multinomial(const Tensor& weights, std::int64_t n, Flag replacement, Generator* generator,
                   Site site) {
  const OpScope scope("multinomial", site);
  detail::check_floating("multinomial", weights);
  if (weights.dim() < 1 || weights.dim() > 2 || weights.shape().back() == 0 || n < 1)
    throw ShapeError(
        fmt::format("multinomial: cannot draw {} samples from {}; the number of samples must be at "
                    "least 1, and the weights 1-d or 2-d with a last dim that is not empty",
                    n, detail::describe(weights)));
  if (const auto bad = first_outside(weights, 0, largest))
    throw ValueError(
        fmt::format("multinomial: {} contains {}; weights must be finite and at least 0",
                    detail::describe(weights), *bad));
  const std::int64_t size = weights.shape().back(), rows = weights.numel() / size;
  const void* const w = detail::raw<void>(weights);
  if (const auto usable =
          detail::too_few_weights(weights.dtype(), {rows, size}, w, replacement ? 1 : n))
    throw ValueError(
        fmt::format("multinomial: a row of {} has {} nonzero weights; {} samples {} replacement "
                    "need at least {}",
                    detail::describe(weights), *usable, n, replacement ? "with" : "without",
                    replacement ? 1 : n));
  const Tensor drawn = empty(weights.dim() == 1 ? Shape{n} : Shape{rows, n}, {.dtype = int64});
  detail::draw_positions(weights.dtype(), {rows, size}, n, replacement, w,
                         stream_of(generator_or_default(generator)), integers_of(drawn));
  return drawn;
}

}  // namespace xgrad
