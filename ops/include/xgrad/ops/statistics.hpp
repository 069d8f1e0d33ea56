// statistics.hpp: variances and standard deviations over axes.
//
// `dims` are the axes to reduce, all if empty; with keepdim they stay, of size 1.
// @throws ShapeError  for a dim that is not there, or is named twice.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Variance: the sum of squared distances from the mean over n - correction (1: Bessel's); NaN
/// where that is 0 over 0, infinite over another. @throws DTypeError unless floating.
/// @grad  dx = dy 2 (x - mean) / (n - correction); reads x.
/// @check var(x, 1); x [3, 5]
/// @check var(x); x [2, 3]
Tensor var(Operand x, const Dims& dims = {}, Flag keepdim = false, double correction = 1);
/// Its square root; behind `using namespace xgrad`, call it as xgrad::std. @grad dx = dy (x - mean)
/// / ((n - correction) y), 0 where y is 0; reads x and y.
/// @check xgrad::std(x, 0, true); x [4, 3]
Tensor std(Operand x, const Dims& dims = {}, Flag keepdim = false, double correction = 1);
/// Both at once, sharing the mean: `auto [deviation, mean] = std_mean(x)`.
struct VarMean {
  Tensor var, mean;
};
struct StdMean {
  Tensor std, mean;
};
/// @check var_mean(x, 1).var; x [3, 5]
VarMean var_mean(Operand x, const Dims& dims = {}, Flag keepdim = false, double correction = 1);
/// @check std_mean(x, 1).std; x [3, 5]
StdMean std_mean(Operand x, const Dims& dims = {}, Flag keepdim = false, double correction = 1);

}  // namespace xgrad
