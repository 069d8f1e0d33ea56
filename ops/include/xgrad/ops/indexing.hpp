// indexing.hpp: parts of a tensor, by position, by ranges and by tensors of positions.
//
//     Tensor row = x[0], column = x.index({Slice(), 2}), even = x.index({Slice(0, None, 2)});
//     Tensor some = x.index({tensor({0, 2, 0})}), positive = x.index({x > 0});
//
// Any dtype; parts are copies, and gradients add into the part they were taken from, so a loop over
// x[t] costs what x holds. Negative positions count from the end. What writes by position is in
// scatter.hpp.
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

/// One entry between the brackets: a position, a Slice, None, Ellipsis, a tensor of positions
/// (int64), or a mask (bool) that stands for the positions where it holds.
class Index {
 public:
  enum class Kind { position, slice, none, ellipsis, tensor };
  template <class T>
  requires std::is_integral_v<T> Index(T position)
      : kind_(Kind::position), position_(static_cast<std::int64_t>(position)) {}
  Index(Slice slice) : kind_(Kind::slice), slice_(slice) {}
  Index(NoneType) : kind_(Kind::none) {}
  Index(EllipsisType) : kind_(Kind::ellipsis) {}
  /// A tensor without axes is the position that it holds.
  Index(const Tensor& tensor);

  Kind kind() const noexcept { return kind_; }
  std::int64_t position() const noexcept { return position_; }
  const Slice& slice() const noexcept { return slice_; }
  const Tensor& tensor() const noexcept { return tensor_; }

 private:
  Kind kind_;
  std::int64_t position_ = 0;
  Slice slice_;
  Tensor tensor_;
};

/// x[i, ...] as in PyTorch: a position drops its axis, a Slice keeps it; axes not named are whole.
/// Tensors of positions broadcast, and their axes become one block of that shape, where the first
/// of them was, or in front if other entries (not positions) lie between them. A mask counts as a
/// tensor of positions for each of its axes.
/// @throws ShapeError  for more entries than axes, two Ellipses, a position out of range, a step
///                     below 1, tensors that do not broadcast, a mask that does not fit.
/// @throws ValueError  for a position out of range in a tensor.
/// @grad   dx = dy in the part, zeros around it; reads the tensors only.
/// @check index(x, {Slice(1, -1), tensor({2, 0, 2})}); x [4, 3]
/// @check index(x, {None, 1, Ellipsis}); x [3, 2, 2]
Tensor index(Operand x, const std::vector<Index>& indices);
/// Position i of an axis, which goes. @throws ShapeError if it is out of range.
/// @check select(x, 1, 2); x [2, 3, 2]
Tensor select(Operand x, Dim dim, std::int64_t i);
/// `length` positions of an axis from start on. @throws ShapeError if they are not all there.
/// @check narrow(x, -1, 1, 3); x [2, 5]
Tensor narrow(Operand x, Dim dim, std::int64_t start, std::int64_t length);

}  // namespace xgrad
