#include <xgrad/ops/quantile.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/scatter.hpp>
#include <xgrad/ops/sorting.hpp>

namespace xgrad {
namespace {

void check(const char* op, const Operand& x, const Tensor& q, std::string_view interpolation) {
  if (!is_floating(x.dtype()) || q.dim() > 1)
    throw ShapeError(fmt::format(
        "{}: the input is {}, q {}; the input must be float32 or float64, and q a number or 1-d",
        op, describe(x), detail::describe(q)));
  if (x.shape().numel() == 0)
    throw ShapeError(
        fmt::format("{}: {} has no elements; there must be at least one", op, describe(x)));
  for (const double at : q.span<double>())
    if (!(at >= 0 && at <= 1))
      throw ValueError(fmt::format("{}: q is {}; it must be in [0, 1]", op, at));
  for (const char* word : {"linear", "lower", "higher", "nearest", "midpoint"})
    if (interpolation == word) return;
  throw ValueError(
      fmt::format("{}: interpolation is '{}'; it must be 'linear', 'lower', 'higher', "
                  "'nearest' or 'midpoint'",
                  op, interpolation));
}

// Ranks, one per row, between the sorted elements of rows (count, n).
Tensor between(const Tensor& sorted, const Tensor& ranks, std::string_view interpolation) {
  const Tensor below = floor(ranks), above = ceil(ranks);
  const auto at = [&](const Tensor& rank) { return gather(sorted, 1, rank.to(int64)); };
  if (interpolation == "lower") return at(below);
  if (interpolation == "higher") return at(above);
  if (interpolation == "nearest") return at(round(ranks));
  const Tensor weight = interpolation == "midpoint" ? (above - below) * 0.5 : ranks - below;
  return lerp(at(below), at(above), weight.to(sorted.dtype()));
}

Tensor quantiles(const char* op, const Operand& x, const Operand& q, std::optional<int> dim,
                 bool keepdim, std::string_view interpolation, bool skip_nan) {
  const Tensor at = q.materialize(float64).to(float64);
  check(op, x, at, interpolation);
  const int rank = x.shape().dim();
  // The axis last, the others as rows.
  const Tensor source = x.materialize();
  const int axis = dim ? detail::wrap_dim(op, x, *dim) : 0;
  const Tensor last = !dim || rank == 0 ? reshape(source, {-1}) : movedim(source, axis, -1);
  const Tensor rows = reshape(last, {-1, last.size(-1)});
  const Tensor sorted = sort(rows, 1).values;
  const Tensor nans = sum((rows != rows).to(float64), 1, true).detach();  // (rows, 1)
  const auto n = static_cast<double>(rows.size(1));
  const Tensor numbers = skip_nan ? clamp_min(n - nans, 1) : where(nans > 0, n, n - nans);
  Tensor ranks = reshape(at, {1, -1}) * (numbers - 1);  // (rows, qs)
  if (!skip_nan) ranks = where(nans > 0, n - 1, ranks);
  const Tensor values = between(sorted, ranks, interpolation).t();  // (qs, rows)
  std::vector<std::int64_t> sizes;
  if (at.dim() == 1) sizes.push_back(at.numel());
  for (int i = 0; i < rank; ++i) {
    const bool reduced = !dim || i == axis;
    if (!reduced || keepdim) sizes.push_back(reduced ? 1 : x.shape()[i]);
  }
  return reshape(values, sizes);
}

}  // namespace

Tensor quantile(Operand x, Operand q, std::optional<Dim> dim, Flag keepdim,
                std::string_view interpolation) {
  const OpScope scope("quantile", x);
  return quantiles("quantile", x, q, dim, keepdim, interpolation, false);
}
Tensor nanquantile(Operand x, Operand q, std::optional<Dim> dim, Flag keepdim,
                   std::string_view interpolation) {
  const OpScope scope("nanquantile", x);
  return quantiles("nanquantile", x, q, dim, keepdim, interpolation, true);
}

}  // namespace xgrad
