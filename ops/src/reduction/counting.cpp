#include <xgrad/ops/counting.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/counting.hpp"
#include "movement/gather_rows.hpp"
#include "sizes.hpp"

namespace xgrad {
namespace {

using detail::positions_of;
using detail::raw;

// The sequence's rows, and as many rows of values for each.
void check_rows(const Tensor& sorted, const Tensor& values) {
  bool fits = sorted.dim() == 1 || sorted.dim() == values.dim();
  for (int i = 0; fits && sorted.dim() > 1 && i < sorted.dim() - 1; ++i)
    fits = sorted.size(i) == values.size(i);
  if (!fits || sorted.dim() == 0)
    throw ShapeError(
        fmt::format("searchsorted: sorted_sequence is {}, values {}; sorted_sequence must be 1-d, "
                    "or have the sizes of values in all dims but the last",
                    detail::describe(sorted), detail::describe(values)));
}

}  // namespace

Tensor searchsorted(const Tensor& sequence, Operand wanted, Flag right) {
  const OpScope scope("searchsorted", wanted);
  const DType dtype = result_type({sequence, wanted});
  const Tensor sorted = sequence.detach().to(dtype),
               values = wanted.materialize(dtype).detach().to(dtype);
  check_rows(sorted, values);
  const std::int64_t n = sorted.shape().back();
  const std::int64_t each = sorted.dim() == 1 ? values.numel() : values.shape().back();
  const Tensor at = detail::new_positions(values.shape());
  detail::search_sorted(dtype, n, each, right, raw<void>(sorted), values.numel(), raw<void>(values),
                        positions_of(at));
  return at;
}
Tensor bucketize(Operand values, const Tensor& boundaries, Flag right) {
  const OpScope scope("bucketize", values);
  return searchsorted(boundaries, values, right);
}

namespace {

// The different elements; which of them each element is, if `inverse` is defined.
Uniques uniques(const Tensor& x, const Tensor& inverse) {
  const std::int64_t n = x.numel();
  const Tensor first = detail::new_positions({n}), counts = detail::new_positions({n});
  const std::int64_t found =
      detail::unique_elements(x.dtype(), n, raw<void>(x), positions_of(first), positions_of(counts),
                              inverse.defined() ? positions_of(inverse) : nullptr);
  const Tensor values =
      detail::gather_rows("unique", x.detach(), narrow(first, 0, 0, found), {found});
  return {values, inverse, narrow(counts, 0, 0, found)};
}

}  // namespace

Uniques unique_with_counts(const Tensor& x, Site site) {
  const OpScope scope("unique_with_counts", site);
  return uniques(x, detail::new_positions(x.shape()));
}
Tensor unique(const Tensor& x, Site site) {
  const OpScope scope("unique", site);
  return uniques(x, Tensor()).values;
}

Tensor bincount(const Tensor& x, const Tensor& weights, std::int64_t minlength, Site site) {
  const OpScope scope("bincount", site);
  if (x.dtype() != int64)
    throw DTypeError(
        fmt::format("bincount: the input is {}; it must be int64", detail::describe(x)));
  if (x.dim() != 1)
    throw ShapeError(fmt::format("bincount: the input is {}; it must be 1-d", detail::describe(x)));
  if (weights.defined() && weights.shape() != x.shape())
    throw ShapeError(
        fmt::format("bincount: weights is {}, the input {}; both must have the same shape",
                    detail::describe(weights), detail::describe(x)));
  const Tensor at = x.detach();
  std::int64_t bins = minlength;
  if (at.numel() > 0) {
    const detail::IntegerRange range = detail::integer_range(at.numel(), positions_of(at));
    if (range.least < 0)
      throw ValueError(fmt::format("bincount: {} contains {}; its elements must be at least 0",
                                   detail::describe(x), range.least));
    bins = std::max(bins, detail::saturated_sum(range.most, 1));
  }
  if (!weights.defined()) {
    const Tensor counts = detail::new_positions({bins});
    detail::count_integers(at.numel(), positions_of(at), bins, positions_of(counts));
    return counts;
  }
  const Tensor totals =
      detail::scatter_add_rows("bincount", weights.detach().to(float64), at, 1, Shape{bins});
  return weights.dtype() == float32 ? totals.to(float32) : totals;
}

Tensor histc(const Tensor& x, std::int64_t bins, double low, double high, Site site) {
  const OpScope scope("histc", site);
  if (bins < 1 || !(low <= high))
    throw ValueError(fmt::format(
        "histc: bins is {}, min {} and max {}; bins must be at least 1, and min at most max", bins,
        low, high));
  const Tensor all = x.detach().to(float64);
  const Tensor counts = zeros({bins}, {.dtype = float64});
  if (all.numel() == 0) return counts.to(x.dtype());
  if (low == high) {
    low = amin(all).item<double>();
    high = amax(all).item<double>();
  }
  if (!std::isfinite(low) || !std::isfinite(high))
    throw ValueError(
        fmt::format("histc: the range [{}, {}] of {} is not finite; pass a finite min and max", low,
                    high, detail::describe(x)));
  if (low == high) --low, ++high;
  detail::count_in_bins(low, high, all.numel(), raw<double>(all), bins, raw<double>(counts));
  return counts.to(x.dtype());
}

}  // namespace xgrad
