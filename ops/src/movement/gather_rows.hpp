// gather_rows.hpp: elements taken from, written to and added at positions that a tensor holds. Each
// is another's gradient, so whatever is made of them is differentiable to any order.
#pragma once

#include <functional>

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/record.hpp>

namespace xgrad::detail {

// A position counts rows of `inner` elements that lie together; -1 stands for none: zeros are taken
// there, and nothing is written. The positions are int64 and in range: callers check.

/// Rows of x at the positions, in a shape of as many. @grad added back where they came from.
Tensor gather_rows(const OpName& op, const Operand& x, const Tensor& positions, std::int64_t inner,
                   const Shape& shape);
inline Tensor gather_rows(const OpName& op, const Operand& x, const Tensor& positions,
                          const Shape& shape) {
  return gather_rows(op, x, positions, 1, shape);
}

/// Zeros of a shape with the rows of x added at the positions. @grad dx = dy gathered there.
Tensor scatter_add_rows(const OpName& op, const Operand& x, const Tensor& positions,
                        std::int64_t inner, const Shape& shape);

/// x with the rows of src added at the positions. @grad dx = dy, dsrc = dy gathered.
Tensor scatter_add_rows(const OpName& op, const Operand& x, const Tensor& positions,
                        const Operand& src, std::int64_t inner = 1);
/// x with the rows at the positions replaced; where a position comes again, the last one counts.
/// @grad dx = dy but 0 there, dsrc = dy gathered.
Tensor scatter_rows(const OpName& op, const Operand& x, const Tensor& positions, const Operand& src,
                    std::int64_t inner = 1);

/// A tensor of positions, to be filled.
Tensor new_positions(const Shape& shape);
inline std::int64_t* positions_of(const Tensor& t) {
  return static_cast<std::int64_t*>(raw<void>(t));
}

/// @throws DTypeError unless the positions are int64.
void check_position_type(const char* op, const Tensor& index);
/// Positions as the caller counts them, checked and counted from the front.
/// @throws DTypeError unless int64; ValueError for one outside [-n, n), or below 0 if not `wraps`.
Tensor checked_positions(const char* op, const Tensor& index, std::int64_t n, bool wraps = true);

/// For each element of a result of shape `to`, the position in a tensor of `from` whose place along
/// axis d is map(d, place in the result); -1 if any of those is.
using AxisMap = std::function<std::int64_t(int axis, std::int64_t place)>;
Tensor positions_by_axis(const Shape& from, const Shape& to, const AxisMap& map);

/// Row-major strides.
std::vector<std::int64_t> strides_of(const Shape& shape);

}  // namespace xgrad::detail
