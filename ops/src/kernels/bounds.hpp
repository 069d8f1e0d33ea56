// bounds.hpp: whether elements are in the range that an op takes.
#pragma once

#include <cstdint>
#include <optional>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// The first of `count` elements that is not in [lowest, highest]; NaN is not. T is double for
/// float32 and float64, std::int64_t for int64 and bool (0 or 1).
template <class T>
std::optional<T> first_outside(DType dtype, std::int64_t count, const void* x, T lowest, T highest);

/// Whether one of `count` elements is 0.
bool has_zero(DType dtype, std::int64_t count, const void* x);

/// The largest of `count` elements of int64 or bool; 0 if none is above that.
std::int64_t largest_integer(DType dtype, std::int64_t count, const void* x);

}  // namespace xgrad::detail
