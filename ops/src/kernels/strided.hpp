// strided.hpp: copies between a value and a regular selection of its elements.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// Elements at offset + sum of index[i] * stride[i], each index[i] in [0, size[i]).
/// Plain numbers, which a local gradient can capture.
struct StridedRegion {
  static constexpr int max_axes = 16;

  int axes = 0;
  std::int64_t offset = 0;
  std::int64_t size[max_axes];
  std::int64_t stride[max_axes];

  void add_axis(std::int64_t n, std::int64_t step) {
    size[axes] = n;
    stride[axes++] = step;
  }
};

// The selection is row-major, in the order of the region's axes. Transposed axes are copied in
// tiles, so that both sides stay in the cache. The two memories do not overlap.

/// selection = the elements of value in the region. An axis of stride 0 repeats them.
void copy_from_region(DType dtype, const StridedRegion& region, const void* value, void* selection);
/// The elements of value in the region, all different, = selection; the others stay.
void copy_into_region(DType dtype, const StridedRegion& region, const void* selection, void* value);
/// The elements of value in the region, all different, += selection. Unless `accumulate`, they are
/// set to it, and the others of the `numel` to zero. Floating dtypes.
void add_into_region(DType dtype, const StridedRegion& region, std::int64_t numel,
                     const void* selection, bool accumulate, void* value);

}  // namespace xgrad::detail
