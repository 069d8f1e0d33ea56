#include "nn/banded_map.hpp"

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/record.hpp>

#include "axis.hpp"
#include "kernels/taps.hpp"
#include "movement/gather_rows.hpp"
#include "sizes.hpp"

namespace xgrad::detail {
namespace {

enum class Way { forward, backward };

// Maps along the axes from one on. Their entries lie in two tensors, one map after the other.
struct Maps {
  int axis, count;
  struct Map {
    std::int64_t size, rows, taps;
  } along[most_resampled];

  Shape mapped(Shape shape, Way way) const {
    for (int i = 0; i < count; ++i)
      shape[axis + i] = way == Way::forward ? along[i].rows : along[i].size;
    return shape;
  }
  void with_entries(const Tensor& at, const Tensor& weight, TapMap* maps) const {
    const std::int64_t* position = positions_of(at);
    const double* w = static_cast<const double*>(raw<void>(weight));
    for (int i = 0; i < count; ++i) {
      const Map& m = along[i];
      maps[i] = {m.size, m.rows, m.taps, position, w};
      position += m.rows * m.taps;
      w += m.rows * m.taps;
    }
  }
};

void apply(const Maps& m, const Tensor& at, const Tensor& weight, const Tensor& x, Way way,
           void* y) {
  TapMap maps[most_resampled];
  m.with_entries(at, weight, maps);
  const TapAxes axes{split_at(x.shape(), m.axis).outer,
                     {maps, static_cast<std::size_t>(m.count)},
                     split_at(x.shape(), m.axis + m.count - 1).inner};
  (way == Way::forward ? apply_taps : apply_taps_transposed)(x.dtype(), axes, raw<void>(x), y);
}

Tensor mapped(const char* op, const Operand& x, const Tensor& at, const Tensor& weight,
              const Maps& maps, Way way) {
  const Tensor source = x.materialize();
  Value value = Value::empty(maps.mapped(source.shape(), way), source.dtype());
  if (at.numel() == 0 || source.numel() == 0)  // nothing is added up
    fill(value, 0);
  else
    apply(maps, at, weight, source, way, value.data<void>());
  return record({op, "dx = the transposed map of dy"}, {x, at, weight}, std::move(value),
                save_input(1) | save_input(2),
                [op, maps, way](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Way other = way == Way::forward ? Way::backward : Way::forward;
                  dx.add(0, mapped(op, dy, in[1], in[2], maps, other));
                });
}

}  // namespace

void Taps::add_window(std::int64_t start, std::int64_t count, double each) {
  for (std::int64_t t = 0; t < taps; ++t) {
    at.push_back(t < count ? start + t : -1);
    weight.push_back(each);
  }
}

Tensor resample(const char* op, const Operand& x, int axis, const std::vector<std::int64_t>& sizes,
                const std::function<Taps(int)>& taps_of) {
  Maps maps{axis, static_cast<int>(sizes.size()), {}};
  for (int i = 0; i < maps.count; ++i)
    maps.along[i] = {x.shape()[axis + i], sizes[static_cast<std::size_t>(i)], 0};
  const Shape shape = maps.mapped(x.shape(), Way::forward);
  require_memory(shape, x.dtype());
  ScratchVector<std::int64_t> at;
  ScratchVector<double> weight;
  // Of a value without elements each element is none: no taps for an axis that may be long.
  for (int i = 0; i < maps.count && shape.numel() > 0; ++i) {
    const Taps taps = taps_of(i);
    maps.along[i].taps = taps.taps;
    at.insert(at.end(), taps.at.begin(), taps.at.end());
    weight.insert(weight.end(), taps.weight.begin(), taps.weight.end());
  }
  return mapped(op, x, tensor(at), tensor(weight), maps, Way::forward);
}

}  // namespace xgrad::detail
