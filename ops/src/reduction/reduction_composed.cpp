// Reductions made of others.
#include <xgrad/ops/reduction.hpp>

#include <cmath>

#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>

#include "checks.hpp"
#include "reduction/reduced_axes.hpp"

namespace xgrad {
namespace {

using detail::Axes;

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
  if (!is_floating(x.dtype()))
    return logsumexp(x.materialize().to(get_default_dtype()), dims, keepdim);
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
