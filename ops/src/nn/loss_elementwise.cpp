// Losses of each element, then reduced.
#include <xgrad/ops/loss.hpp>

#include <array>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/pointwise.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/bounds.hpp"
#include "nn/reduce_loss.hpp"

namespace xgrad {
namespace {

struct SquaredDifference {
  static constexpr auto name = "mse_loss";
  static constexpr auto rule = "dx = dy * 2 (x - target), dtarget = -dx";
  static auto value(auto x, auto t) {
    const auto d = x - t;
    return d * d;
  }
};
struct AbsoluteDifference {
  static constexpr auto name = "l1_loss";
  static constexpr auto rule = "dx = dy * sign(x - target), dtarget = -dx";
  static auto value(auto x, auto t) { return abs(x - t); }
};
struct SmoothL1 {
  static constexpr auto name = "smooth_l1_loss";
  double beta;
  auto value(auto x, auto t) const {
    const auto d = abs(x - t);
    return where(d < beta, d * d * (0.5 / beta), d - 0.5 * beta);
  }
};
struct Huber {
  static constexpr auto name = "huber_loss";
  double delta;
  auto value(auto x, auto t) const {
    const auto d = abs(x - t);
    return where(d <= delta, 0.5 * d * d, delta * (d - 0.5 * delta));
  }
};
struct BinaryCrossEntropy {
  static constexpr auto name = "binary_cross_entropy";
  static auto value(auto x, auto t) {
    return -(t * max(log(x), -100) + (1 - t) * max(log1p(-x), -100));
  }
  static auto slopes(auto x, auto t, auto /*y*/) {
    using N = decltype(x);
    return std::array<N, 2>{(x - t) / max(x * (1 - x), N(1e-12)), log1p(-x) - log(x)};
  }
};
struct BinaryCrossEntropyWithLogits {
  static constexpr auto name = "binary_cross_entropy_with_logits";
  static auto value(auto x, auto t) { return (1 - t) * x + softplus(-x); }
};
struct BinaryCrossEntropyWithPosWeight {
  static constexpr auto name = "binary_cross_entropy_with_logits";
  static auto value(auto x, auto t, auto pos_weight) {
    return (1 - t) * x + (1 + (pos_weight - 1) * t) * softplus(-x);
  }
};
struct KlDiv {
  static constexpr auto name = "kl_div";
  static auto value(auto x, auto t) { return where(t == 0, 0, t * log(t)) - t * x; }
};
struct KlDivLogTarget {
  static constexpr auto name = "kl_div";
  static auto value(auto x, auto t) { return exp(t) * (t - x); }
};

struct PoissonOfLog {
  static constexpr auto name = "poisson_nll_loss";
  static auto value(auto x, auto t) { return exp(x) - t * x; }
};
struct Poisson {
  static constexpr auto name = "poisson_nll_loss";
  double eps;
  auto value(auto x, auto t) const { return x - t * log(x + eps); }
};
struct Stirling {
  static constexpr auto name = "stirling";
  static auto value(auto t) {
    return where(t > 1, t * log(t) - t + 0.5 * log(6.28318530717958647693 * t), 0);
  }
};
struct Gaussian {
  static constexpr auto name = "gaussian_nll_loss";
  static auto value(auto x, auto t, auto var) { return 0.5 * (log(var) + (x - t) * (x - t) / var); }
};

Tensor weighted(const Tensor& losses, const Tensor& weight) {
  return weight.defined() ? mul(losses, weight) : losses;
}

void check_probabilities(const char* op, const Operand& x) {
  const NoGrad guard;
  const Tensor given = x.materialize(float64);
  const Tensor p = is_floating(given.dtype()) ? given : given.to(float64);
  if (const auto bad = detail::first_outside(p.dtype(), p.numel(), detail::raw<void>(p), 0.0, 1.0))
    throw ValueError(
        fmt::format("{}: {} contains {}; probabilities must be in [0, 1]; for logits, use "
                    "binary_cross_entropy_with_logits",
                    op, describe(x), *bad));
}

}  // namespace

Tensor mse_loss(Operand x, Operand target, Reduction reduction) {
  const OpScope scope("mse_loss", x);
  return detail::reduced("mse_loss", pointwise<SquaredDifference>(x, target), reduction);
}

Tensor l1_loss(Operand x, Operand target, Reduction reduction) {
  const OpScope scope("l1_loss", x);
  return detail::reduced("l1_loss", pointwise<AbsoluteDifference>(x, target), reduction);
}

Tensor smooth_l1_loss(Operand x, Operand target, Reduction reduction, double beta) {
  const OpScope scope("smooth_l1_loss", x);
  if (!(beta >= 0))
    throw ValueError(fmt::format("smooth_l1_loss: beta is {}; it must be at least 0", beta));
  const Tensor losses =
      beta == 0 ? pointwise<AbsoluteDifference>(x, target) : pointwise(SmoothL1{beta}, x, target);
  return detail::reduced("smooth_l1_loss", losses, reduction);
}

Tensor huber_loss(Operand x, Operand target, Reduction reduction, double delta) {
  const OpScope scope("huber_loss", x);
  if (!(delta > 0))
    throw ValueError(fmt::format("huber_loss: delta is {}; it must be above 0", delta));
  return detail::reduced("huber_loss", pointwise(Huber{delta}, x, target), reduction);
}

Tensor binary_cross_entropy(Operand x, Operand target, const Tensor& weight, Reduction reduction) {
  const OpScope scope("binary_cross_entropy", x);
  check_probabilities("binary_cross_entropy", x);
  const Tensor losses = pointwise<BinaryCrossEntropy>(x, target);
  return detail::reduced("binary_cross_entropy", weighted(losses, weight), reduction);
}

Tensor binary_cross_entropy_with_logits(Operand x, Operand target,
                                        const BinaryCrossEntropyOptions& o) {
  const OpScope scope("binary_cross_entropy_with_logits", x);
  const Tensor losses = o.pos_weight.defined()
                            ? pointwise<BinaryCrossEntropyWithPosWeight>(x, target, o.pos_weight)
                            : pointwise<BinaryCrossEntropyWithLogits>(x, target);
  return detail::reduced("binary_cross_entropy_with_logits", weighted(losses, o.weight),
                         o.reduction);
}

Tensor kl_div(Operand x, Operand target, Reduction reduction, Flag log_target) {
  const OpScope scope("kl_div", x);
  const std::int64_t batch = x.shape().dim() == 0 ? 1 : x.shape()[0];
  const Tensor losses =
      log_target ? pointwise<KlDivLogTarget>(x, target) : pointwise<KlDiv>(x, target);
  if (reduction != Reduction::batchmean) return detail::reduced("kl_div", losses, reduction);
  return div(sum(losses), batch);
}

Tensor poisson_nll_loss(Operand x, Operand target, const PoissonNllOptions& o) {
  const OpScope scope("poisson_nll_loss", x);
  const Tensor counts = target.materialize();
  const Operand t(counts);
  Tensor losses = o.log_input ? pointwise<PoissonOfLog>(x, t) : pointwise(Poisson{o.eps}, x, t);
  if (o.full) losses = losses + pointwise<Stirling>(t);
  return detail::reduced("poisson_nll_loss", losses, o.reduction);
}

Tensor gaussian_nll_loss(Operand x, Operand target, Operand var, const GaussianNllOptions& o) {
  const OpScope scope("gaussian_nll_loss", x);
  const Shape &sx = x.shape(), &sv = var.shape();
  const Shape lacking(sx.begin(), static_cast<std::size_t>(std::max(0, sx.dim() - 1)));
  Shape flat = sx;
  if (sx.dim() > 0) flat[sx.dim() - 1] = 1;
  const bool lacks = sx.dim() > 0 && sv == lacking;
  if (sv != sx && sv != flat && !lacks)
    throw ShapeError(
        fmt::format("gaussian_nll_loss: var is {}, the input {}; var must have the input's shape, "
                    "but its last size may be 1 or missing",
                    describe(var), describe(x)));
  const Tensor given = lacks ? unsqueeze(var, -1) : var.materialize();
  if (any(given < 0).item<bool>())
    throw ValueError(
        fmt::format("gaussian_nll_loss: var {} contains negative elements; they must be at least 0",
                    describe(var)));
  // Held at eps, but with the gradient that it had before.
  const Tensor least = clamp_min(given.detach(), o.eps) - given.detach();
  Tensor losses = pointwise<Gaussian>(x, target, given + least);
  if (o.full) losses = losses + 0.918938533204672741780;
  return detail::reduced("gaussian_nll_loss", losses, o.reduction);
}

}  // namespace xgrad
