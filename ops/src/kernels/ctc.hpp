// ctc.hpp: connectionist temporal classification (Graves et al., 2006).
#pragma once

#include <cstdint>
#include <optional>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// Log-probabilities (times, samples, classes). Sample n has input_lengths[n] times and
/// target_lengths[n] targets, in a row of its own of `width`; or all are after one another (-1).
struct CtcBatch {
  std::int64_t times, samples, classes, blank;
  const std::int64_t *targets, *input_lengths, *target_lengths;
  std::int64_t width;
};

/// How many times and targets a sample has.
struct CtcLengths {
  std::int64_t sample, times, targets;
};
/// The first that are negative, or more than the batch's times or than a row's width.
std::optional<CtcLengths> first_bad_lengths(const CtcBatch& batch);
/// The first target that is no class, or the blank. Behind a row's length there may be any.
std::optional<std::int64_t> first_bad_target(const CtcBatch& batch);

/// losses[n] = -log of the probability of sample n's targets; inf where they do not fit. Floating
/// dtypes; the recursions run in double, those of several samples at once.
void ctc_losses(DType dtype, const CtcBatch& batch, const void* log_probs, void* losses);
/// dx += dy[n] times the gradient of losses[n], for each sample; that of softmax's scores, whose
/// own gradient cancels the rest.
void ctc_gradient(DType dtype, const CtcBatch& batch, const void* log_probs, const void* dy,
                  void* dx);

}  // namespace xgrad::detail
