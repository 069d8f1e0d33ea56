#include "movement/gather_rows.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/ops/arithmetic.hpp>

#include "kernels/add_rows.hpp"

namespace xgrad::detail {
namespace {

constexpr OpName gathered{"gather_rows", "dx = dy, added where it was taken from"};
constexpr OpName scattered{"scatter_add_rows", "dx = dy, gathered where it was added"};

template <class T>
void take_rows(const T* from, const Tensor& positions, std::int64_t inner, T* to) {
  const std::int64_t* const at = positions_of(positions);
  parallel_ranges(positions.numel(),
                  std::max<std::int64_t>(1, parallel_grain / std::max(inner, std::int64_t{1})),
                  [=](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t k = begin; k < end; ++k) {
                      if (at[k] < 0)
                        std::fill_n(to + k * inner, inner, T(0));
                      else if (inner == 1)
                        to[k] = from[at[k]];
                      else
                        std::copy_n(from + at[k] * inner, inner, to + k * inner);
                    }
                  });
}

template <class T>
void put_rows(const T* from, const Tensor& positions, std::int64_t inner, T* to) {
  const std::int64_t* const at = positions_of(positions);
  for (std::int64_t k = 0, n = positions.numel(); k < n; ++k)
    if (at[k] >= 0) std::copy_n(from + k * inner, inner, to + at[k] * inner);
}

template <class T>
void add_rows(const T* from, const Tensor& positions, std::int64_t inner, T* to,
              const Shape& shape) {
  detail::add_rows(from, positions_of(positions), positions.numel(), inner, to,
                   inner == 0 ? 0 : shape.numel() / inner);
}

void add_into(const Tensor& dy, const Tensor& positions, std::int64_t inner, const Shape& shape,
              InputGradients dx) {
  const InputGradients::Buffer buffer = dx.buffer(0);
  dispatch_floating(dy.dtype(), [&]<class T>() {
    T* const to = static_cast<T*>(buffer.data);
    if (!buffer.accumulate) std::fill_n(to, shape.numel(), T(0));
    add_rows(raw<T>(dy), positions, inner, to, shape);
  });
}

Value copy_of(const Tensor& x) {
  Value value = Value::empty(x.shape(), x.dtype());
  expand_into(value_of(x), value);
  return value;
}

// Zeros where a row was written.
Tensor clear_at(const Tensor& x, const Tensor& positions, std::int64_t inner) {
  Value value = copy_of(x);
  dispatch(x.dtype(), [&]<class T>() {
    const std::int64_t* const at = positions_of(positions);
    for (std::int64_t k = 0; k < positions.numel(); ++k)
      if (at[k] >= 0) std::fill_n(value.data<T>() + at[k] * inner, inner, T(0));
  });
  return record({"clear_at", "dx = dy, 0 where a row was written"}, {x, positions},
                std::move(value), save_input(1),
                [inner](const Tensor& dy, Inputs in, InputGradients dx) {
                  dx.add(0, clear_at(dy, in[1], inner));
                });
}

// -1 for all but the last of equal positions.
Tensor last_of_each(const Tensor& positions, std::int64_t rows) {
  const Tensor unique = new_positions(positions.shape());
  const std::int64_t* const at = positions_of(positions);
  ScratchVector<std::int64_t> last(static_cast<std::size_t>(rows), -1);
  for (std::int64_t k = 0; k < positions.numel(); ++k)
    if (at[k] >= 0) last[static_cast<std::size_t>(at[k])] = k;
  for (std::int64_t k = 0; k < positions.numel(); ++k)
    positions_of(unique)[k] = at[k] >= 0 && last[static_cast<std::size_t>(at[k])] == k ? at[k] : -1;
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
  dispatch(source.dtype(),
           [&]<class T>() { take_rows(raw<T>(source), positions, inner, value.data<T>()); });
  return record(op, {x, positions}, std::move(value), save_input(1),
                [inner](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.create_graph())
                    dx.add(0, scatter_add_rows(scattered, dy, in[1], inner, in.shape(0)));
                  else
                    add_into(dy, in[1], inner, in.shape(0), dx);
                });
}

Tensor scatter_add_rows(const OpName& op, const Operand& x, const Tensor& positions,
                        std::int64_t inner, const Shape& shape) {
  const Tensor source = x.materialize();
  Value value = Value::empty(shape, source.dtype());
  fill(value, 0);
  dispatch(source.dtype(), [&]<class T>() {
    add_rows(raw<T>(source), positions, inner, value.data<T>(), value.shape);
  });
  return record(op, {x, positions}, std::move(value), save_input(1),
                [inner](const Tensor& dy, Inputs in, InputGradients dx) {
                  dx.add(0, gather_rows(gathered, dy, in[1], inner, in.shape(0)));
                });
}

Tensor scatter_add_rows(const OpName& op, const Operand& x, const Tensor& positions,
                        const Operand& src, std::int64_t inner) {
  const Tensor base = x.materialize(), source = src.materialize(base.dtype()).to(base.dtype());
  Value value = copy_of(base);
  dispatch(base.dtype(), [&]<class T>() {
    add_rows(raw<T>(source), positions, inner, value.data<T>(), value.shape);
  });
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
  const Tensor unique = inner == 0 ? positions : last_of_each(positions, base.numel() / inner);
  dispatch(base.dtype(),
           [&]<class T>() { put_rows(raw<T>(source), unique, inner, value.data<T>()); });
  return record(op, {x, unique, src}, std::move(value), save_input(1),
                [inner](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.wants(0)) dx.add(0, clear_at(dy, in[1], inner));
                  if (dx.wants(2)) dx.add(2, gather_rows(gathered, dy, in[1], inner, in.shape(2)));
                });
}

Tensor checked_positions(const char* op, const Tensor& index, std::int64_t n, bool wraps) {
  if (index.dtype() != int64)
    throw DTypeError(
        fmt::format("{}: the positions are {}; they must be int64", op, describe(index)));
  const std::int64_t lowest = wraps ? -n : 0;
  const Tensor positions = new_positions(index.shape());
  const std::int64_t* const from = positions_of(index);
  for (std::int64_t k = 0; k < index.numel(); ++k) {
    if (from[k] < lowest || from[k] >= n)
      throw ValueError(fmt::format("{}: position {} is out of range; it must be in [{}, {})", op,
                                   from[k], lowest, n));
    positions_of(positions)[k] = from[k] < 0 ? from[k] + n : from[k];
  }
  return positions;
}

Tensor positions_by_axis(const Shape& from, const Shape& to, const AxisMap& map) {
  const Tensor positions = new_positions(to);
  if (positions.numel() == 0) return positions;  // another axis may be long
  const std::vector<std::int64_t> strides = strides_of(from);
  ScratchVector<std::int64_t> at(1, 0), next, along;  // positions for the axes so far
  for (int d = 0; d < to.dim(); ++d) {
    along.clear();
    next.clear();
    for (std::int64_t k = 0; k < to[d]; ++k) along.push_back(map(d, k));
    for (const std::int64_t outer : at)
      for (const std::int64_t i : along)
        next.push_back(outer < 0 || i < 0 ? -1 : outer + i * strides[static_cast<std::size_t>(d)]);
    at.swap(next);
  }
  std::copy(at.begin(), at.end(), positions_of(positions));
  return positions;
}

}  // namespace xgrad::detail
