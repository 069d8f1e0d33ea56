// statistics.hpp: variance and standard deviation over dims.
//
// `dims` are the dims to reduce; if empty, all. With keepdim, reduced dims stay, with size 1.
// @throws ShapeError  for a dim that is out of range or repeated.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Variance: sum((x - mean)^2) / (n - correction). The default correction 1 is Bessel's. If
/// n - correction is 0, the result is NaN for a sum of 0, otherwise infinite.
/// @throws DTypeError unless x is float32 or float64.
/// @grad  dx = dy 2 (x - mean) / (n - correction); saves x.
/// @check var(x, 1); x [3, 5]
/// @check var(x); x [2, 3]
Tensor var(Operand x, const Dims& dims = {}, Flag keepdim = false, double correction = 1);
/// Standard deviation, the square root of var. After `using namespace xgrad`, call it as
/// xgrad::std.
/// @grad dx = dy (x - mean) / ((n - correction) y), 0 where y is 0; saves x and y.
/// @check xgrad::std(x, 0, true); x [4, 3]
Tensor std(Operand x, const Dims& dims = {}, Flag keepdim = false, double correction = 1);
/// Variance or standard deviation, together with the mean: `auto [deviation, mean] = std_mean(x)`.
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
