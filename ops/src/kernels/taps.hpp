// taps.hpp: a linear map along lines whose rows have few entries.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

#include "kernels/axis_split.hpp"

namespace xgrad::detail {

/// y[i] = the sum over t of weight[i][t] x[at[i][t]], for `rows` places i and `taps` entries t of
/// each; -1 is no entry.
struct TapMap {
  std::int64_t rows, taps;
  const std::int64_t* at;
  const double* weight;
};

/// From x, with the lines given, to y, whose lines have a place for each row. Floating dtypes.
void apply_taps(DType dtype, const AxisSplit& lines, const TapMap& map, const void* x, void* y);
/// The transposed map, from such a y to x: it is written, not added to.
void apply_taps_transposed(DType dtype, const AxisSplit& lines, const TapMap& map, const void* y,
                           void* x);

}  // namespace xgrad::detail
