// loss.hpp: loss functions.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// How the losses of the elements are reduced. batchmean, which only kl_div supports, is the sum
/// divided by the size of dim 0.
enum class Reduction { none, mean, sum, batchmean };

// Elementwise losses, which are then reduced. Operands broadcast, and are float32 or float64.
// Gradients flow to all operands; for the mean they are divided by the number of elements.

/// (x - target)^2. @grad dx = 2 (x - target) dy, dtarget = -dx; saves both.
/// @check mse_loss(x, y); x [3, 4], y [4]
Tensor mse_loss(Operand x, Operand target, Reduction reduction = Reduction::mean);
/// |x - target|. @grad dx = sign(x - target) dy; saves both.
/// @check l1_loss(x, y); x [3, 4], y [4]
Tensor l1_loss(Operand x, Operand target, Reduction reduction = Reduction::mean);
/// (x - target)^2 / (2 beta) where |x - target| < beta, |x - target| - beta / 2 elsewhere
/// (Girshick, ICCV 2015). @throws ValueError if beta is negative.
/// @check smooth_l1_loss(x, y); x [3, 4], y [4]
Tensor smooth_l1_loss(Operand x, Operand target, Reduction reduction = Reduction::mean,
                      double beta = 1);
/// (x - target)^2 / 2 where |x - target| <= delta, delta (|x - target| - delta / 2) elsewhere
/// (Huber, 1964). @throws ValueError unless delta is positive.
/// @check huber_loss(x, y); x [3, 4], y [4]
Tensor huber_loss(Operand x, Operand target, Reduction reduction = Reduction::mean,
                  double delta = 1);
/// -(target log x + (1 - target) log(1 - x)) for probabilities x. The logarithms are at least -100.
/// @param weight  a factor for each element; undefined for none.
/// @throws ValueError if an element of x is outside [0, 1].
/// @grad dx = dy (x - target) / max(x (1 - x), 1e-12); saves both.
/// @check binary_cross_entropy(x, y); x [3, 4] in (0.1, 0.9), y [3, 4] in (0.1, 0.9)
Tensor binary_cross_entropy(Operand x, Operand target, const Tensor& weight = {},
                            Reduction reduction = Reduction::mean);

struct BinaryCrossEntropyOptions {
  Tensor weight = {};  ///< a factor for each element
  Reduction reduction = Reduction::mean;
  Tensor pos_weight = {};  ///< a factor for target log x, such as one for each class; broadcasts
};
/// binary_cross_entropy of sigmoid(x), computed without overflow as (1 - target) x +
/// (1 + (pos_weight - 1) target) softplus(-x).
/// @grad without pos_weight, dx = dy (sigmoid(x) - target); saves both.
/// @check binary_cross_entropy_with_logits(x, y, {.pos_weight = w}); x [3, 4], y [3, 4] in (0.1,
/// 0.9), w [4] in (0.5, 2)
Tensor binary_cross_entropy_with_logits(Operand x, Operand target,
                                        const BinaryCrossEntropyOptions& options = {});
/// Kullback-Leibler divergence target (log target - x), 0 where target is 0, for log-probabilities
/// x and probabilities target (Kullback and Leibler, 1951). If log_target, target are
/// log-probabilities too.
/// @check kl_div(x, y); x [3, 4] in (-3, 0), y [3, 4] in (0.1, 0.9)
Tensor kl_div(Operand x, Operand target, Reduction reduction = Reduction::mean,
              Flag log_target = false);

// Losses for classification.

/// Optional arguments of cross_entropy and nll_loss.
struct CrossEntropyOptions {
  Tensor weight = {};                ///< (C): a factor for each class
  std::int64_t ignore_index = -100;  ///< targets of this value are ignored
  Reduction reduction = Reduction::mean;
  double label_smoothing = 0;  ///< in [0, 1]: share of the target spread over all classes
};

/// -log softmax(x)[target], the cross entropy between logits x and target.
///
/// @param x       logits, (C), (N, C) or (N, C, d1, ...); float32 or float64.
/// @param target  class indices in [0, C), int64, of x's shape without C; or class probabilities of
///                x's shape.
/// @return  0-d, or of x's shape without C for Reduction::none. The mean is weighted by the weights
///          of the classes. As in PyTorch, it is NaN if all targets are ignored.
/// @throws ShapeError, DTypeError; ValueError for a class out of range.
/// @grad  dx = (softmax(x) - target) dy w / sum(w); saves log_softmax(x) and target.
/// @check cross_entropy(x, tensor({1, 0, 3}), {.label_smoothing = 0.1}); x [3, 4]
Tensor cross_entropy(Operand x, const Tensor& target, const CrossEntropyOptions& options = {});

/// Negative log-likelihood -x[target] for log-probabilities x. Like cross_entropy, but takes
/// neither label_smoothing nor class probabilities.
/// @check nll_loss(x, tensor({1, 0, 3})); x [3, 4]
Tensor nll_loss(Operand x, const Tensor& target, const CrossEntropyOptions& options = {});

// More losses for regression and ranking. They are reduced as above; their gradients are made of
// ops.

struct PoissonNllOptions {
  bool log_input = true;  ///< x is the logarithm of the rate
  bool full = false;      ///< adds Stirling's approximation of log(target!)
  double eps = 1e-8;      ///< added to the rate before taking its logarithm
  Reduction reduction = Reduction::mean;
};
/// The negative log-likelihood of a Poisson-distributed target: e^x - target x, or
/// x - target log(x + eps) if log_input is false.
/// @check poisson_nll_loss(x, y); x [3, 4], y [4]
Tensor poisson_nll_loss(Operand x, Operand target, const PoissonNllOptions& options = {});

struct GaussianNllOptions {
  bool full = false;  ///< adds log(2 pi) / 2
  double eps = 1e-6;  ///< lower bound of the variance; a clamped variance still gets its gradient
  Reduction reduction = Reduction::mean;
};
/// (log(var) + (x - target)^2 / var) / 2, the negative log-likelihood of a normally distributed
/// target. var has the shape of x, except that its last size may be 1 or missing.
/// @throws ShapeError for another shape; ValueError for a negative variance.
/// @check gaussian_nll_loss(x, y, v); x [3, 4], y [3, 4], v [3, 1] in (0.5, 2)
Tensor gaussian_nll_loss(Operand x, Operand target, Operand var,
                         const GaussianNllOptions& options = {});
/// x where target is 1, max(0, margin - x) where it is -1; for another target, the sum of both.
/// @check hinge_embedding_loss(x, tensor({1, -1, 1, -1})); x [4] in (-0.9, 0.9)
Tensor hinge_embedding_loss(Operand x, Operand target, double margin = 1,
                            Reduction reduction = Reduction::mean);
/// max(0, margin - target (x1 - x2)). target is 1 where x1 should rank higher, -1 where x2 should.
/// @check margin_ranking_loss(a, b, tensor({1, -1, 1, -1}), 5); a [4], b [4]
Tensor margin_ranking_loss(Operand x1, Operand x2, Operand target, double margin = 0,
                           Reduction reduction = Reduction::mean);
/// log(1 + e^(-target x)) for targets 1 and -1.
/// @check soft_margin_loss(x, tensor({1, -1, 1})); x [2, 3]
Tensor soft_margin_loss(Operand x, Operand target, Reduction reduction = Reduction::mean);
/// 1 - cos(x1, x2) where target is 1, max(0, cos(x1, x2) - margin) where it is -1. x1 and x2 are
/// both (N, D) or both (D).
/// @check cosine_embedding_loss(a, b, tensor({1, -1, 1})); a [3, 4], b [3, 4]
Tensor cosine_embedding_loss(Operand x1, Operand x2, Operand target, double margin = 0,
                             Reduction reduction = Reduction::mean);

struct TripletMarginOptions {
  double margin = 1;
  double p = 2;       ///< of the p-norm distance d
  double eps = 1e-6;  ///< added to differences
  bool swap = false;  ///< uses d(positive, negative) instead of d(anchor, negative) if smaller
  Reduction reduction = Reduction::mean;
};
/// max(0, d(anchor, positive) - d(anchor, negative) + margin) (Balntas et al., BMVC 2016).
/// @check triplet_margin_loss(a, p, n, {.margin = 3, .swap = true}); a [3, 4], p [3, 4], n [3, 4]
Tensor triplet_margin_loss(Operand anchor, Operand positive, Operand negative,
                           const TripletMarginOptions& options = {});

// More losses for classification.

struct MultiMarginOptions {
  int p = 1;  ///< 1 or 2
  double margin = 1;
  Tensor weight = {};  ///< (C): a factor for each class
  Reduction reduction = Reduction::mean;
};
/// The sum of max(0, margin - x[target] + x[i])^p over the other classes i, divided by C. x is
/// (N, C) or (C); target is (N) or 0-d, int64.
/// @check multi_margin_loss(x, tensor({2, 0})); x [2, 3]
Tensor multi_margin_loss(Operand x, const Tensor& target, const MultiMarginOptions& options = {});
/// The sum of max(0, 1 - x[t] + x[i]) over the targets t and the other classes i of a sample,
/// divided by C. The targets of a sample end at the first -1. Both are (N, C) or (C); target is
/// int64.
/// @check multilabel_margin_loss(x, tensor({{2, 0, -1, 1}})); x [1, 4]
Tensor multilabel_margin_loss(Operand x, const Tensor& target,
                              Reduction reduction = Reduction::mean);
/// binary_cross_entropy_with_logits, averaged over the classes in the last dim.
/// @check multilabel_soft_margin_loss(x, y); x [3, 4], y [3, 4] in (0.1, 0.9)
Tensor multilabel_soft_margin_loss(Operand x, Operand target, const Tensor& weight = {},
                                   Reduction reduction = Reduction::mean);

struct CtcOptions {
  std::int64_t blank = 0;                 ///< the class of the blank label
  Reduction reduction = Reduction::mean;  ///< mean: divides by target lengths, then averages
  bool zero_infinity = false;  ///< replaces infinite losses (targets too long) and gradients by 0
};
/// Connectionist temporal classification: the negative logarithm of the probability of targets,
/// summed over all alignments with the inputs (Graves et al., ICML 2006).
///
/// @param log_probs  (T, N, C) or (T, C), the result of log_softmax.
/// @param targets    int64 class indices other than the blank: (N, S), where elements beyond the
///                   length of a sample are ignored, or 1-d with the targets of all samples
///                   concatenated.
/// @throws ShapeError, DTypeError, ValueError for arguments that do not match.
/// @orders 1
/// @grad  dx = dy (e^log_probs - the posterior probability of each class). As in PyTorch, this is
///        the gradient only if log_probs comes from log_softmax. First order only: create_graph
///        throws.
/// @check ctc_loss(log_softmax(x, -1), tensor({{1, 2}}), tensor({4}), tensor({2})); x [4, 1, 3]
Tensor ctc_loss(Operand log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, const CtcOptions& options = {});

}  // namespace xgrad
