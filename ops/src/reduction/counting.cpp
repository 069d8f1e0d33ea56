// Searches and counts, which have no gradients.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/sorting.hpp>

#include "sizes.hpp"

namespace xgrad {
namespace {

// The sequence's rows, and as many rows of values for each.
void check_rows(const Tensor& sorted, const Tensor& values) {
  bool fits = sorted.dim() == 1 || sorted.dim() == values.dim();
  for (int i = 0; fits && sorted.dim() > 1 && i < sorted.dim() - 1; ++i)
    fits = sorted.size(i) == values.size(i);
  if (!fits || sorted.dim() == 0)
    throw ShapeError(
        fmt::format("searchsorted: {} in {}; the sequence must be one row, or have the "
                    "same axes before its last",
                    detail::describe(values), detail::describe(sorted)));
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
  Tensor at = zeros(values.shape(), {.dtype = int64});
  dispatch(dtype, [&]<class T>() {
    std::int64_t* const to = at.mutable_data<std::int64_t>();
    for (std::int64_t k = 0; k < values.numel(); ++k) {
      const T* const row = sorted.data<T>() + (sorted.dim() == 1 ? 0 : k / each * n);
      const T v = values.data<T>()[k];
      to[k] = (right ? std::upper_bound(row, row + n, v) : std::lower_bound(row, row + n, v)) - row;
    }
  });
  return at;
}
Tensor bucketize(Operand values, const Tensor& boundaries, Flag right) {
  const OpScope scope("bucketize", values);
  return searchsorted(boundaries, values, right);
}

Uniques unique_with_counts(const Tensor& x, Site site) {
  const OpScope scope("unique_with_counts", site);
  Uniques u;
  dispatch(x.dtype(), [&]<class T>() {
    const T* const from = x.data<T>();
    detail::ScratchVector<std::int64_t> order(static_cast<std::size_t>(x.numel())),
        inverse(order.size()), counts;
    std::iota(order.begin(), order.end(), std::int64_t{0});
    std::stable_sort(order.begin(), order.end(), [from](std::int64_t i, std::int64_t j) {
      return from[i] < from[j] || (from[j] != from[j] && from[i] == from[i]);
    });
    detail::ScratchVector<std::int64_t> firsts;
    for (const std::int64_t k : order) {
      if (firsts.empty() || from[k] != from[firsts.back()]) {
        firsts.push_back(k);
        counts.push_back(0);
      }
      ++counts.back();
      inverse[static_cast<std::size_t>(k)] = static_cast<std::int64_t>(firsts.size()) - 1;
    }
    u.values = empty({static_cast<std::int64_t>(firsts.size())}, {.dtype = x.dtype()});
    for (std::size_t i = 0; i < firsts.size(); ++i) u.values.mutable_data<T>()[i] = from[firsts[i]];
    u.inverse = reshape(tensor(inverse), x.shape());
    u.counts = tensor(counts);
  });
  return u;
}
Tensor unique(const Tensor& x, Site site) {
  const OpScope scope("unique", site);
  return unique_with_counts(x).values;
}

Tensor bincount(const Tensor& x, const Tensor& weights, std::int64_t minlength, Site site) {
  const OpScope scope("bincount", site);
  if (x.dim() != 1 || (weights.defined() && weights.shape() != x.shape()))
    throw ShapeError(fmt::format("bincount: {} must be a vector, and the weights one like it",
                                 detail::describe(x)));
  std::int64_t bins = minlength;
  for (const std::int64_t i : x.span<std::int64_t>(site)) {
    if (i < 0)
      throw ValueError(
          fmt::format("bincount: {} holds {}; no element may be negative", detail::describe(x), i));
    bins = std::max(bins, detail::saturated_sum(i, 1));
  }
  if (!weights.defined()) {
    Tensor counts = zeros({bins}, {.dtype = int64});
    for (const std::int64_t i : x.span<std::int64_t>(site))
      ++counts.mutable_data<std::int64_t>()[i];
    return counts;
  }
  const Tensor w = weights.detach().to(float64);
  Tensor totals = zeros({bins}, {.dtype = float64});
  for (std::int64_t k = 0; k < x.numel(); ++k)
    totals.mutable_data<double>()[x.data<std::int64_t>()[k]] += w.data<double>()[k];
  return weights.dtype() == float32 ? totals.to(float32) : totals;
}

Tensor histc(const Tensor& x, std::int64_t bins, double low, double high, Site site) {
  const OpScope scope("histc", site);
  if (bins < 1 || !(low <= high))
    throw ValueError(
        fmt::format("histc: {} bins over [{}, {}]; there must be at least one, and min "
                    "not above max",
                    bins, low, high));
  const Tensor all = x.detach().to(float64);
  Tensor counts = zeros({bins}, {.dtype = float64});
  if (all.numel() == 0) return counts.to(x.dtype());
  if (low == high) {
    low = amin(all).item<double>();
    high = amax(all).item<double>();
  }
  if (!std::isfinite(low) || !std::isfinite(high))
    throw ValueError(
        fmt::format("histc: the range [{}, {}] of {} is not finite; give a finite min "
                    "and max",
                    low, high, detail::describe(x)));
  if (low == high) --low, ++high;
  const double width = high / 2 - low / 2;  // halves: the whole may overflow
  for (const double v : all.span<double>()) {
    if (!(v >= low && v <= high)) continue;
    const double part = width > 0 ? (v / 2 - low / 2) / width : 0.5;  // no width: all are equal
    const auto bin = static_cast<std::int64_t>(part * static_cast<double>(bins));
    ++counts.mutable_data<double>()[std::min(bin, bins - 1)];
  }
  return counts.to(x.dtype());
}

}  // namespace xgrad
