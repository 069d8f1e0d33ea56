// broadcast_plan.hpp: how an elementwise kernel walks operands that broadcast.
#pragma once

#include <cstdint>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/shape.hpp>
#include <xgrad/graph/streaming.hpp>
#include <xgrad/ops/pointwise.hpp>

namespace xgrad::detail {

/// The result's elements as rows, along each of which every operand moves by 0 or by 1. Axes merge
/// as far as all operands allow: without broadcasting there is one row.
class BroadcastPlan {
 public:
  struct Piece {
    std::int64_t begin;  // its first element in the result
    std::int64_t size;
    std::int64_t offset[max_arity];  // its first element in each operand
  };

  BroadcastPlan() = default;
  BroadcastPlan(const Shape& result, const Shape* const* operands, int count);

  /// 0 or 1: how operand i moves along a row.
  std::int64_t step(int i) const { return steps_[i]; }
  /// How many pieces of at most `size` elements the rows make; a piece lies within a row.
  std::int64_t pieces(std::int64_t size) const {
    return numel_ == 0 ? 0 : numel_ / row_ * ((row_ + size - 1) / size);
  }
  Piece piece(std::int64_t index, std::int64_t size) const;

  /// Calls f(piece) for each piece, in parallel where there is enough work. `streamed`: f may write
  /// past the caches.
  template <class F>
  void for_each_piece(std::int64_t size, bool streamed, F&& f) const {
    const std::int64_t count = pieces(size);
    if (count == 0) return;
    const std::int64_t each = std::max<std::int64_t>(1, parallel_grain / std::min(row_, size));
    parallel_ranges(count, each, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t p = begin; p < end; ++p) f(piece(p, size));
      if (streamed) stream_fence();
    });
  }

 private:
  void add_axis(std::int64_t size, const std::int64_t* strides);

  int count_ = 0;
  int axes_ = 0;  // outer ones, innermost first
  std::int64_t numel_ = 0;
  std::int64_t row_ = 1;
  std::int64_t steps_[max_arity] = {};
  std::int64_t sizes_[max_dim];
  std::int64_t strides_[max_dim][max_arity];
};

}  // namespace xgrad::detail
