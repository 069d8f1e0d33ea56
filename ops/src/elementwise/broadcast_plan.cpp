#include "elementwise/broadcast_plan.hpp"

#include <algorithm>

namespace xgrad::detail {

BroadcastPlan::BroadcastPlan(const Shape& result, const Shape* const* operands, int count)
    : count_(count), numel_(result.numel()) {
  bool all_same = true;
  for (int i = 0; i < count; ++i) {
    steps_[i] = operands[i]->numel() == numel_ ? 1 : 0;
    all_same = all_same && (steps_[i] == 1 || operands[i]->numel() == 1);
  }
  if (all_same) {  // one row, whatever the shape
    row_ = std::max<std::int64_t>(1, numel_);
    return;
  }
  std::int64_t next[max_arity];  // the stride of an operand's next axis, from the inside out
  std::fill_n(next, count, 1);
  bool inner = true;
  for (int axis = result.dim() - 1; axis >= 0; --axis) {
    const std::int64_t size = result[axis];
    if (size == 1) continue;
    std::int64_t strides[max_arity];
    for (int i = 0; i < count; ++i) {
      const int own = axis - result.dim() + operands[i]->dim();
      const bool moves = own >= 0 && (*operands[i])[own] != 1;
      strides[i] = moves ? next[i] : 0;
      if (moves) next[i] *= size;
    }
    if (inner) {
      row_ = size;
      std::copy_n(strides, count, steps_);
      inner = false;
    } else {
      add_axis(size, strides);
    }
  }
}

// Merges the axis into the one inside it where every operand's elements go on evenly.
void BroadcastPlan::add_axis(std::int64_t size, const std::int64_t* strides) {
  const std::int64_t inside = axes_ == 0 ? row_ : sizes_[axes_ - 1];
  const std::int64_t* const before = axes_ == 0 ? steps_ : strides_[axes_ - 1];
  bool even = true;
  for (int i = 0; i < count_; ++i) even = even && strides[i] == before[i] * inside;
  if (even) {
    (axes_ == 0 ? row_ : sizes_[axes_ - 1]) *= size;
    return;
  }
  sizes_[axes_] = size;
  std::copy_n(strides, count_, strides_[axes_++]);
}

BroadcastPlan::Piece BroadcastPlan::piece(std::int64_t index, std::int64_t size) const {
  const std::int64_t per_row = (row_ + size - 1) / size;
  std::int64_t row = index / per_row;
  const std::int64_t within = index % per_row * size;
  Piece piece;
  piece.begin = row * row_ + within;
  piece.size = std::min(size, row_ - within);
  for (int i = 0; i < count_; ++i) piece.offset[i] = within * steps_[i];
  for (int a = 0; a < axes_; ++a) {
    for (int i = 0; i < count_; ++i) piece.offset[i] += row % sizes_[a] * strides_[a][i];
    row /= sizes_[a];
  }
  return piece;
}

}  // namespace xgrad::detail
