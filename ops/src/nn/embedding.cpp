#include <xgrad/ops/embedding.hpp>

#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/counting.hpp>
#include <xgrad/ops/index_slices.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/bounds.hpp"
#include "kernels/rows.hpp"
#include "movement/gather_rows.hpp"

namespace xgrad {
namespace {

using detail::positions_of;
using detail::raw;
using detail::Value;

void check_indices(const Tensor& indices, std::int64_t rows) {
  detail::check_position_type("embedding", indices);
  if (const auto bad = detail::first_outside(int64, indices.numel(), raw<void>(indices),
                                             std::int64_t{0}, rows - 1))
    throw ValueError(
        fmt::format("embedding: index {} is out of range; it must be in [0, {})", *bad, rows));
}

// The padding row counted from the front; -1 if there is none.
std::int64_t padding_row(std::optional<std::int64_t> padding_idx, std::int64_t rows) {
  const std::int64_t padding = padding_idx.value_or(-1);
  if (padding_idx && (padding < -rows || padding >= rows))
    throw ValueError(
        fmt::format("embedding: padding_idx {} is out of range; it must be in [{}, {}]", padding,
                    -rows, rows - 1));
  return padding_idx && padding < 0 ? padding + rows : padding;
}

// Each row of dy over how often its row of the table was taken.
Tensor divided_by_frequency(const Tensor& dy, const Tensor& indices, std::int64_t rows) {
  if (dy.numel() == 0) return dy;  // the table may have any number of rows
  const Tensor flat = reshape(indices, {-1});
  const Tensor times = index_select(bincount(flat, {}, rows), 0, flat).to(dy.dtype());
  Shape column = dy.shape();
  column[column.dim() - 1] = 1;
  return dy * reshape(1 / times, column);
}

// Adds dy to the rows that were taken, but not to the padding row.
void add_to_rows(const Tensor& dy, const Tensor& indices, const Shape& table, std::int64_t padding,
                 bool by_freq, InputGradients dx) {
  const Tensor at = padding < 0 ? indices : where(indices == padding, -1, indices);
  if (dx.create_graph()) {
    const Tensor each = by_freq ? divided_by_frequency(dy, indices, table[0]) : dy;
    return dx.add(1, detail::scatter_add_rows("embedding_backward", each, at, table[1], table));
  }
  const InputGradients::Buffer to = dx.buffer(1);
  const detail::RowSizes size{at.numel(), table[0], table[1]};
  if (by_freq)
    detail::scatter_mean_rows(dy.dtype(), size, raw<void>(dy), positions_of(at), to.accumulate,
                              to.data);
  else
    detail::scatter_add_rows(dy.dtype(), size, raw<void>(dy), positions_of(at), to.accumulate,
                             to.data);
}

}  // namespace

Tensor embedding(const Tensor& indices, Operand weight, std::optional<std::int64_t> padding_idx,
                 Flag scale_grad_by_freq) {
  const OpScope scope("embedding", weight);
  const Tensor table = weight.materialize();
  if (table.dim() != 2)
    throw ShapeError(
        fmt::format("embedding: the weight is {}; it must be (rows, features)", describe(weight)));
  const std::int64_t rows = table.size(0), features = table.size(1);
  check_indices(indices, rows);
  const std::int64_t padding = padding_row(padding_idx, rows);
  std::vector<std::int64_t> sizes(indices.shape().begin(), indices.shape().end());
  sizes.push_back(features);
  Value value = Value::empty(sizes, table.dtype());
  detail::gather_rows(table.dtype(), {indices.numel(), rows, features}, raw<void>(table),
                      positions_of(indices), value.data<void>());
  return record({"embedding", "dweight = dy, added at the rows that were read"}, {indices, weight},
                std::move(value), save_input(0),
                [padding, scale_grad_by_freq](const Tensor& dy, Inputs in, InputGradients dx) {
                  add_to_rows(dy, in[0], in.shape(1), padding, scale_grad_by_freq, dx);
                });
}

}  // namespace xgrad
