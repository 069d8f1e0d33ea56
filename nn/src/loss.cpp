#include <xgrad/nn/loss.hpp>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/distance.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/reduction.hpp>

namespace xgrad::nn {

BCELoss::BCELoss(const Tensor& w, Reduction reduction) : reduction_(reduction) {
  if (w.defined()) weight = buffer("weight", w);
}
BCEWithLogitsLoss::BCEWithLogitsLoss(const BinaryCrossEntropyOptions& o) : reduction_(o.reduction) {
  if (o.weight.defined()) weight = buffer("weight", o.weight);
  if (o.pos_weight.defined()) pos_weight = buffer("pos_weight", o.pos_weight);
}
MultiLabelSoftMarginLoss::MultiLabelSoftMarginLoss(const Tensor& w, Reduction reduction)
    : reduction_(reduction) {
  if (w.defined()) weight = buffer("weight", w);
}

Tensor TripletMarginWithDistanceLoss::forward(const Tensor& anchor, const Tensor& positive,
                                              const Tensor& negative) const {
  const auto distance = [&](const Tensor& a, const Tensor& b) {
    return options_.distance_function ? options_.distance_function(a, b) : pairwise_distance(a, b);
  };
  const Tensor near = distance(anchor, positive);
  Tensor far = distance(anchor, negative);
  if (options_.swap) far = minimum(far, distance(positive, negative));
  const Tensor losses = clamp_min(near - far + options_.margin, 0);
  switch (options_.reduction) {
    case Reduction::none:
      return losses;
    case Reduction::mean:
      return losses.mean();
    case Reduction::sum:
      return losses.sum();
    case Reduction::batchmean:
      break;
  }
  throw ValueError("TripletMarginWithDistanceLoss: the reduction must be none, mean or sum");
}

namespace detail {
template const ModuleType* module_type<MSELoss>();
template const ModuleType* module_type<L1Loss>();
template const ModuleType* module_type<SmoothL1Loss>();
template const ModuleType* module_type<HuberLoss>();
template const ModuleType* module_type<KLDivLoss>();
template const ModuleType* module_type<SoftMarginLoss>();
template const ModuleType* module_type<HingeEmbeddingLoss>();
template const ModuleType* module_type<PoissonNLLLoss>();
template const ModuleType* module_type<GaussianNLLLoss>();
template const ModuleType* module_type<MarginRankingLoss>();
template const ModuleType* module_type<CosineEmbeddingLoss>();
template const ModuleType* module_type<TripletMarginLoss>();
template const ModuleType* module_type<CrossEntropyLoss>();
template const ModuleType* module_type<NLLLoss>();
template const ModuleType* module_type<MultiMarginLoss>();
template const ModuleType* module_type<BCELoss>();
template const ModuleType* module_type<BCEWithLogitsLoss>();
template const ModuleType* module_type<MultiLabelSoftMarginLoss>();
template const ModuleType* module_type<MultiLabelMarginLoss>();
template const ModuleType* module_type<TripletMarginWithDistanceLoss>();
template const ModuleType* module_type<CTCLoss>();
}  // namespace detail

}  // namespace xgrad::nn
