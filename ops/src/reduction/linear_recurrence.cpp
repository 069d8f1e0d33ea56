#include "reduction/linear_recurrence.hpp"

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>

namespace xgrad::detail {
namespace {

Direction opposite(Direction d) {
  return d == Direction::forward ? Direction::backward : Direction::forward;
}

// Along the middle axis of (outer, n, inner).
template <class T>
void scan(const T* a, const T* b, const bool* restarts, std::int64_t outer, std::int64_t n,
          std::int64_t inner, Direction direction, T* s) {
  const std::int64_t step = direction == Direction::forward ? inner : -inner;
  for (std::int64_t o = 0; o < outer; ++o) {
    std::int64_t at = o * n * inner + (direction == Direction::forward ? 0 : (n - 1) * inner);
    for (std::int64_t j = 0; j < inner; ++j) s[at + j] = b[at + j];
    for (std::int64_t k = 1; k < n; ++k) {
      at += step;
      for (std::int64_t j = 0; j < inner; ++j) {
        const T product = a[at + j] * s[at - step + j] + b[at + j];
        s[at + j] = restarts != nullptr && restarts[at + j] ? b[at + j] : product;
      }
    }
  }
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
  const Shape& s = q.shape();
  if (s.numel() > 0)
    dispatch_floating(q.dtype(), [&]<class T>() {
      std::int64_t inner = 1;
      for (int i = axis + 1; i < s.dim(); ++i) inner *= s[i];
      scan(raw<T>(p), raw<T>(q), restarts.defined() ? raw<bool>(restarts) : nullptr,
           s.numel() / (s[axis] * inner), s[axis], inner, direction, value.data<T>());
    });
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
