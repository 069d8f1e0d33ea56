// kernels.hpp: the kernels that the graph itself needs, over pointers and sizes.
#pragma once

#include <cstdint>
#include <vector>

#include <xgrad/graph/storage.hpp>

namespace xgrad::detail {

/// Sets every element to a number, converted to the value's type.
void fill(const Value& value, double number);

/// The elements converted to another type; a float becomes true where it is not zero.
Value convert(const Value& value, DType dtype);

/// a += b, elementwise, for values of the same shape and float type.
void add_in_place(const Value& a, const Value& b);
/// The same for n elements in memory.
void add_in_place(DType dtype, void* a, const void* b, std::int64_t n) noexcept;

/// Copies value, repeated along the axes it lacks or has of size 1, into elements of `to`'s shape.
/// Where the shapes are the same nothing is thrown.
void expand_into(const Value& value, const Value& to);

/// Sums over the axes for which `reduced` holds; the result has size 1 there. Blocks of 1024 are
/// added in the element's type, the blocks' sums in double (or int64): a float32 sum of 10^7
/// values is within 1e-6.
Value sum_axes(const Value& value, const std::vector<bool>& reduced);

/// Sums a value of a broadcast shape back to the shape it was broadcast from.
Value sum_to(const Value& value, const Shape& shape);

/// A shape cut into runs of axes that are all reduced or all kept, sizes of 1 dropped.
struct AxisRun {
  std::int64_t size;
  bool reduced;
};
std::vector<AxisRun> axis_runs(const Shape& shape, const std::vector<bool>& reduced);

}  // namespace xgrad::detail
