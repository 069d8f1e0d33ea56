// rms_norm.hpp: rows divided by the root of their mean square.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// `rows` rows of n elements, one after the other; `weight` has n, or is null. Floating dtypes.
struct RmsNorm {
  std::int64_t rows, n;
  double eps;
};

/// y = r x weight with r = 1 / sqrt(mean(x^2) + eps) of each row. y may be x.
void rms_norm(DType dtype, const RmsNorm& size, const void* x, const void* weight, void* y);
/// dx = r (g - x r^2 mean(g x)) with g = dy weight.
void rms_norm_gradient(DType dtype, const RmsNorm& size, const void* x, const void* weight,
                       const void* dy, void* dx);
/// dweight = the sum of dy x r over the rows, in double; the same bits for any number of threads.
void rms_norm_weight_gradient(DType dtype, const RmsNorm& size, const void* x, const void* dy,
                              void* dweight);

}  // namespace xgrad::detail
