#include "reduction/linear_recurrence.hpp"

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>

#include "axis.hpp"

namespace xgrad::detail {
namespace {

Direction opposite(Direction d) {
  return d == Direction::forward ? Direction::backward : Direction::forward;
}

}  // namespace

Tensor shift_by_one(const Tensor& x, int axis, Direction direction) {
  const std::int64_t n = x.size(axis);
  if (n == 0) return x;
  Shape edge = x.shape();
  edge[axis] = 1;
  const Tensor zero = zeros(edge, {.dtype = x.dtype()});
  return direction == Direction::forward ? cat({zero, narrow(x, axis, 0, n - 1)}, axis)
                                         : cat({narrow(x, axis, 1, n - 1), zero}, axis);
}

Tensor linear_scan(const Operand& a, const Operand& b, int axis, Direction direction,
                   const Tensor& restarts) {
  const Tensor p = a.materialize(), q = b.materialize();
  Value value = Value::empty(q.shape(), q.dtype());
  linear_recurrence(q.dtype(), split_at(q.shape(), axis), direction, raw<void>(p), raw<void>(q),
                    restarts.defined() ? raw<bool>(restarts) : nullptr, value.data<void>());
  return record({"linear_scan", "g = dy + shifted a g; db = g, da = g shifted y"}, {a, b, restarts},
                std::move(value), save_input(0) | save_input(2) | save_output,
                [axis, direction](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Direction back = opposite(direction);
                  const Tensor anew = in[2];
                  const Tensor g =
                      linear_scan(shift_by_one(in[0], axis, back), dy, axis, back,
                                  anew.defined() ? shift_by_one(anew, axis, back) : anew);
                  if (dx.wants(1)) dx.add(1, g);
                  if (!dx.wants(0)) return;
                  const Tensor da = g * shift_by_one(in.output(), axis, direction);
                  dx.add(0, anew.defined() ? where(anew, 0, da) : da);
                });
}

}  // namespace xgrad::detail
