// loss.hpp: losses as modules. The ops of the same names document the formulas.
#pragma once

#include <functional>
#include <utility>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/loss.hpp>

namespace xgrad::nn {

class MSELoss : public Layer<MSELoss> {
 public:
  explicit MSELoss(Reduction reduction = Reduction::mean) : reduction_(reduction) {}
  Tensor forward(Operand x, Operand target) const { return mse_loss(x, target, reduction_); }

 private:
  Reduction reduction_;
};
class L1Loss : public Layer<L1Loss> {
 public:
  explicit L1Loss(Reduction reduction = Reduction::mean) : reduction_(reduction) {}
  Tensor forward(Operand x, Operand target) const { return l1_loss(x, target, reduction_); }

 private:
  Reduction reduction_;
};
class SoftMarginLoss : public Layer<SoftMarginLoss> {
 public:
  explicit SoftMarginLoss(Reduction reduction = Reduction::mean) : reduction_(reduction) {}
  Tensor forward(Operand x, Operand target) const {
    return soft_margin_loss(x, target, reduction_);
  }

 private:
  Reduction reduction_;
};
class SmoothL1Loss : public Layer<SmoothL1Loss> {
 public:
  explicit SmoothL1Loss(Reduction reduction = Reduction::mean, double beta = 1)
      : reduction_(reduction), beta_(beta) {}
  Tensor forward(Operand x, Operand target) const {
    return smooth_l1_loss(x, target, reduction_, beta_);
  }

 private:
  Reduction reduction_;
  double beta_;
};
class HuberLoss : public Layer<HuberLoss> {
 public:
  explicit HuberLoss(Reduction reduction = Reduction::mean, double delta = 1)
      : reduction_(reduction), delta_(delta) {}
  Tensor forward(Operand x, Operand target) const {
    return huber_loss(x, target, reduction_, delta_);
  }

 private:
  Reduction reduction_;
  double delta_;
};
class KLDivLoss : public Layer<KLDivLoss> {
 public:
  explicit KLDivLoss(Reduction reduction = Reduction::mean, bool log_target = false)
      : reduction_(reduction), log_target_(log_target) {}
  Tensor forward(Operand x, Operand target) const {
    return kl_div(x, target, reduction_, log_target_);
  }

 private:
  Reduction reduction_;
  bool log_target_;
};

// Losses with weights register the weights as buffers.

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
class CrossEntropyLoss : public Layer<CrossEntropyLoss> {
 public:
  explicit CrossEntropyLoss(const CrossEntropyOptions& options = {});
  Tensor forward(Operand x, const Tensor& target) const;

  Tensor weight;

 private:
  CrossEntropyOptions options_;
};
class NLLLoss : public Layer<NLLLoss> {
 public:
  explicit NLLLoss(const CrossEntropyOptions& options = {});
  Tensor forward(Operand x, const Tensor& target) const;

  Tensor weight;

 private:
  CrossEntropyOptions options_;
};
class MultiMarginLoss : public Layer<MultiMarginLoss> {
 public:
  explicit MultiMarginLoss(const MultiMarginOptions& options = {});
  Tensor forward(Operand x, const Tensor& target) const;

  Tensor weight;

 private:
  MultiMarginOptions options_;
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
class PoissonNLLLoss : public Layer<PoissonNLLLoss> {
 public:
  explicit PoissonNLLLoss(PoissonNllOptions options = {}) : options_(options) {}
  Tensor forward(Operand x, Operand target) const { return poisson_nll_loss(x, target, options_); }

 private:
  PoissonNllOptions options_;
};
class GaussianNLLLoss : public Layer<GaussianNLLLoss> {
 public:
  explicit GaussianNLLLoss(GaussianNllOptions options = {}) : options_(options) {}
  Tensor forward(Operand x, Operand target, Operand var) const {
    return gaussian_nll_loss(x, target, var, options_);
  }

 private:
  GaussianNllOptions options_;
};
class HingeEmbeddingLoss : public Layer<HingeEmbeddingLoss> {
 public:
  explicit HingeEmbeddingLoss(double margin = 1, Reduction reduction = Reduction::mean)
      : margin_(margin), reduction_(reduction) {}
  Tensor forward(Operand x, Operand target) const {
    return hinge_embedding_loss(x, target, margin_, reduction_);
  }

 private:
  double margin_;
  Reduction reduction_;
};
class MarginRankingLoss : public Layer<MarginRankingLoss> {
 public:
  explicit MarginRankingLoss(double margin = 0, Reduction reduction = Reduction::mean)
      : margin_(margin), reduction_(reduction) {}
  Tensor forward(Operand x1, Operand x2, Operand target) const {
    return margin_ranking_loss(x1, x2, target, margin_, reduction_);
  }

 private:
  double margin_;
  Reduction reduction_;
};
class CosineEmbeddingLoss : public Layer<CosineEmbeddingLoss> {
 public:
  explicit CosineEmbeddingLoss(double margin = 0, Reduction reduction = Reduction::mean)
      : margin_(margin), reduction_(reduction) {}
  Tensor forward(Operand x1, Operand x2, Operand target) const {
    return cosine_embedding_loss(x1, x2, target, margin_, reduction_);
  }

 private:
  double margin_;
  Reduction reduction_;
};
class TripletMarginLoss : public Layer<TripletMarginLoss> {
 public:
  explicit TripletMarginLoss(TripletMarginOptions options = {}) : options_(options) {}
  Tensor forward(Operand anchor, Operand positive, Operand negative) const {
    return triplet_margin_loss(anchor, positive, negative, options_);
  }

 private:
  TripletMarginOptions options_;
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

}  // namespace xgrad::nn
