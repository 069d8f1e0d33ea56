// view.hpp: regular selections of elements, and the pair of ops that copy them out and put them
// back: each is the other's gradient.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad::detail {

/// Elements at offset + sum of index[i] * stride[i], each index[i] in [0, size[i]); all different.
/// Plain numbers, which a local gradient can capture.
struct View {
  static constexpr int most_axes = max_dim;
  int axes = 0;
  std::int64_t offset = 0;
  std::int64_t size[most_axes];
  std::int64_t stride[most_axes];

  /// All elements of a row-major value.
  static View of(const char* op, const Operand& x);
  static View row_major(const char* op, const Shape& shape, Site site);
  void add_axis(std::int64_t n, std::int64_t step) {
    size[axes] = n;
    stride[axes++] = step;
  }
};

/// The selected elements of x, in a shape of as many. @grad adds into the selection alone.
Tensor take_view(const char* op, const Operand& x, const Shape& shape, const View& view);
/// Zeros but for the selection, which has x's elements.
Tensor put_view(const Tensor& x, const Shape& shape, const View& view);

}  // namespace xgrad::detail
