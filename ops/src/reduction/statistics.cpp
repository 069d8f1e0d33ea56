// Reductions made of others: var, std, logsumexp.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
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

namespace {
Tensor without_nan(const Operand& x) {
  const Tensor source = x.materialize();
  return is_floating(source.dtype()) ? where(source.detach() != source.detach(), 0, source)
                                     : source;
}
}  // namespace

Tensor nansum(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("nansum", x);
  return sum(without_nan(x), dims, keepdim);
}
Tensor nanmean(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("nanmean", x);
  detail::check_floating("nanmean", x);
  const Tensor source = x.materialize().detach();
  const Tensor numbers = sum((source == source).to(x.dtype()), dims, keepdim);
  return nansum(x, dims, keepdim) / numbers;
}

Tensor all(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("all", x);
  const NoGrad guard;
  return sum(logical_not(x), dims, keepdim) == 0;
}
Tensor any(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("any", x);
  const NoGrad guard;
  return sum(x.materialize().to(bool_), dims, keepdim) != 0;
}
Tensor count_nonzero(Operand x, const Dims& dims) {
  const OpScope scope("count_nonzero", x);
  const NoGrad guard;
  return sum(x.materialize().to(bool_), dims);
}
MinMax aminmax(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("aminmax", x);
  return {amin(x, dims, keepdim), amax(x, dims, keepdim)};
}

namespace {

Tensor log_of_sum(const Operand& x, const Dims& axes, bool keepdim) {
  const NoGrad guard;
  const Tensor source = x.materialize().detach();
  if (source.numel() == 0) return log(sum(exp(source), axes, keepdim));
  const Tensor largest = amax(source, axes, true);
  const Tensor shift = where(abs(largest) == INFINITY, 0, largest);  // inf - inf would be NaN
  const Tensor total = log(sum(exp(source - shift), axes, true)) + shift;
  return keepdim ? total : sum(total, axes);
}

}  // namespace

Tensor logsumexp(Operand x, const Dims& dims, Flag keepdim) {
  const OpScope scope("logsumexp", x);
  if (!is_floating(x.dtype())) return logsumexp(x.materialize().to(float32), dims, keepdim);
  const Axes axes = detail::axes_of("logsumexp", x, dims);
  const std::uint64_t bits = detail::bits_of(axes);
  return record({"logsumexp", "dx = dy * exp(x - y)"}, {x}, log_of_sum(x, dims, keepdim),
                save_inputs | save_output, [bits](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor source = in[0];
                  const Tensor y = detail::with_kept_axes(in.output(), in.shape(0), bits);
                  dx.add(0, detail::with_kept_axes(dy, in.shape(0), bits) * exp(source - y));
                });
}

}  // namespace xgrad
