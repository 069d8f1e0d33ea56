#include <xgrad/data/metrics/perplexity.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/loss.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad::metrics {
namespace {

void check_pair(const Tensor& logits, const Tensor& targets) {
  Shape expected = targets.shape();
  bool fits = is_floating(logits.dtype()) && logits.dim() == targets.dim() + 1;
  for (int i = 0; fits && i < targets.dim(); ++i) fits = logits.size(i) == targets.size(i);
  if (!fits)
    throw ShapeError(
        fmt::format("Perplexity: logits are {} and targets are {}; logits must be "
                    "floating, (..., vocabulary), for targets (...)",
                    xgrad::detail::describe(logits), xgrad::detail::describe(targets)));
  if (targets.dtype() != int64)
    throw DTypeError(fmt::format("Perplexity: targets are {}; they must be int64",
                                 xgrad::detail::describe(targets)));
}

}  // namespace

void Perplexity::update(const Tensor& logits, const Tensor& targets, Site site) {
  const OpScope scope("Perplexity", site);
  const NoGrad guard;
  check_pair(logits, targets);
  Tensor rows = logits.detach().reshape({targets.numel(), logits.size(-1)});
  Tensor target = targets.flatten();
  if (options_.ignore_index) {
    const Tensor counts = target != *options_.ignore_index;
    rows = rows.index({counts}), target = target.index({counts});
  }
  if (target.numel() > 0)
    loss_.update(cross_entropy(rows, target, {.reduction = Reduction::none}), {}, site);
}

void Perplexity::update(double mean_loss, std::int64_t tokens, Site site) {
  const OpScope scope("Perplexity", site);
  if (tokens < 0)
    throw ValueError(fmt::format("Perplexity: tokens is {}; it must be at least 0", tokens));
  loss_.update(mean_loss, static_cast<double>(tokens), site);
}

double Perplexity::compute() const noexcept { return std::exp(loss_.compute()); }

Interval Perplexity::interval(double confidence, Site site) const {
  const OpScope scope("Perplexity", site);
  const auto [low, high] = loss_.interval(confidence, site);
  return {std::exp(low), std::exp(high)};
}

}  // namespace xgrad::metrics
