// positions.hpp: positions of elements in row-major tensors, from places along axes and back.
#pragma once

#include <cstdint>
#include <span>

namespace xgrad::detail {

/// y[k] = x[k], or x[k] + n if that is negative.
void wrap_positions(std::int64_t count, std::int64_t n, const std::int64_t* x, std::int64_t* y);

/// An axis of a result whose elements lie in another tensor: those at place i along it lie at
/// at[i] * stride there, or at i * stride if `at` is null. An at[i] of -1 is nowhere.
struct AxisPositions {
  std::int64_t size, stride;  // stride >= 0
  const std::int64_t* at = nullptr;
};
/// For each element of a row-major result with these axes `offset` plus its positions along them;
/// -1 where one of those is nowhere.
void positions_by_axes(std::span<const AxisPositions> axes, std::int64_t offset, std::int64_t* y);

/// For each element of a row-major result of these sizes its position in a tensor with these
/// strides, where it lies at the same place along every axis but one, and at at[k] along that.
/// Replaces `at`.
void positions_along(std::span<const std::int64_t> sizes, std::span<const std::int64_t> strides,
                     std::size_t axis, std::int64_t* at);

/// The index of each of `count` positions in a row-major tensor of these sizes: (count, axes).
void unravel_positions(std::int64_t count, std::span<const std::int64_t> sizes,
                       const std::int64_t* at, std::int64_t* y);

/// y[k] = at[k] where no equal position follows, else -1. Positions are less than n, -1 is nowhere.
void keep_last(std::int64_t count, std::int64_t n, const std::int64_t* at, std::int64_t* y);

/// How many elements of a mask are true, and where they are.
std::int64_t count_true(std::int64_t n, const bool* mask);
void true_positions(std::int64_t n, const bool* mask, std::int64_t count, std::int64_t* y);

/// The sum of `count` numbers, none negative; the largest int64 if it is beyond.
std::int64_t saturated_total(std::int64_t count, const std::int64_t* x);
/// Each i in [0, n) as many times as repeats[i * stride] says.
void repeat_positions(std::int64_t n, const std::int64_t* repeats, std::int64_t stride,
                      std::int64_t* y);

/// y (count, classes) = 1 at class at[k] of row k, 0 elsewhere.
void one_hot(std::int64_t count, std::int64_t classes, const std::int64_t* at, std::int64_t* y);

}  // namespace xgrad::detail
