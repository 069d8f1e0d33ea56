// strided_copy.hpp: regular selections of elements, and the pair of ops that copy them out and put
// them back: each is the other's gradient.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad::detail {

/// Elements at offset + sum of index[i] * stride[i], each index[i] in [0, size[i]); all different.
/// Plain numbers, which a local gradient can capture.
struct StridedRegion {
  int axes = 0;
  std::int64_t offset = 0;
  std::int64_t size[max_dim];
  std::int64_t stride[max_dim];

  /// All elements of a row-major value.
  static StridedRegion row_major(const Shape& shape);
  void add_axis(std::int64_t n, std::int64_t step) {
    size[axes] = n;
    stride[axes++] = step;
  }
};

/// The selected elements of x, in a shape of as many. @grad adds into the selection alone.
Tensor as_strided_copy(const char* op, const Operand& x, const Shape& shape,
                       const StridedRegion& view);
/// Zeros but for the selection, which has x's elements.
Tensor as_strided_scatter(const Tensor& x, const Shape& shape, const StridedRegion& view);

}  // namespace xgrad::detail
