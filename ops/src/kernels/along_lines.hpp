// along_lines.hpp: elements of lines taken from, and added at, positions along them.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

#include "kernels/axis_split.hpp"

namespace xgrad::detail {

/// `count` positions along each line, as (outer, count, inner). The kernels check that they are in
/// [0, size) while they go along and return false if one is not; their results are of no use then.
struct PositionsAlong {
  AxisSplit lines;
  std::int64_t count;
  const std::int64_t* at;
};

/// y (outer, count, inner) = the elements of x (outer, size, inner) there.
bool gather_along(DType dtype, const PositionsAlong& positions, const void* x, void* y);
/// y (outer, size, inner) = base, or zeros if that is null, with the elements of x (outer, count,
/// inner) added there. base may be y. Those of a place are added one after the other; from
/// `many_contributions` of float32 in a line on in double. Integers wrap around, a bool is true
/// once a true is added. Lines are the rows of a matrix: inner is 1.
bool add_along(DType dtype, const PositionsAlong& positions, const void* x, const void* base,
               void* y);

/// The positions (outer, count, inner), which fit, as positions among all elements of the lines.
void elements_along(const PositionsAlong& positions, std::int64_t* elements);

}  // namespace xgrad::detail
