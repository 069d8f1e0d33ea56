// loss.hpp: how far predictions are from their targets.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// What becomes of the losses of the elements; batchmean, for kl_div alone, is their sum over the
/// size of the first axis.
enum class Reduction { none, mean, sum, batchmean };

// Elementwise losses, then reduced. Operands broadcast; float32 or float64. Gradients flow to all
// of them, over n for the mean.

/// (x - target)^2. @grad dx = 2 (x - target) dy, dtarget = -dx; reads both.
/// @check mse_loss(x, y); x [3, 4], y [4]
Tensor mse_loss(Operand x, Operand target, Reduction reduction = Reduction::mean);
/// |x - target|. @grad dx = sign(x - target) dy; reads both.
/// @check l1_loss(x, y); x [3, 4], y [4]
Tensor l1_loss(Operand x, Operand target, Reduction reduction = Reduction::mean);
/// (x - target)^2 / (2 beta) where |x - target| < beta, |x - target| - beta / 2 elsewhere
/// (Girshick, ICCV 2015). @throws ValueError if beta is negative.
/// @check smooth_l1_loss(x, y); x [3, 4], y [4]
Tensor smooth_l1_loss(Operand x, Operand target, Reduction reduction = Reduction::mean,
                      double beta = 1);
/// (x - target)^2 / 2 up to |x - target| = delta, delta (|x - target| - delta / 2) beyond (Huber,
/// 1964). @throws ValueError unless delta is positive.
/// @check huber_loss(x, y); x [3, 4], y [4]
Tensor huber_loss(Operand x, Operand target, Reduction reduction = Reduction::mean,
                  double delta = 1);
/// -(target log x + (1 - target) log(1 - x)), the logarithms at least -100. x are probabilities.
/// @param weight  a factor for each element, undefined for none.
/// @throws ValueError if an x is outside [0, 1].
/// @grad dx = dy (x - target) / max(x (1 - x), 1e-12); reads both.
/// @check binary_cross_entropy(x, y); x [3, 4] in (0.1, 0.9), y [3, 4] in (0.1, 0.9)
Tensor binary_cross_entropy(Operand x, Operand target, const Tensor& weight = {},
                            Reduction reduction = Reduction::mean);

struct BinaryCrossEntropyOptions {
  Tensor weight = {};  ///< a factor for each element
  Reduction reduction = Reduction::mean;
  Tensor pos_weight = {};  ///< a factor for the positive part, broadcast; one for each class, say
};
/// The same of sigmoid(x), without overflow: (1 - target) x + (1 + (pos_weight - 1) target)
/// softplus(-x). @grad dx = dy (sigmoid(x) - target) without pos_weight; reads both.
/// @check binary_cross_entropy_with_logits(x, y, {.pos_weight = w}); x [3, 4], y [3, 4] in (0.1,
/// 0.9), w [4] in (0.5, 2)
Tensor binary_cross_entropy_with_logits(Operand x, Operand target,
                                        const BinaryCrossEntropyOptions& options = {});
/// target (log target - x), 0 where target is 0: the divergence of log-probabilities x from
/// probabilities; with log_target, target are log-probabilities too (Kullback and Leibler, 1951).
/// @check kl_div(x, y); x [3, 4] in (-3, 0), y [3, 4] in (0.1, 0.9)
Tensor kl_div(Operand x, Operand target, Reduction reduction = Reduction::mean,
              Flag log_target = false);

// Losses of a classifier.

/// Optional arguments of cross_entropy and nll_loss.
struct CrossEntropyOptions {
  Tensor weight = {};                ///< (C): a factor for each class
  std::int64_t ignore_index = -100;  ///< samples with this target count for nothing
  Reduction reduction = Reduction::mean;
  double label_smoothing = 0;  ///< in [0, 1]: this share of the target goes to all classes
};

/// -log softmax(x)[target]: the loss of a classifier, from its scores.
///
/// @param x       scores, (C), (N, C) or (N, C, d1, ...); float32 or float64.
/// @param target  int64 classes in [0, C), shaped as x without C; or probabilities, shaped as x.
/// @return  0-d, or shaped as x without C for Reduction::none. The mean is weighted by the classes'
///          weights; NaN if every sample is ignored, as in PyTorch.
/// @throws ShapeError, DTypeError, ValueError (a class out of range).
/// @grad  dx = (softmax(x) - target) dy w / sum(w); reads log_softmax(x) and target.
/// @check cross_entropy(x, tensor({1, 0, 3}), {.label_smoothing = 0.1}); x [3, 4]
Tensor cross_entropy(Operand x, const Tensor& target, const CrossEntropyOptions& options = {});

/// The same from log-probabilities; label_smoothing and probabilities are cross_entropy's alone.
/// @check nll_loss(x, tensor({1, 0, 3})); x [3, 4]
Tensor nll_loss(Operand x, const Tensor& target, const CrossEntropyOptions& options = {});

// More losses of regression and ranking; reduced as above, and made of ops.

struct PoissonNllOptions {
  bool log_input = true;  ///< x is the logarithm of the rate
  bool full = false;      ///< with Stirling's approximation of log(target!)
  double eps = 1e-8;      ///< added to the rate before its logarithm is taken
  Reduction reduction = Reduction::mean;
};
/// e^x - target x, or x - target log(x + eps): the target is Poisson-distributed.
/// @check poisson_nll_loss(x, y); x [3, 4], y [4]
Tensor poisson_nll_loss(Operand x, Operand target, const PoissonNllOptions& options = {});

struct GaussianNllOptions {
  bool full = false;  ///< with log(2 pi) / 2
  double eps = 1e-6;  ///< the least variance; what is held there gets its gradient nevertheless
  Reduction reduction = Reduction::mean;
};
/// (log(var) + (x - target)^2 / var) / 2. var is shaped as x, or has 1 in place of the last size,
/// or lacks it. @throws ShapeError for others; ValueError for a negative variance.
/// @check gaussian_nll_loss(x, y, v); x [3, 4], y [3, 4], v [3, 1] in (0.5, 2)
Tensor gaussian_nll_loss(Operand x, Operand target, Operand var,
                         const GaussianNllOptions& options = {});
/// x where target is 1, max(0, margin - x) where it is -1, their sum for any other target.
/// @check hinge_embedding_loss(x, tensor({1, -1, 1, -1})); x [4] in (-0.9, 0.9)
Tensor hinge_embedding_loss(Operand x, Operand target, double margin = 1,
                            Reduction reduction = Reduction::mean);
/// max(0, margin - target (x1 - x2)): target is 1 where x1 should rank higher, -1 where x2.
/// @check margin_ranking_loss(a, b, tensor({1, -1, 1, -1}), 5); a [4], b [4]
Tensor margin_ranking_loss(Operand x1, Operand x2, Operand target, double margin = 0,
                           Reduction reduction = Reduction::mean);
/// log(1 + e^(-target x)), targets 1 and -1.
/// @check soft_margin_loss(x, tensor({1, -1, 1})); x [2, 3]
Tensor soft_margin_loss(Operand x, Operand target, Reduction reduction = Reduction::mean);
/// 1 - cos(x1, x2) where target is 1, max(0, cos(x1, x2) - margin) where it is -1; x1 and x2 are
/// (N, D) or (D).
/// @check cosine_embedding_loss(a, b, tensor({1, -1, 1})); a [3, 4], b [3, 4]
Tensor cosine_embedding_loss(Operand x1, Operand x2, Operand target, double margin = 0,
                             Reduction reduction = Reduction::mean);

struct TripletMarginOptions {
  double margin = 1;
  double p = 2;       ///< of the distance
  double eps = 1e-6;  ///< added to differences
  bool swap = false;  ///< the negative's distance from the positive counts if it is smaller
  Reduction reduction = Reduction::mean;
};
/// max(0, d(anchor, positive) - d(anchor, negative) + margin) (Balntas et al., BMVC 2016).
/// @check triplet_margin_loss(a, p, n, {.margin = 3, .swap = true}); a [3, 4], p [3, 4], n [3, 4]
Tensor triplet_margin_loss(Operand anchor, Operand positive, Operand negative,
                           const TripletMarginOptions& options = {});

// More losses of classifiers.

struct MultiMarginOptions {
  int p = 1;  ///< 1 or 2
  double margin = 1;
  Tensor weight = {};  ///< (C): a factor for each class
  Reduction reduction = Reduction::mean;
};
/// The mean over other classes i of max(0, margin - x[target] + x[i])^p; x is (N, C) or (C), target
/// (N) or 0-d, int64.
/// @check multi_margin_loss(x, tensor({2, 0})); x [2, 3]
Tensor multi_margin_loss(Operand x, const Tensor& target, const MultiMarginOptions& options = {});
/// The mean over classes of max(0, 1 - x[target] + x[other]), added up over the targets of a
/// sample, which end at the first -1, and its other classes; both (N, C) or (C), target int64.
/// @check multilabel_margin_loss(x, tensor({{2, 0, -1, 1}})); x [1, 4]
Tensor multilabel_margin_loss(Operand x, const Tensor& target,
                              Reduction reduction = Reduction::mean);
/// The mean over classes of binary_cross_entropy_with_logits.
/// @check multilabel_soft_margin_loss(x, y); x [3, 4], y [3, 4] in (0.1, 0.9)
Tensor multilabel_soft_margin_loss(Operand x, Operand target, const Tensor& weight = {},
                                   Reduction reduction = Reduction::mean);

struct CtcOptions {
  std::int64_t blank = 0;                 ///< the class that stands for nothing
  Reduction reduction = Reduction::mean;  ///< mean: over the targets' lengths, then over the batch
  bool zero_infinity = false;  ///< losses of targets that do not fit are 0, with gradient 0
};
/// -log of the probability of a sequence, over all its alignments with the inputs (Graves et al.,
/// ICML 2006).
///
/// @param log_probs  (T, N, C) or (T, C), as log_softmax gives them.
/// @param targets    int64 (N, S), or all of them one after the other: classes, never the blank.
///                   What is behind a sample's length in (N, S) does not count.
/// @throws ShapeError, DTypeError, ValueError for what does not fit.
/// @orders 1
/// @grad  e^log_probs minus the share of alignments, which is right behind log_softmax, as
///        PyTorch's. First order only: create_graph throws.
/// @check ctc_loss(log_softmax(x, -1), tensor({{1, 2}}), tensor({4}), tensor({2})); x [4, 1, 3]
Tensor ctc_loss(Operand log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, const CtcOptions& options = {});

}  // namespace xgrad
