// indexing.hpp: parts of a tensor, by position, by ranges and by tensors of positions.
//
//     Tensor row = x[0], column = x.index({Slice(), 2}), even = x.index({Slice(0, None, 2)});
//
// Any dtype; parts are copies, and gradients add into the part they were taken from, so a loop over
// x[t] costs what x holds. Negative positions count from the end.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Left out: a bound of a Slice; as an index, a new axis of size 1.
struct NoneType {
  operator std::optional<std::int64_t>() const { return {}; }
};
inline constexpr NoneType None{};
/// As many whole axes as there are.
struct EllipsisType {};
inline constexpr EllipsisType Ellipsis{};

/// The positions start, start + step, ... before stop; bounds beyond the axis are cut off, as in
/// Python. step is at least 1.
struct Slice {
  std::optional<std::int64_t> start, stop;
  std::int64_t step;
  explicit Slice(std::optional<std::int64_t> first = {}, std::optional<std::int64_t> last = {},
                 std::int64_t every = 1)
      : start(first), stop(last), step(every) {}
};

/// One entry between the brackets: a position, a Slice, None or Ellipsis.
class Index {
 public:
  enum class Kind { position, slice, none, ellipsis };
  template <class T>
  requires std::is_integral_v<T> Index(T position)
      : kind_(Kind::position), position_(static_cast<std::int64_t>(position)) {}
  Index(Slice slice) : kind_(Kind::slice), slice_(slice) {}
  Index(NoneType) : kind_(Kind::none) {}
  Index(EllipsisType) : kind_(Kind::ellipsis) {}

  Kind kind() const noexcept { return kind_; }
  std::int64_t position() const noexcept { return position_; }
  const Slice& slice() const noexcept { return slice_; }

 private:
  Kind kind_;
  std::int64_t position_ = 0;
  Slice slice_;
};

/// x[i, ...] as in NumPy: a position drops its axis, a Slice keeps it; axes not named are whole.
/// @throws ShapeError  for more entries than axes, two Ellipses, a position out of range, or a step
///                     below 1.
/// @grad   dx = dy in the part, zeros around it; reads nothing.
Tensor index(Operand x, const std::vector<Index>& indices);
/// Position i of an axis, which goes. @throws ShapeError if it is out of range.
Tensor select(Operand x, int dim, std::int64_t i);
/// `length` positions of an axis from start on. @throws ShapeError if they are not all there.
Tensor narrow(Operand x, int dim, std::int64_t start, std::int64_t length);

/// y[i][j][k] = x[index[i][j][k]][j][k] for dim 0, and so on: shaped as index, which is int64 and
/// no larger than x along the other axes.
/// @throws ShapeError, DTypeError, ValueError (a position out of range; there are no negative ones)
/// @grad   dx = dy added at the positions it came from; reads index.
Tensor gather(Operand x, int dim, const Tensor& index);
/// x with src added at the positions where gather would take it from.
/// @grad dx = dy, dsrc = gather(dy, dim, index); reads index.
Tensor scatter_add(Operand x, int dim, const Tensor& index, Operand src);

/// Rows of a table: indices of any shape to (..., features), from weight (rows, features).
///
/// @param padding_idx         rows of this index get no gradient; negative ones count from the end.
/// @param scale_grad_by_freq  divides the gradient of a row by how often it was taken.
/// @throws DTypeError unless indices are int64; ValueError for one out of range.
/// @grad   dweight = dy added to the rows taken; reads indices.
Tensor embedding(const Tensor& indices, Operand weight,
                 std::optional<std::int64_t> padding_idx = {}, bool scale_grad_by_freq = false);

}  // namespace xgrad
