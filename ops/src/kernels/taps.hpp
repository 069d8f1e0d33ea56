// taps.hpp: linear maps along axes whose rows have few entries.
#pragma once

#include <cstdint>
#include <span>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// y[i] = the sum over t of weight[i][t] x[at[i][t]], for x of `size` elements, `rows` places i and
/// `taps` entries t of each; -1 is no entry.
struct TapMap {
  std::int64_t size, rows, taps;
  const std::int64_t* at;
  const double* weight;
};
/// The axes (outer, one of each map, inner) of a tensor.
struct TapAxes {
  std::int64_t outer;
  std::span<const TapMap> maps;
  std::int64_t inner;
};

/// Each map along its axis of x, to y, whose axes have a place for each row. Floating dtypes.
void apply_taps(DType dtype, const TapAxes& axes, const void* x, void* y);
/// The transposed maps, from such a y to x: it is written, not added to.
void apply_taps_transposed(DType dtype, const TapAxes& axes, const void* y, void* x);

}  // namespace xgrad::detail
