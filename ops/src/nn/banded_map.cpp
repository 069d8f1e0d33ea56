#include "nn/banded_map.hpp"

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/reshape.hpp>

#include "axis.hpp"
#include "kernels/taps.hpp"
#include "movement/gather_rows.hpp"
#include "sizes.hpp"

namespace xgrad::detail {
namespace {

enum class Way { forward, backward };

Tensor mapped(const char* op, const Operand& x, const Tensor& at, const Tensor& weight, int axis,
              std::int64_t size, Way way) {
  const Tensor source = x.materialize();
  Shape shape = source.shape();
  shape[axis] = size;
  const std::int64_t here = source.size(axis);
  const bool forward = way == Way::forward;
  Value value = Value::empty(shape, source.dtype());
  const TapMap map{at.size(0), at.size(1), positions_of(at),
                   static_cast<const double*>(raw<void>(weight))};
  if (at.numel() == 0)
    fill(value, 0);
  else
    (forward ? apply_taps : apply_taps_transposed)(source.dtype(),
                                                   split_at(forward ? source.shape() : shape, axis),
                                                   map, raw<void>(source), value.data<void>());
  return record({op, "dx = the transposed map of dy"}, {x, at, weight}, std::move(value),
                save_input(1) | save_input(2),
                [op, axis, here, way](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Way other = way == Way::forward ? Way::backward : Way::forward;
                  dx.add(0, mapped(op, dy, in[1], in[2], axis, here, other));
                });
}

}  // namespace

void Taps::add_window(std::int64_t start, std::int64_t count, double each) {
  for (std::int64_t t = 0; t < taps; ++t) {
    at.push_back(t < count ? start + t : -1);
    weight.push_back(each);
  }
}

Tensor resample(const char* op, const Operand& x, int axis, std::int64_t size,
                const std::function<Taps()>& taps_of) {
  Shape shape = x.shape();
  shape[axis] = size;
  require_memory(shape, x.dtype());
  // Of a value without elements each element is none: no taps for an axis that may be long.
  const Taps taps = shape.numel() == 0 ? Taps(x.shape()[axis], 0) : taps_of();
  const Shape rows{taps.size(), taps.taps};
  return mapped(op, x, reshape(tensor(taps.at), rows), reshape(tensor(taps.weight), rows), axis,
                size, Way::forward);
}

}  // namespace xgrad::detail
