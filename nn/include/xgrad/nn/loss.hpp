// loss.hpp: losses as modules. The ops of the same names document the formulas.
#pragma once

#include <functional>
#include <tuple>
#include <utility>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/loss.hpp>

namespace xgrad::nn {

/// A loss of two tensors: loss(x, target, settings...).
template <class Self, auto loss, class... Settings>
class LossOfTwo : public Layer<Self> {
 public:
  Tensor forward(Operand x, Operand target) const {
    return std::apply([&](const auto&... settings) { return loss(x, target, settings...); },
                      settings_);
  }

 protected:
  explicit LossOfTwo(Settings... settings) : settings_(std::move(settings)...) {}

 private:
  std::tuple<Settings...> settings_;
};
/// A loss of three tensors: loss(a, b, c, settings...).
template <class Self, auto loss, class... Settings>
class LossOfThree : public Layer<Self> {
 public:
  Tensor forward(Operand a, Operand b, Operand c) const {
    return std::apply([&](const auto&... settings) { return loss(a, b, c, settings...); },
                      settings_);
  }

 protected:
  explicit LossOfThree(Settings... settings) : settings_(std::move(settings)...) {}

 private:
  std::tuple<Settings...> settings_;
};
/// A loss of scores and classes whose options have a weight for each class, which becomes a buffer.
template <class Self, class Options, Tensor (*loss)(Operand, const Tensor&, const Options&)>
class WeightedLoss : public Layer<Self> {
 public:
  explicit WeightedLoss(Options options = {}) : options_(std::move(options)) {
    const Tensor given = std::exchange(options_.weight, Tensor());
    if (given.defined()) weight = this->buffer("weight", given);
  }
  Tensor forward(Operand x, const Tensor& target) const {
    Options options = options_;
    options.weight = weight;
    return loss(x, target, options);
  }

  Tensor weight;  ///< Undefined without one.

 private:
  Options options_;
};

class MSELoss : public LossOfTwo<MSELoss, &mse_loss, Reduction> {
 public:
  explicit MSELoss(Reduction reduction = Reduction::mean) : LossOfTwo(reduction) {}
};
class L1Loss : public LossOfTwo<L1Loss, &l1_loss, Reduction> {
 public:
  explicit L1Loss(Reduction reduction = Reduction::mean) : LossOfTwo(reduction) {}
};
class SmoothL1Loss : public LossOfTwo<SmoothL1Loss, &smooth_l1_loss, Reduction, double> {
 public:
  explicit SmoothL1Loss(Reduction reduction = Reduction::mean, double beta = 1)
      : LossOfTwo(reduction, beta) {}
};
class HuberLoss : public LossOfTwo<HuberLoss, &huber_loss, Reduction, double> {
 public:
  explicit HuberLoss(Reduction reduction = Reduction::mean, double delta = 1)
      : LossOfTwo(reduction, delta) {}
};
class KLDivLoss : public LossOfTwo<KLDivLoss, &kl_div, Reduction, bool> {
 public:
  explicit KLDivLoss(Reduction reduction = Reduction::mean, bool log_target = false)
      : LossOfTwo(reduction, log_target) {}
};
class SoftMarginLoss : public LossOfTwo<SoftMarginLoss, &soft_margin_loss, Reduction> {
 public:
  explicit SoftMarginLoss(Reduction reduction = Reduction::mean) : LossOfTwo(reduction) {}
};
class HingeEmbeddingLoss
    : public LossOfTwo<HingeEmbeddingLoss, &hinge_embedding_loss, double, Reduction> {
 public:
  explicit HingeEmbeddingLoss(double margin = 1, Reduction reduction = Reduction::mean)
      : LossOfTwo(margin, reduction) {}
};
class PoissonNLLLoss : public LossOfTwo<PoissonNLLLoss, &poisson_nll_loss, PoissonNllOptions> {
 public:
  explicit PoissonNLLLoss(PoissonNllOptions options = {}) : LossOfTwo(options) {}
};
class GaussianNLLLoss
    : public LossOfThree<GaussianNLLLoss, &gaussian_nll_loss, GaussianNllOptions> {
 public:
  explicit GaussianNLLLoss(GaussianNllOptions options = {}) : LossOfThree(options) {}
};
class MarginRankingLoss
    : public LossOfThree<MarginRankingLoss, &margin_ranking_loss, double, Reduction> {
 public:
  explicit MarginRankingLoss(double margin = 0, Reduction reduction = Reduction::mean)
      : LossOfThree(margin, reduction) {}
};
class CosineEmbeddingLoss
    : public LossOfThree<CosineEmbeddingLoss, &cosine_embedding_loss, double, Reduction> {
 public:
  explicit CosineEmbeddingLoss(double margin = 0, Reduction reduction = Reduction::mean)
      : LossOfThree(margin, reduction) {}
};
class TripletMarginLoss
    : public LossOfThree<TripletMarginLoss, &triplet_margin_loss, TripletMarginOptions> {
 public:
  explicit TripletMarginLoss(TripletMarginOptions options = {}) : LossOfThree(options) {}
};
class CrossEntropyLoss
    : public WeightedLoss<CrossEntropyLoss, CrossEntropyOptions, &cross_entropy> {
  using WeightedLoss::WeightedLoss;
};
class NLLLoss : public WeightedLoss<NLLLoss, CrossEntropyOptions, &nll_loss> {
  using WeightedLoss::WeightedLoss;
};
class MultiMarginLoss
    : public WeightedLoss<MultiMarginLoss, MultiMarginOptions, &multi_margin_loss> {
  using WeightedLoss::WeightedLoss;
};

// Losses register their weights as buffers.

class BCELoss : public Layer<BCELoss> {
 public:
  explicit BCELoss(const Tensor& weight = {}, Reduction reduction = Reduction::mean);
  Tensor forward(Operand x, Operand target) const {
    return binary_cross_entropy(x, target, weight, reduction_);
  }

  Tensor weight;

 private:
  Reduction reduction_;
};
class BCEWithLogitsLoss : public Layer<BCEWithLogitsLoss> {
 public:
  explicit BCEWithLogitsLoss(const BinaryCrossEntropyOptions& options = {});
  Tensor forward(Operand x, Operand target) const {
    return binary_cross_entropy_with_logits(
        x, target, {.weight = weight, .reduction = reduction_, .pos_weight = pos_weight});
  }

  Tensor weight, pos_weight;

 private:
  Reduction reduction_;
};
class MultiLabelSoftMarginLoss : public Layer<MultiLabelSoftMarginLoss> {
 public:
  explicit MultiLabelSoftMarginLoss(const Tensor& weight = {},
                                    Reduction reduction = Reduction::mean);
  Tensor forward(Operand x, Operand target) const {
    return multilabel_soft_margin_loss(x, target, weight, reduction_);
  }

  Tensor weight;

 private:
  Reduction reduction_;
};

class MultiLabelMarginLoss : public Layer<MultiLabelMarginLoss> {
 public:
  explicit MultiLabelMarginLoss(Reduction reduction = Reduction::mean) : reduction_(reduction) {}
  Tensor forward(Operand x, const Tensor& target) const {
    return multilabel_margin_loss(x, target, reduction_);
  }

 private:
  Reduction reduction_;
};

struct TripletMarginWithDistanceOptions {
  /// Maps two batches (N, D) to distances (N). Default: pairwise_distance.
  std::function<Tensor(const Tensor&, const Tensor&)> distance_function = {};
  double margin = 1;
  bool swap = false;
  Reduction reduction = Reduction::mean;  ///< none, mean or sum
};
/// max(0, d(anchor, positive) - d(anchor, negative) + margin) with a user-defined distance d.
class TripletMarginWithDistanceLoss : public Layer<TripletMarginWithDistanceLoss> {
 public:
  explicit TripletMarginWithDistanceLoss(TripletMarginWithDistanceOptions options = {})
      : options_(std::move(options)) {}
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative) const;

 private:
  TripletMarginWithDistanceOptions options_;
};

/// The connectionist temporal classification loss. See the op `ctc_loss`.
class CTCLoss : public Layer<CTCLoss> {
 public:
  explicit CTCLoss(CtcOptions options = {}) : options_(options) {}
  Tensor forward(Operand log_probs, const Tensor& targets, const Tensor& input_lengths,
                 const Tensor& target_lengths) const {
    return ctc_loss(log_probs, targets, input_lengths, target_lengths, options_);
  }

 private:
  CtcOptions options_;
};

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<MSELoss>();
extern template const ModuleType* module_type<L1Loss>();
extern template const ModuleType* module_type<SmoothL1Loss>();
extern template const ModuleType* module_type<HuberLoss>();
extern template const ModuleType* module_type<KLDivLoss>();
extern template const ModuleType* module_type<SoftMarginLoss>();
extern template const ModuleType* module_type<HingeEmbeddingLoss>();
extern template const ModuleType* module_type<PoissonNLLLoss>();
extern template const ModuleType* module_type<GaussianNLLLoss>();
extern template const ModuleType* module_type<MarginRankingLoss>();
extern template const ModuleType* module_type<CosineEmbeddingLoss>();
extern template const ModuleType* module_type<TripletMarginLoss>();
extern template const ModuleType* module_type<CrossEntropyLoss>();
extern template const ModuleType* module_type<NLLLoss>();
extern template const ModuleType* module_type<MultiMarginLoss>();
extern template const ModuleType* module_type<BCELoss>();
extern template const ModuleType* module_type<BCEWithLogitsLoss>();
extern template const ModuleType* module_type<MultiLabelSoftMarginLoss>();
extern template const ModuleType* module_type<MultiLabelMarginLoss>();
extern template const ModuleType* module_type<TripletMarginWithDistanceLoss>();
extern template const ModuleType* module_type<CTCLoss>();
}  // namespace detail

}  // namespace xgrad::nn
