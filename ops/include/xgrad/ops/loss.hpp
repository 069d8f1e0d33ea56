// loss.hpp: how far predictions are from their targets.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// What becomes of the losses of the elements.
enum class Reduction { none, mean, sum };

/// (x - target)^2, elementwise, then reduced. Operands broadcast; float32 or float64.
/// @grad dx = 2 (x - target) dy, over n for the mean; dtarget = -dx; reads both.
Tensor mse_loss(Operand x, Operand target, Reduction reduction = Reduction::mean);

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
