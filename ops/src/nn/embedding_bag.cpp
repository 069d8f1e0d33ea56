#include <xgrad/ops/embedding_bag.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/counting.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/embedding.hpp>
#include <xgrad/ops/index_slices.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/scan.hpp>
#include <xgrad/ops/scatter.hpp>
#include <xgrad/ops/scatter_reduce.hpp>

#include "kernels/bounds.hpp"

namespace xgrad {
namespace {

// Which bag each index belongs to, for all indices in one axis.
struct Bags {
  Tensor of;  // (indices), int64
  std::int64_t count;
};

void check_offsets(const Tensor& offsets, std::int64_t indices) {
  if (offsets.dtype() != int64 || offsets.dim() != 1)
    throw DTypeError(fmt::format("embedding_bag: offsets is {}; it must be int64 and 1-d",
                                 detail::describe(offsets)));
  const auto bad = detail::first_outside(int64, offsets.numel(), detail::raw<void>(offsets),
                                         std::int64_t{0}, indices);
  const Tensor steps = diff(offsets);
  if (bad || (offsets.numel() > 0 && offsets[0].item<std::int64_t>() != 0) ||
      (steps.numel() > 0 && amin(steps).item<std::int64_t>() < 0))
    throw ValueError(
        fmt::format("embedding_bag: offsets {} must start at 0, never decrease and not "
                    "exceed the {} indices",
                    to_string(offsets), indices));
}

Bags bags_of(const Tensor& indices, const EmbeddingBagOptions& o) {
  if (indices.dim() == 2) {
    if (o.offsets.defined())
      throw ShapeError(
          "embedding_bag: offsets is set, but indices is 2-d and each of its rows is a bag; leave "
          "offsets undefined");
    const std::int64_t bags = indices.size(0), n = indices.size(1);
    return {
        reshape(expand(reshape(arange(bags, {.dtype = int64}), {bags, 1}), {bags, n}), {bags * n}),
        bags};
  }
  if (indices.dim() != 1 || !o.offsets.defined())
    throw ShapeError(
        fmt::format("embedding_bag: indices is {}; it must be 2-d, or 1-d with offsets",
                    detail::describe(indices)));
  check_offsets(o.offsets, indices.numel());
  const std::int64_t bags = o.offsets.numel() - (o.include_last_offset ? 1 : 0);
  if (bags < 0)
    throw ShapeError(
        "embedding_bag: offsets is empty; with include_last_offset it must have at least one "
        "element");
  const Tensor at = arange(indices.numel(), {.dtype = int64});
  return {searchsorted(o.offsets, at, true) - 1, bags};
}

Tensor reduced(const Tensor& rows, const Bags& bags, const std::string_view mode) {
  const Tensor none = zeros({bags.count, rows.size(1)}, {.dtype = rows.dtype()});
  if (mode != "max") return index_add(none, 0, bags.of, rows);
  const Tensor at = expand(reshape(bags.of, {bags.of.numel(), 1}), rows.shape());
  return scatter_reduce(none, 0, at, rows, "amax", false);
}

void check_mode(const EmbeddingBagOptions& o, const Tensor& indices) {
  if (o.mode != "sum" && o.mode != "mean" && o.mode != "max")
    throw ValueError(
        fmt::format("embedding_bag: mode is '{}'; it must be 'sum', 'mean' or 'max'", o.mode));
  if (!o.per_sample_weights.defined()) return;
  if (o.mode != "sum")
    throw ValueError(
        fmt::format("embedding_bag: mode is '{}'; per_sample_weights requires mode 'sum'", o.mode));
  if (o.per_sample_weights.shape() != indices.shape())
    throw ShapeError(fmt::format(
        "embedding_bag: per_sample_weights is {}; it must have the shape of indices, {}",
        detail::describe(o.per_sample_weights), to_string(indices.shape())));
}

// Positions of the indices that count.
Tensor counted(const Tensor& indices, std::optional<std::int64_t> padding_idx, std::int64_t rows) {
  if (!padding_idx) return {};
  const std::int64_t padding = *padding_idx < 0 ? *padding_idx + rows : *padding_idx;
  return reshape(nonzero(indices != padding), {-1});
}

}  // namespace

Tensor embedding_bag(const Tensor& indices, Operand weight, const EmbeddingBagOptions& o) {
  const OpScope scope("embedding_bag", weight);
  check_mode(o, indices);
  Bags bags = bags_of(indices, o);
  Tensor flat = reshape(indices, {-1}), factors = o.per_sample_weights;
  const Tensor table = weight.materialize();
  if (const Tensor kept = counted(flat, o.padding_idx, table.size(0)); kept.defined()) {
    if (factors.defined()) factors = index_select(reshape(factors, {-1}), 0, kept);
    flat = index_select(flat, 0, kept);
    bags.of = index_select(bags.of, 0, kept);
  }
  Tensor rows = embedding(flat, table, {}, o.scale_grad_by_freq);
  if (factors.defined()) rows = rows * reshape(factors, {-1, 1});
  const Tensor y = reduced(rows, bags, o.mode);
  if (o.mode != "mean") return y;
  const Tensor sizes = clamp_min(bincount(bags.of, {}, bags.count), 1);
  return y / reshape(sizes.to(y.dtype()), {-1, 1});
}

}  // namespace xgrad
