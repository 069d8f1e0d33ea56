#include "movement/gather_rows.hpp"

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/bounds.hpp"
#include "kernels/positions.hpp"
#include "kernels/rows.hpp"

namespace xgrad::detail {
namespace {

constexpr OpName gathered{"gather_rows", "dx = dy, added at the rows that were read"};
constexpr OpName scattered{"scatter_add_rows", "dx = dy, gathered at the rows that were added to"};

// The positions among the rows of a shape.
RowSizes row_sizes(const Tensor& positions, const Shape& shape, std::int64_t inner) {
  return {positions.numel(), inner == 0 ? 0 : shape.numel() / inner, inner};
}

Value copy_of(const Tensor& x) {
  Value value = Value::empty(x.shape(), x.dtype());
  expand_into(value_of(x), value);
  return value;
}

// Zeros where a row was written.
Tensor clear_at(const Tensor& x, const Tensor& positions, std::int64_t inner) {
  Value value = copy_of(x);
  clear_rows(x.dtype(), row_sizes(positions, x.shape(), inner), positions_of(positions),
             value.data<void>());
  return record({"clear_at", "dx = dy, 0 where a row was written"}, {x, positions},
                std::move(value), save_input(1),
                [inner](const Tensor& dy, Inputs in, InputGradients dx) {
                  dx.add(0, clear_at(dy, in[1], inner));
                });
}

// -1 for all but the last of equal positions.
Tensor last_of_each(const Tensor& positions, std::int64_t rows) {
  const Tensor unique = new_positions(positions.shape());
  keep_last(positions.numel(), rows, positions_of(positions), positions_of(unique));
  return unique;
}

}  // namespace

Tensor new_positions(const Shape& shape) { return constant(Value::empty(shape, int64)); }

std::vector<std::int64_t> strides_of(const Shape& shape) {
  std::vector<std::int64_t> strides(static_cast<std::size_t>(shape.dim()), 1);
  for (int i = shape.dim() - 1; i > 0; --i)
    strides[static_cast<std::size_t>(i - 1)] = strides[static_cast<std::size_t>(i)] * shape[i];
  return strides;
}

Tensor gather_rows(const OpName& op, const Operand& x, const Tensor& positions, std::int64_t inner,
                   const Shape& shape) {
  const Tensor source = x.materialize();
  Value value = Value::empty(shape, source.dtype());
  gather_rows(source.dtype(), row_sizes(positions, source.shape(), inner), raw<void>(source),
              positions_of(positions), value.data<void>());
  return record(op, {x, positions}, std::move(value), save_input(1),
                [inner](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.create_graph())
                    return dx.add(0, scatter_add_rows(scattered, dy, in[1], inner, in.shape(0)));
                  const InputGradients::Buffer buffer = dx.buffer(0);
                  scatter_add_rows(dy.dtype(), row_sizes(in[1], in.shape(0), inner), raw<void>(dy),
                                   positions_of(in[1]), buffer.accumulate, buffer.data);
                });
}

Tensor scatter_add_rows(const OpName& op, const Operand& x, const Tensor& positions,
                        std::int64_t inner, const Shape& shape) {
  const Tensor source = x.materialize();
  Value value = Value::empty(shape, source.dtype());
  scatter_add_rows(source.dtype(), row_sizes(positions, shape, inner), raw<void>(source),
                   positions_of(positions), /*accumulate=*/false, value.data<void>());
  return record(op, {x, positions}, std::move(value), save_input(1),
                [inner](const Tensor& dy, Inputs in, InputGradients dx) {
                  dx.add(0, gather_rows(gathered, dy, in[1], inner, in.shape(0)));
                });
}

Tensor scatter_add_rows(const OpName& op, const Operand& x, const Tensor& positions,
                        const Operand& src, std::int64_t inner) {
  const Tensor base = x.materialize(), source = src.materialize(base.dtype()).to(base.dtype());
  Value value = copy_of(base);
  scatter_add_rows(base.dtype(), row_sizes(positions, base.shape(), inner), raw<void>(source),
                   positions_of(positions), /*accumulate=*/true, value.data<void>());
  return record(op, {x, positions, src}, std::move(value), save_input(1),
                [inner](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.wants(0)) dx.add(0, dy);
                  if (dx.wants(2)) dx.add(2, gather_rows(gathered, dy, in[1], inner, in.shape(2)));
                });
}

Tensor scatter_rows(const OpName& op, const Operand& x, const Tensor& positions, const Operand& src,
                    std::int64_t inner) {
  const Tensor base = x.materialize(), source = src.materialize(base.dtype()).to(base.dtype());
  Value value = copy_of(base);
  const RowSizes size = row_sizes(positions, base.shape(), inner);
  const Tensor unique = inner == 0 ? positions : last_of_each(positions, size.rows);
  scatter_rows(base.dtype(), size, raw<void>(source), positions_of(unique), value.data<void>());
  return record(op, {x, unique, src}, std::move(value), save_input(1),
                [inner](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.wants(0)) dx.add(0, clear_at(dy, in[1], inner));
                  if (dx.wants(2)) dx.add(2, gather_rows(gathered, dy, in[1], inner, in.shape(2)));
                });
}

void check_position_type(const char* op, const Tensor& index) {
  if (index.dtype() != int64)
    throw DTypeError(
        fmt::format("{}: the index tensor is {}; it must be int64", op, describe(index)));
}

Tensor checked_positions(const char* op, const Tensor& index, std::int64_t n, bool wraps) {
  check_position_type(op, index);
  const std::int64_t lowest = wraps ? -n : 0;
  if (const auto bad = first_outside(int64, index.numel(), raw<void>(index), lowest, n - 1))
    throw ValueError(
        fmt::format("{}: index {} is out of range; it must be in [{}, {})", op, *bad, lowest, n));
  const Tensor positions = new_positions(index.shape());
  wrap_positions(index.numel(), n, positions_of(index), positions_of(positions));
  return positions;
}

Tensor positions_by_axis(const Shape& from, const Shape& to, const AxisMap& map) {
  const Tensor positions = new_positions(to);
  if (positions.numel() == 0) return positions;  // another axis may be long
  const std::vector<std::int64_t> strides = strides_of(from);
  std::vector<ScratchVector<std::int64_t>> along(strides.size());
  std::vector<AxisPositions> axes;
  for (int d = 0; d < to.dim(); ++d) {
    const auto i = static_cast<std::size_t>(d);
    for (std::int64_t k = 0; k < to[d]; ++k) along[i].push_back(map(d, k));
    axes.push_back({to[d], strides[i], along[i].data()});
  }
  positions_by_axes(axes, 0, positions_of(positions));
  return positions;
}

}  // namespace xgrad::detail
