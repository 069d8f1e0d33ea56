#include <xgrad/ops/sampling.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>

#include "checks.hpp"

namespace xgrad {
namespace {

Generator& generator_or_default(Generator* g) { return g != nullptr ? *g : default_generator(); }

// In [0, 1), of 53 bits.
double uniform(Generator& g) {
  const Generator::Bits bits = g.next();
  const std::uint64_t wide = std::uint64_t{bits.word[0]} << 32 | bits.word[1];
  return static_cast<double>(wide >> 11) * 0x1p-53;
}

// In double: means beyond int64 are means, too.
double poisson_number(double rate, Generator& g) {
  if (rate < 30) {  // multiply until below e^-rate
    const double least = std::exp(-rate);
    double k = 0;
    for (double p = uniform(g); p > least; p *= uniform(g)) ++k;
    return k;
  }
  // Rejection from a transformed uniform one.
  const double b = 0.931 + 2.53 * std::sqrt(rate), a = -0.059 + 0.02483 * b;
  const double alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = uniform(g) - 0.5, v = uniform(g), us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    int sign = 0;
    if (std::log(v * alpha / (a / (us * us) + b)) <=
        -rate + k * std::log(rate) - ::lgamma_r(k + 1, &sign))
      return k;
  }
}

// Draws from a row of weights by the running totals of those that are left.
class Urn {
 public:
  explicit Urn(detail::ScratchVector<double> weights) : weights_(std::move(weights)) {}
  double total() const { return std::accumulate(weights_.begin(), weights_.end(), 0.0); }
  std::int64_t draw(Generator& g) const {
    double left = uniform(g) * total();
    std::size_t last = 0;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      if (weights_[i] <= 0) continue;
      last = i;
      if ((left -= weights_[i]) < 0) break;
    }
    return static_cast<std::int64_t>(last);
  }
  void take(std::int64_t i) { weights_[static_cast<std::size_t>(i)] = 0; }

 private:
  detail::ScratchVector<double> weights_;
};

void check_weights(const Tensor& w, const detail::ScratchVector<double>& row, std::int64_t n,
                   bool replacement) {
  std::int64_t usable = 0;
  for (const double p : row) {
    if (!(p >= 0) || std::isinf(p))
      throw ValueError(
          fmt::format("multinomial: {} holds {}; weights must be finite, none negative",
                      detail::describe(w), p));
    usable += p > 0;
  }
  if (usable == 0 || (!replacement && usable < n))
    throw ValueError(
        fmt::format("multinomial: {} draws from a row of {} in which {} positions have a "
                    "weight",
                    n, detail::describe(w), usable));
}

}  // namespace

Tensor bernoulli(const Tensor& p, Generator* generator, Site site) {
  const OpScope scope("bernoulli", site);
  detail::check_floating("bernoulli", p);
  const Tensor wide = p.detach().to(float64);
  for (const double each : wide.span<double>())
    if (!(each >= 0 && each <= 1))
      throw ValueError(fmt::format("bernoulli: {} holds {}; probabilities are in [0, 1]",
                                   detail::describe(p), each));
  const NoGrad guard;
  return lt(rand(p.shape(), {.dtype = float64, .generator = generator}), p.to(float64))
      .to(p.dtype());
}

Tensor normal(Operand mean, Operand std, Generator* generator) {
  const OpScope scope("normal", mean);
  const NoGrad guard;
  const DType type = result_type({mean, std});
  const DType dtype = is_floating(type) ? type : float32;
  const Tensor spread = std.materialize(dtype).to(dtype);
  const Tensor wide = spread.detach().to(float64);
  for (const double s : wide.span<double>())
    if (!(s >= 0))
      throw ValueError(
          fmt::format("normal: the standard deviation {} holds {}; it must be at least "
                      "0",
                      describe(std), s));
  const Shape shape = broadcast_shape("normal", mean, std);
  return add(mean, randn(shape, {.dtype = dtype, .generator = generator}) * spread).to(dtype);
}
Tensor normal(double mean, double std, const Shape& shape, const TensorOptions& options,
              Site site) {
  const OpScope scope("normal", site);
  if (!(std >= 0))
    throw ValueError(
        fmt::format("normal: the standard deviation is {}; it must be at least 0", std));
  const NoGrad guard;
  TensorOptions plain = options;
  plain.requires_grad = false;
  return (randn(shape, plain) * std + mean).requires_grad_(options.requires_grad);
}

Tensor poisson(const Tensor& rates, Generator* generator, Site site) {
  const OpScope scope("poisson", site);
  detail::check_floating("poisson", rates);
  Generator& g = generator_or_default(generator);
  Tensor y = empty(rates.shape(), {.dtype = rates.dtype()});
  dispatch_floating(rates.dtype(), [&]<class T>() {
    for (std::int64_t i = 0; i < rates.numel(); ++i) {
      const auto rate = static_cast<double>(rates.data<T>()[i]);
      if (!(rate >= 0) || std::isinf(rate))
        throw ValueError(fmt::format("poisson: {} holds {}; means are finite, none negative",
                                     detail::describe(rates), rate));
      y.mutable_data<T>()[i] = static_cast<T>(poisson_number(rate, g));
    }
  });
  return y;
}

Tensor randperm(std::int64_t n, const TensorOptions& options, Site site) {
  const OpScope scope("randperm", site);
  if (n < 0) throw ValueError(fmt::format("randperm: n is {}; it must be at least 0", n));
  Generator& g = generator_or_default(options.generator);
  const Tensor t = empty({n}, {.dtype = int64});
  std::int64_t* const order = detail::raw<std::int64_t>(t);
  std::iota(order, order + n, std::int64_t{0});
  for (std::int64_t i = n; i > 1; --i)
    std::swap(order[i - 1], order[g.below(static_cast<std::uint64_t>(i))]);
  return t.to(options.dtype.value_or(int64));
}

Tensor multinomial(const Tensor& weights, std::int64_t n, Flag replacement, Generator* generator,
                   Site site) {
  const OpScope scope("multinomial", site);
  detail::check_floating("multinomial", weights);
  if (weights.dim() < 1 || weights.dim() > 2 || weights.shape().back() == 0 || n < 1)
    throw ShapeError(
        fmt::format("multinomial: {} draws from {}; the weights must be a vector or rows, not "
                    "empty, and there must be at least one draw",
                    n, detail::describe(weights)));
  Generator& g = generator_or_default(generator);
  const Tensor w = weights.detach().to(float64);
  const std::int64_t size = w.shape().back(), rows = w.numel() / size;
  const Tensor drawn = empty(weights.dim() == 1 ? Shape{n} : Shape{rows, n}, {.dtype = int64});
  std::int64_t* next = detail::raw<std::int64_t>(drawn);
  for (std::int64_t r = 0; r < rows; ++r) {
    const detail::ScratchVector<double> row(w.data<double>() + r * size,
                                            w.data<double>() + (r + 1) * size);
    check_weights(weights, row, n, replacement);
    Urn urn(row);
    for (std::int64_t k = 0; k < n; ++k) {
      *next = urn.draw(g);
      if (!replacement) urn.take(*next);
      ++next;
    }
  }
  return drawn;
}

}  // namespace xgrad
