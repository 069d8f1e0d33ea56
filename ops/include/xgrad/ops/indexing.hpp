// indexing.hpp: basic and advanced indexing.
//
//     Tensor row = x[0], column = x.index({Slice(), 2}), even = x.index({Slice(0, None, 2)});
//     Tensor some = x.index({tensor({0, 2, 0})}), positive = x.index({x > 0});
//
// Any dtype. Results are copies. In a sweep, the gradient of a part is added into that part of the
// gradient of x, so a loop over x[t] takes time proportional to the size of x. Negative indices
// count from the end. scatter.hpp has the ops that write by index.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// As a bound of a Slice: no bound. As an index: a new dim of size 1.
struct NoneType {
  operator std::optional<std::int64_t>() const { return {}; }
};
inline constexpr NoneType None{};
/// As an index: all elements of the dims that the other indices leave.
struct EllipsisType {};
inline constexpr EllipsisType Ellipsis{};

/// The indices start, start + step, ... below stop. As in Python, bounds are clamped to the dim.
/// step must be at least 1.
struct Slice {
  std::optional<std::int64_t> start, stop;
  std::int64_t step;
  explicit Slice(std::optional<std::int64_t> first = {}, std::optional<std::int64_t> last = {},
                 std::int64_t every = 1)
      : start(first), stop(last), step(every) {}
};

/// One index of x.index({...}): an integer, a Slice, None, Ellipsis, a tensor of indices (int64),
/// or a mask (bool), which selects the elements where it is true.
class Index {
 public:
  enum class Kind { position, slice, none, ellipsis, tensor };
  template <class T>
  requires std::is_integral_v<T> Index(T position)
      : kind_(Kind::position), position_(static_cast<std::int64_t>(position)) {}
  Index(Slice slice) : kind_(Kind::slice), slice_(slice) {}
  Index(NoneType) : kind_(Kind::none) {}
  Index(EllipsisType) : kind_(Kind::ellipsis) {}
  /// A 0-d int64 tensor counts as the integer that it holds.
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

/// x[i, ...] as in PyTorch. An integer removes its dim, a Slice keeps it; dims without an index are
/// kept whole. Tensors of indices broadcast to one shape, which replaces their dims: at the place
/// of the first of them, or in front if Slices, None or Ellipsis separate them. A mask counts as
/// one tensor of indices for each of its dims.
/// @throws ShapeError  for more indices than dims, a second Ellipsis, an integer out of range, a
///                     step below 1, tensors that do not broadcast, a mask of other sizes.
/// @throws ValueError  for an index out of range in a tensor.
/// @grad   dx = dy at the selected elements, 0 elsewhere; saves only the tensors of indices.
/// @check index(x, {Slice(1, -1), tensor({2, 0, 2})}); x [4, 3]
/// @check index(x, {None, 1, Ellipsis}); x [3, 2, 2]
Tensor index(Operand x, const std::vector<Index>& indices);
/// The slice of x at index i of dim; the result lacks that dim. @throws ShapeError if i is out of
/// range.
/// @check select(x, 1, 2); x [2, 3, 2]
Tensor select(Operand x, Dim dim, std::int64_t i);
/// The part of x from start to start + length along dim. @throws ShapeError if it exceeds the dim.
/// @check narrow(x, -1, 1, 3); x [2, 5]
Tensor narrow(Operand x, Dim dim, std::int64_t start, std::int64_t length);

}  // namespace xgrad
