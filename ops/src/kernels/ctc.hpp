// ctc.hpp: connectionist temporal classification (Graves et al., 2006).
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// Log-probabilities (times, samples, classes). Sample n has input_lengths[n] times and
/// target_lengths[n] targets: in a row of its own, `width` apart, or all after one another (0).
struct CtcBatch {
  std::int64_t times, samples, classes, blank;
  const std::int64_t *targets, *input_lengths, *target_lengths;
  std::int64_t width;
};

/// losses[n] = -log of the probability of sample n's targets; inf where they do not fit. Floating
/// dtypes; the recursions run in double.
void ctc_losses(DType dtype, const CtcBatch& batch, const void* log_probs, void* losses);
/// dx += dy[n] times the gradient of losses[n], for each sample; that of softmax's scores, whose
/// own gradient cancels the rest.
void ctc_gradient(DType dtype, const CtcBatch& batch, const void* log_probs, const void* dy,
                  void* dx);

}  // namespace xgrad::detail
