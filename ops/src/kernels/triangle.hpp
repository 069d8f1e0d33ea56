// triangle.hpp: the parts of matrices below and above a diagonal.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// The places (r, c) of a matrix with c - r <= diagonal, or with c - r >= diagonal if not `lower`.
struct Triangle {
  std::int64_t rows, columns, diagonal;
  bool lower;
};

/// y = x in the triangle, 0 outside, for each of `batch` matrices.
void copy_triangle(DType dtype, std::int64_t batch, const Triangle& triangle, const void* x,
                   void* y);
/// The rows and the columns of the triangle's `count` places, row by row.
void triangle_places(const Triangle& triangle, std::int64_t count, std::int64_t* rows,
                     std::int64_t* columns);

}  // namespace xgrad::detail
