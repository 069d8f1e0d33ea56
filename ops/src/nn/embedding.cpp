#include <xgrad/ops/embedding.hpp>

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/add_rows.hpp"

namespace xgrad {
namespace {

using detail::Value;

void check_index(const char* op, const Tensor& index, std::int64_t rows) {
  if (index.dtype() != int64)
    throw DTypeError(
        fmt::format("{}: the positions are {}; they must be int64", op, detail::describe(index)));
  for (const std::int64_t i : index.span<std::int64_t>())
    if (i < 0 || i >= rows)
      throw ValueError(
          fmt::format("{}: position {} is out of range; it must be in [0, {})", op, i, rows));
}

// How often each row was taken, or 1; 0 for the padding row: what a row's gradient is divided by.
detail::ScratchVector<double> row_divisors(const Tensor& indices, std::int64_t rows,
                                           std::int64_t padding, bool by_freq) {
  detail::ScratchVector<double> divisors(static_cast<std::size_t>(rows), by_freq ? 0.0 : 1.0);
  if (by_freq)
    for (const std::int64_t i : indices.span<std::int64_t>())
      ++divisors[static_cast<std::size_t>(i)];
  if (padding >= 0) divisors[static_cast<std::size_t>(padding)] = 0;
  return divisors;
}

// The indices with -1 for the padding row, which gets no gradient.
detail::ScratchVector<std::int64_t> without_padding(const Tensor& indices, std::int64_t padding) {
  const std::span<const std::int64_t> all = indices.span<std::int64_t>();
  detail::ScratchVector<std::int64_t> rows(all.begin(), all.end());
  if (padding >= 0) std::replace(rows.begin(), rows.end(), padding, std::int64_t{-1});
  return rows;
}

template <class T>
void add_rows(const Tensor& indices, const T* from, const Shape& table, std::int64_t padding,
              bool by_freq, T* to) {
  if (table.numel() == 0) return;  // of however many rows
  const detail::ScratchVector<std::int64_t> at = without_padding(indices, padding);
  const auto add = [&](auto... term) {
    detail::add_rows(from, at.data(), indices.numel(), table[1], to, table[0], term...);
  };
  if (!by_freq) return add();
  const detail::ScratchVector<double> divisors = row_divisors(indices, table[0], padding, by_freq);
  add([&](std::int64_t row, T x) {
    return x * static_cast<T>(1 / divisors[static_cast<std::size_t>(row)]);
  });
}

void add_into_table(const Tensor& indices, const Tensor& dy, const Shape& table,
                    std::int64_t padding, bool by_freq, InputGradients dx) {
  const InputGradients::Buffer buffer = dx.buffer(1);
  dispatch_floating(dy.dtype(), [&]<class T>() {
    T* const to = static_cast<T*>(buffer.data);
    if (!buffer.accumulate) std::fill_n(to, table.numel(), T(0));
    add_rows(indices, detail::raw<T>(dy), table, padding, by_freq, to);
  });
}

Tensor rows_of(const Tensor& indices, const Operand& weight, std::int64_t padding, bool by_freq);

// The gradient of embedding as an op: rows added up where they were taken from.
Tensor add_rows(const Tensor& indices, const Tensor& dy, const Shape& table, std::int64_t padding,
                bool by_freq) {
  Value value = Value::empty(table, dy.dtype());
  detail::fill(value, 0);
  dispatch_floating(dy.dtype(), [&]<class T>() {
    add_rows(indices, detail::raw<T>(dy), table, padding, by_freq, value.data<T>());
  });
  return record("embedding_backward", {indices, dy}, std::move(value), save_input(0),
                [padding, by_freq](const Tensor& upstream, Inputs in, InputGradients dx) {
                  dx.add(1, rows_of(in[0], upstream, padding, by_freq));
                });
}

// Rows taken, divided as embedding's gradient divides them.
Tensor rows_of(const Tensor& indices, const Operand& weight, std::int64_t padding, bool by_freq) {
  const Tensor rows = embedding(indices, weight);
  if ((padding < 0 && !by_freq) || rows.numel() == 0) return rows;
  const detail::ScratchVector<double> divisors =
      row_divisors(indices, weight.shape()[0], padding, by_freq);
  std::vector<double> factors;
  for (const std::int64_t i : indices.span<std::int64_t>())
    factors.push_back(
        divisors[static_cast<std::size_t>(i)] == 0 ? 0 : 1 / divisors[static_cast<std::size_t>(i)]);
  std::vector<std::int64_t> column(indices.shape().begin(), indices.shape().end());
  column.push_back(1);
  return rows * reshape(tensor(factors).to(rows.dtype()), column);
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
  check_index("embedding", indices, rows);
  std::int64_t padding = padding_idx.value_or(-1);
  if (padding_idx && (padding < -rows || padding >= rows))
    throw ValueError(
        fmt::format("embedding: padding_idx {} is out of range; it must be in [{}, {}]", padding,
                    -rows, rows - 1));
  if (padding_idx && padding < 0) padding += rows;
  std::vector<std::int64_t> sizes(indices.shape().begin(), indices.shape().end());
  sizes.push_back(features);
  Value value = Value::empty(sizes, table.dtype());
  dispatch(table.dtype(), [&]<class T>() {
    const std::int64_t* const at = detail::raw<std::int64_t>(indices);
    for (std::int64_t k = 0; k < indices.numel(); ++k)
      std::copy_n(detail::raw<T>(table) + at[k] * features, features,
                  value.data<T>() + k * features);
  });
  return record({"embedding", "dweight = dy, added to the rows taken"}, {indices, weight},
                std::move(value), save_input(0),
                [padding, scale_grad_by_freq](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.create_graph())
                    dx.add(1, add_rows(in[0], dy, in.shape(1), padding, scale_grad_by_freq));
                  else
                    add_into_table(in[0], dy, in.shape(1), padding, scale_grad_by_freq, dx);
                });
}

}  // namespace xgrad
