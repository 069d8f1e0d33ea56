// rows.hpp: rows taken from, written to and added at positions.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// `count` rows, each with a position among `rows` others; a row is `inner` elements. Position -1
/// is nowhere: zeros are taken from there, and nothing is written. Positions are in range.
struct RowSizes {
  std::int64_t count, rows, inner;
};

/// Row k of y = row at[k] of x.
void gather_rows(DType dtype, const RowSizes& size, const void* x, const std::int64_t* at, void* y);
/// Row at[k] of y = row k of x. No position but -1 comes twice.
void scatter_rows(DType dtype, const RowSizes& size, const void* x, const std::int64_t* at,
                  void* y);
/// Row at[k] of y += row k of x, in the order of k; y is all zeros before that unless `accumulate`.
/// Integers wrap around, a bool is true once a true is added. Rows of float32 with 1024
/// contributions and more are added up in double.
void scatter_add_rows(DType dtype, const RowSizes& size, const void* x, const std::int64_t* at,
                      bool accumulate, void* y);
/// The same for row k of x over how often at[k] comes: the mean of those rows. Floating dtypes.
void scatter_mean_rows(DType dtype, const RowSizes& size, const void* x, const std::int64_t* at,
                       bool accumulate, void* y);
/// Row at[k] of y = 0. No position but -1 comes twice.
void clear_rows(DType dtype, const RowSizes& size, const std::int64_t* at, void* y);

}  // namespace xgrad::detail
