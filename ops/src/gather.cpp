// Parts picked by tensors of positions: gather, scatter_add, embedding.
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad {
namespace {

using detail::Value;

void check_index(const char* op, const Tensor& index, std::int64_t rows, Site site) {
  if (index.dtype() != int64)
    throw DTypeError(
        fmt::format("{}: the positions are {}; they must be int64", op, detail::describe(index)),
        site);
  for (const std::int64_t i : index.span<std::int64_t>())
    if (i < 0 || i >= rows)
      throw ValueError(
          fmt::format("{}: position {} is out of range; it must be in [0, {})", op, i, rows), site);
}

// gather and scatter_add look at x and index with the same number of axes.
void check_gather(const char* op, const Operand& x, int axis, const Tensor& index) {
  const Shape& s = x.shape();
  bool fits = index.dim() == s.dim();
  for (int i = 0; fits && i < s.dim(); ++i) fits = i == axis || index.size(i) <= s[i];
  if (!fits)
    throw ShapeError(
        fmt::format("{}: positions {} for {}; they must have as many axes, and no more "
                    "along any but dim {}",
                    op, detail::describe(index), describe(x), axis),
        x.site());
  check_index(op, index, s.dim() == 0 ? 1 : s[axis], x.site());
}

std::vector<std::int64_t> strides_of(const Shape& shape) {
  std::vector<std::int64_t> strides(static_cast<std::size_t>(shape.dim()), 1);
  for (int i = shape.dim() - 1; i > 0; --i)
    strides[static_cast<std::size_t>(i - 1)] = strides[static_cast<std::size_t>(i)] * shape[i];
  return strides;
}

// Calls f(element of the positions, element of x that it means).
template <class F>
void for_positions(const Tensor& index, const Shape& shape, int axis, F f) {
  const std::vector<std::int64_t> strides = strides_of(shape);
  const std::int64_t* const at = detail::raw<std::int64_t>(index);
  const std::int64_t n = index.numel();
  for (std::int64_t k = 0; k < n; ++k) {
    std::int64_t rest = k, element = 0;
    for (int i = shape.dim() - 1; i >= 0; --i) {
      const std::int64_t own = rest % index.shape()[i];
      element += (i == axis ? at[k] : own) * strides[static_cast<std::size_t>(i)];
      rest /= index.shape()[i];
    }
    f(k, element);
  }
}

// How often each row was taken, or 1; 0 for the padding row: what a row's gradient is divided by.
std::vector<double> row_divisors(const Tensor& indices, std::int64_t rows, std::int64_t padding,
                                 bool by_freq) {
  std::vector<double> divisors(static_cast<std::size_t>(rows), by_freq ? 0.0 : 1.0);
  if (by_freq)
    for (const std::int64_t i : indices.span<std::int64_t>())
      ++divisors[static_cast<std::size_t>(i)];
  if (padding >= 0) divisors[static_cast<std::size_t>(padding)] = 0;
  return divisors;
}

template <class T>
void add_rows(const Tensor& indices, const T* from, std::int64_t features,
              const std::vector<double>& divisors, T* to) {
  const std::int64_t* const at = detail::raw<std::int64_t>(indices);
  for (std::int64_t k = 0; k < indices.numel(); ++k) {
    const double divisor = divisors[static_cast<std::size_t>(at[k])];
    if (divisor == 0) continue;
    T* const row = to + at[k] * features;
    const T factor = static_cast<T>(1 / divisor);
    for (std::int64_t i = 0; i < features; ++i) row[i] += from[k * features + i] * factor;
  }
}

void add_into_table(const Tensor& indices, const Tensor& dy, const Shape& table,
                    std::int64_t padding, bool by_freq, Sinks dx) {
  const Sinks::Target target = dx.target(1);
  dispatch_floating(dy.dtype(), [&]<class T>() {
    T* const to = static_cast<T*>(target.data);
    if (!target.accumulate) std::fill_n(to, table.numel(), T(0));
    add_rows(indices, detail::raw<T>(dy), table[1],
             row_divisors(indices, table[0], padding, by_freq), to);
  });
}

Tensor rows_of(const Tensor& indices, const Operand& weight, std::int64_t padding, bool by_freq);

// The gradient of embedding as an op: rows added up where they were taken from.
Tensor add_rows(const Tensor& indices, const Tensor& dy, const Shape& table, std::int64_t padding,
                bool by_freq) {
  Value value = Value::empty(table, dy.dtype());
  detail::fill(value, 0);
  dispatch_floating(dy.dtype(), [&]<class T>() {
    add_rows(indices, detail::raw<T>(dy), table[1],
             row_divisors(indices, table[0], padding, by_freq), value.data<T>());
  });
  return record("embedding_backward", {indices, dy}, std::move(value), reads_input(0),
                [padding, by_freq](const Tensor& upstream, Inputs in, Sinks dx) {
                  dx.add(1, rows_of(in[0], upstream, padding, by_freq));
                });
}

// Rows taken, divided as embedding's gradient divides them.
Tensor rows_of(const Tensor& indices, const Operand& weight, std::int64_t padding, bool by_freq) {
  const Tensor rows = embedding(indices, weight);
  if (padding < 0 && !by_freq) return rows;
  const std::vector<double> divisors = row_divisors(indices, weight.shape()[0], padding, by_freq);
  std::vector<double> factors;
  for (const std::int64_t i : indices.span<std::int64_t>())
    factors.push_back(
        divisors[static_cast<std::size_t>(i)] == 0 ? 0 : 1 / divisors[static_cast<std::size_t>(i)]);
  std::vector<std::int64_t> column(indices.shape().begin(), indices.shape().end());
  column.push_back(1);
  return rows * reshape(tensor(factors).to(rows.dtype()), column);
}

}  // namespace

Tensor gather(Operand x, int dim, const Tensor& index) {
  const int axis = detail::wrap_dim("gather", x, dim);
  if (x.shape().dim() == 0 && index.dim() == 1) return gather(reshape(x, {1}), dim, index);
  check_gather("gather", x, axis, index);
  const Tensor source = x.materialize();
  Value value = Value::empty(index.shape(), source.dtype());
  dispatch(source.dtype(), [&]<class T>() {
    for_positions(index, source.shape(), axis, [&](std::int64_t k, std::int64_t element) {
      value.data<T>()[k] = detail::raw<T>(source)[element];
    });
  });
  return record({"gather", "dx = dy, added where it was taken from"}, {x, Operand(index, x.site())},
                std::move(value), reads_input(1), [axis](const Tensor& dy, Inputs in, Sinks dx) {
                  dx.add(0,
                         scatter_add(zeros(in.shape(0), {.dtype = dy.dtype()}), axis, in[1], dy));
                });
}

Tensor scatter_add(Operand x, int dim, const Tensor& index, Operand src) {
  const int axis = detail::wrap_dim("scatter_add", x, dim);
  if (x.shape().dim() == 0 && index.dim() == 1)
    return reshape(scatter_add(reshape(x, {1}), dim, index, src), {});
  check_gather("scatter_add", x, axis, index);
  const Tensor source = src.materialize(x.dtype()), base = x.materialize();
  if (source.shape() != index.shape() || source.dtype() != base.dtype())
    throw ShapeError(fmt::format("scatter_add: {} to add at positions {}; both must have the same "
                                 "shape, and the type of {}",
                                 describe(src), detail::describe(index), describe(x)),
                     x.site());
  Value value = Value::empty(base.shape(), base.dtype());
  dispatch(base.dtype(), [&]<class T>() {
    std::copy_n(detail::raw<T>(base), base.numel(), value.data<T>());
    for_positions(index, base.shape(), axis, [&](std::int64_t k, std::int64_t element) {
      T& to = value.data<T>()[element];
      to = static_cast<T>(to + detail::raw<T>(source)[k]);
    });
  });
  return record({"scatter_add", "dx = dy, dsrc = dy gathered"}, {x, Operand(index, x.site()), src},
                std::move(value), reads_input(1), [axis](const Tensor& dy, Inputs in, Sinks dx) {
                  if (dx.wants(0)) dx.add(0, dy);
                  if (dx.wants(2)) dx.add(2, gather(dy, axis, in[1]));
                });
}

Tensor embedding(const Tensor& indices, Operand weight, std::optional<std::int64_t> padding_idx,
                 bool scale_grad_by_freq) {
  const Tensor table = weight.materialize();
  if (table.dim() != 2)
    throw ShapeError(
        fmt::format("embedding: the weight is {}; it must be (rows, features)", describe(weight)),
        weight.site());
  const std::int64_t rows = table.size(0), features = table.size(1);
  check_index("embedding", indices, rows, weight.site());
  std::int64_t padding = padding_idx.value_or(-1);
  if (padding_idx && (padding < -rows || padding >= rows))
    throw ValueError(
        fmt::format("embedding: padding_idx {} is out of range; it must be in [{}, {}]", padding,
                    -rows, rows - 1),
        weight.site());
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
  return record({"embedding", "dweight = dy, added to the rows taken"},
                {Operand(indices, weight.site()), weight}, std::move(value), reads_input(0),
                [padding, scale_grad_by_freq](const Tensor& dy, Inputs in, Sinks dx) {
                  if (dx.create_graph())
                    dx.add(1, add_rows(in[0], dy, in.shape(1), padding, scale_grad_by_freq));
                  else
                    add_into_table(in[0], dy, in.shape(1), padding, scale_grad_by_freq, dx);
                });
}

}  // namespace xgrad
