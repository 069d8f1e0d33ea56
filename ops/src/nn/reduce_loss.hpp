// reduce_loss.hpp: losses of elements, reduced as told.
#pragma once

#include <xgrad/ops/loss.hpp>

namespace xgrad::detail {

/// @throws ValueError, naming op, for batchmean.
Tensor reduced(const char* op, const Tensor& losses, Reduction reduction);

}  // namespace xgrad::detail
