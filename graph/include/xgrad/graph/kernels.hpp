// kernels.hpp: the kernels that the graph itself needs, over pointers and sizes.
#pragma once

#include <cstdint>
#include <vector>

#include <xgrad/graph/storage.hpp>

namespace xgrad::detail {

/// Sets every element to `number`, converted to the value's dtype.
void fill(const Value& value, double number);

/// Converts the elements to another dtype. Nonzero numbers become true.
Value convert(const Value& value, DType dtype);

/// a += b for values of the same shape and the same float type.
void add_in_place(const Value& a, const Value& b);
/// a += b for n elements in memory.
void add_in_place(DType dtype, void* a, const void* b, std::int64_t n) noexcept;

/// Broadcasts `value` to the shape of `to` and copies it there. If the shapes are equal, it does
/// not throw.
void expand_into(const Value& value, const Value& to);

/// Sums over the axes for which `reduced` is true; the result has size 1 there. Blocks of 1024
/// elements are summed in the element type, and the sums of the blocks in double (or int64), so a
/// float32 sum of 10^7 values is accurate to 1e-6.
Value sum_axes(const Value& value, const std::vector<bool>& reduced);

/// Sums a value of a broadcast shape back to the original shape.
Value sum_to(const Value& value, const Shape& shape);

/// A run of adjacent axes that are all reduced or all kept. Axes of size 1 are dropped.
struct AxisRun {
  std::int64_t size;
  bool reduced;
};
std::vector<AxisRun> axis_runs(const Shape& shape, const std::vector<bool>& reduced);

}  // namespace xgrad::detail
