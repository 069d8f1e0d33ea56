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
Tensor mse_loss(Operand x, Operand target, Reduction reduction = Reduction::mean);
/// |x - target|. @grad dx = sign(x - target) dy; reads both.
Tensor l1_loss(Operand x, Operand target, Reduction reduction = Reduction::mean);
/// (x - target)^2 / (2 beta) where |x - target| < beta, |x - target| - beta / 2 elsewhere
/// (Girshick, ICCV 2015). @throws ValueError if beta is negative.
Tensor smooth_l1_loss(Operand x, Operand target, Reduction reduction = Reduction::mean,
                      double beta = 1);
/// (x - target)^2 / 2 up to |x - target| = delta, delta (|x - target| - delta / 2) beyond (Huber,
/// 1964). @throws ValueError unless delta is positive.
Tensor huber_loss(Operand x, Operand target, Reduction reduction = Reduction::mean,
                  double delta = 1);
/// -(target log x + (1 - target) log(1 - x)), the logarithms at least -100. x are probabilities.
/// @param weight  a factor for each element, undefined for none.
/// @throws ValueError if an x is outside [0, 1].
/// @grad dx = dy (x - target) / max(x (1 - x), 1e-12); reads both.
Tensor binary_cross_entropy(Operand x, Operand target, const Tensor& weight = {},
                            Reduction reduction = Reduction::mean);

struct BinaryCrossEntropyOptions {
  Tensor weight = {};  ///< a factor for each element
  Reduction reduction = Reduction::mean;
  Tensor pos_weight = {};  ///< a factor for the positive part, broadcast; one for each class, say
};
/// The same of sigmoid(x), without overflow: (1 - target) x + (1 + (pos_weight - 1) target)
/// softplus(-x). @grad dx = dy (sigmoid(x) - target) without pos_weight; reads both.
Tensor binary_cross_entropy_with_logits(Operand x, Operand target,
                                        const BinaryCrossEntropyOptions& options = {});
/// target (log target - x), 0 where target is 0: the divergence of log-probabilities x from
/// probabilities; with log_target, target are log-probabilities too (Kullback and Leibler, 1951).
Tensor kl_div(Operand x, Operand target, Reduction reduction = Reduction::mean,
              bool log_target = false);

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
Tensor cross_entropy(Operand x, const Tensor& target, const CrossEntropyOptions& options = {});

/// The same from log-probabilities; label_smoothing and probabilities are cross_entropy's alone.
Tensor nll_loss(Operand x, const Tensor& target, const CrossEntropyOptions& options = {});

}  // namespace xgrad
