#include <xgrad/ops/statistics.hpp>

#include <algorithm>
#include <cmath>

#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/reduction.hpp>

#include "checks.hpp"
#include "reduction/reduced_axes.hpp"

namespace xgrad {
namespace {

using detail::Axes;

// The reduced axes, and what the squares' sum is divided by.
struct Spread {
  std::uint64_t bits;
  double divisor;
};
Spread spread_of(const char* op, const Operand& x, const Dims& dims, double correction) {
  detail::check_floating(op, x);
  const Axes axes = detail::axes_of(op, x, dims);
  const auto count = static_cast<double>(detail::reduced_numel(x.shape(), axes));
  const bool any = count > 0;  // whatever the correction, nothing has no variance
  return {detail::bits_of(axes), any ? std::max(0.0, count - correction) : 0};
}

Tensor centered(const Tensor& x, const Spread& s) {
  return x - mean(x, detail::dims_of(s.bits, x.dim()), true);
}
Tensor variance_in(const Tensor& x, const Spread& s, bool keepdim) {
  return sum(square(centered(x, s)), detail::dims_of(s.bits, x.dim()), keepdim) / s.divisor;
}
// In float64 where squares in float32 overflow, or lose their digits near 0: of numbers around
// 1e20 and 1e-20.
Tensor variance(const Operand& x, const Spread& s, bool keepdim) {
  const NoGrad guard;
  const Tensor source = x.materialize().detach(), y = variance_in(source, s, keepdim);
  if (y.dtype() == float64) return y;
  const Tensor doubtful = logical_or(y == INFINITY, logical_and(y > 0, y < 1e-28));
  return any(doubtful).item<bool>() ? variance_in(source.to(float64), s, keepdim) : y;
}

}  // namespace

Tensor var(Operand x, const Dims& dims, Flag keepdim, double correction) {
  const OpScope scope("var", x);
  const Spread s = spread_of("var", x, dims, correction);
  return record({"var", "dx = dy * 2 (x - mean) / (n - correction)"}, {x},
                variance(x, s, keepdim).to(x.dtype()), save_inputs,
                [s](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor up = detail::with_kept_axes(dy, in.shape(0), s.bits);
                  dx.add(0, up * (2 / s.divisor) * centered(in[0], s));
                });
}

Tensor std(Operand x, const Dims& dims, Flag keepdim, double correction) {
  const OpScope scope("std", x);
  const Spread s = spread_of("std", x, dims, correction);
  const Tensor value = [&] {
    const NoGrad guard;
    return sqrt(variance(x, s, keepdim)).to(x.dtype());
  }();
  return record({"std", "dx = dy * (x - mean) / ((n - correction) y)"}, {x}, value,
                save_inputs | save_output, [s](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor y = in.output();
                  const Tensor slope = where(y.detach() == 0, 0, dy / (y * s.divisor));
                  dx.add(0,
                         detail::with_kept_axes(slope, in.shape(0), s.bits) * centered(in[0], s));
                });
}

VarMean var_mean(Operand x, const Dims& dims, Flag keepdim, double correction) {
  const OpScope scope("var_mean", x);
  return {var(x, dims, keepdim, correction), mean(x, dims, keepdim)};
}
StdMean std_mean(Operand x, const Dims& dims, Flag keepdim, double correction) {
  const OpScope scope("std_mean", x);
  return {std(x, dims, keepdim, correction), mean(x, dims, keepdim)};
}

}  // namespace xgrad
