// Losses of ranking and margins, made of ops.
#include <xgrad/ops/loss.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/distance.hpp>
#include <xgrad/ops/index_slices.hpp>
#include <xgrad/ops/pointwise.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/scatter.hpp>

#include "kernels/label_counts.hpp"
#include "movement/gather_rows.hpp"
#include "nn/reduce_loss.hpp"

namespace xgrad {
namespace {

using detail::reduced;

struct HingeEmbedding {
  static constexpr auto name = "hinge_embedding_loss";
  double margin;
  auto value(auto x, auto t) const {
    return where(t != 1, max(margin - x, 0), 0) + where(t != -1, x, 0);
  }
};
struct MarginRanking {
  static constexpr auto name = "margin_ranking_loss";
  double margin;
  auto value(auto x1, auto x2, auto t) const {
    const auto z = margin - t * (x1 - x2);
    return where(z < 0, 0, z);  // NaN stays
  }
};
struct SoftMargin {
  static constexpr auto name = "soft_margin_loss";
  static auto value(auto x, auto t) { return softplus(-t * x); }
};

// How often each class is a target of each sample.
Tensor label_counts(const Tensor& target) {
  const std::int64_t classes = target.size(1);
  const Tensor counts = detail::new_positions(target.shape());
  if (const auto bad = detail::label_counts(target.size(0), classes, detail::positions_of(target),
                                            detail::positions_of(counts)))
    throw ValueError(
        fmt::format("multilabel_margin_loss: target {} is not a valid class; it must be in [0, {})",
                    *bad, classes));
  return counts;
}

}  // namespace

Tensor hinge_embedding_loss(Operand x, Operand target, double margin, Reduction reduction) {
  const OpScope scope("hinge_embedding_loss", x);
  return reduced("hinge_embedding_loss", pointwise(HingeEmbedding{margin}, x, target), reduction);
}
Tensor margin_ranking_loss(Operand x1, Operand x2, Operand target, double margin,
                           Reduction reduction) {
  const OpScope scope("margin_ranking_loss", x1);
  return reduced("margin_ranking_loss", pointwise(MarginRanking{margin}, x1, x2, target),
                 reduction);
}
Tensor soft_margin_loss(Operand x, Operand target, Reduction reduction) {
  const OpScope scope("soft_margin_loss", x);
  return reduced("soft_margin_loss", pointwise<SoftMargin>(x, target), reduction);
}

Tensor cosine_embedding_loss(Operand x1, Operand x2, Operand target, double margin,
                             Reduction reduction) {
  const OpScope scope("cosine_embedding_loss", x1);
  const int rank = x1.shape().dim();
  if (rank < 1 || rank > 2 || x2.shape().dim() != rank)
    throw ShapeError(fmt::format("cosine_embedding_loss: {} and {} must both be (N, D) or (D)",
                                 describe(x1), describe(x2)));
  // Lengths with PyTorch's eps, which is added to their squares.
  constexpr double eps = 1e-12;
  const Tensor a = x1.materialize(), b = x2.materialize();
  const Tensor similar = sum(a * b, -1) / sqrt((sum(a * a, -1) + eps) * (sum(b * b, -1) + eps));
  const Tensor losses =
      where(eq(target, 1), 1 - similar, where(eq(target, -1), clamp_min(similar - margin, 0), 0));
  return reduced("cosine_embedding_loss", losses, reduction);
}

Tensor triplet_margin_loss(Operand anchor, Operand positive, Operand negative,
                           const TripletMarginOptions& o) {
  const OpScope scope("triplet_margin_loss", anchor);
  const Tensor a = anchor.materialize(), p = positive.materialize(), n = negative.materialize();
  const Tensor near = pairwise_distance(a, p, o.p, o.eps);
  Tensor far = pairwise_distance(a, n, o.p, o.eps);
  if (o.swap) far = minimum(far, pairwise_distance(p, n, o.p, o.eps));
  return reduced("triplet_margin_loss", clamp_min(near - far + o.margin, 0), o.reduction);
}

Tensor multi_margin_loss(Operand x, const Tensor& target, const MultiMarginOptions& o) {
  const OpScope scope("multi_margin_loss", x);
  const Shape& s = x.shape();
  const std::int64_t samples = s.dim() == 2 ? s[0] : 1, count = s.dim() == 0 ? 1 : s.back();
  if (s.dim() > 2 || count == 0 || target.dim() > 1 || target.numel() != samples ||
      (o.weight.defined() && o.weight.shape() != Shape{count}) || (o.p != 1 && o.p != 2))
    throw ShapeError(
        fmt::format("multi_margin_loss: the input is {}, the target {}, the weight {} and p {}; "
                    "they must be (N, C) and (N), or (C) and one target; the weight (C); p 1 or 2",
                    describe(x), detail::describe(target),
                    o.weight.defined() ? detail::describe(o.weight) : "none", o.p));
  const Tensor scores = reshape(x, {samples, count}), all = reshape(target, {-1});
  const Tensor classes = unsqueeze(all, 1);
  const Tensor own = gather(scores, 1, classes);
  Tensor terms = clamp_min(o.margin - own + scores, 0);
  if (o.p == 2) terms = square(terms);
  if (o.weight.defined()) terms = terms * unsqueeze(index_select(o.weight, 0, all), 1);
  const Tensor others = 1 - one_hot(all, count).to(scores.dtype());
  const Tensor losses = sum(terms * others, 1) / count;
  return reduced("multi_margin_loss", reshape(losses, target.shape()), o.reduction);
}

Tensor multilabel_margin_loss(Operand x, const Tensor& target, Reduction reduction) {
  const OpScope scope("multilabel_margin_loss", x);
  if (x.shape() != target.shape() || target.dim() > 2 || target.dtype() != int64)
    throw ShapeError(
        fmt::format("multilabel_margin_loss: the input is {}, the target {}; both must be (N, C) "
                    "or (C), and the target int64",
                    describe(x), detail::describe(target)));
  const std::int64_t classes = target.dim() == 0 ? 1 : target.shape().back();
  const std::int64_t rows = classes == 0 ? 0 : target.numel() / classes;
  const Tensor scores = reshape(x, {rows, classes});
  const Tensor times = label_counts(reshape(target, {rows, classes})).to(scores.dtype());
  const Tensor others = (times == 0).to(scores.dtype());
  // (rows, targets, others)
  const Tensor terms = clamp_min(1 - unsqueeze(scores, 2) + unsqueeze(scores, 1), 0) *
                       unsqueeze(times, 2) * unsqueeze(others, 1);
  const Tensor losses = sum(terms, {1, 2}) / classes;
  return reduced("multilabel_margin_loss", target.dim() < 2 ? reshape(losses, {}) : losses,
                 reduction);
}

Tensor multilabel_soft_margin_loss(Operand x, Operand target, const Tensor& weight,
                                   Reduction reduction) {
  const OpScope scope("multilabel_soft_margin_loss", x);
  if (x.shape().dim() == 0)
    throw ShapeError(fmt::format(
        "multilabel_soft_margin_loss: {} must have at least 1 dim, the last for the classes",
        describe(x)));
  const Tensor terms =
      binary_cross_entropy_with_logits(x, target, {.weight = weight, .reduction = Reduction::none});
  return reduced("multilabel_soft_margin_loss", mean(terms, -1), reduction);
}

}  // namespace xgrad
