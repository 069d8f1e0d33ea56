#include "movement/tensor_indexing.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/scatter.hpp>

#include "kernels/positions.hpp"
#include "movement/gather_rows.hpp"
#include "movement/index_entries.hpp"

namespace xgrad::detail {
namespace {

// Works through the entries. Axes that stay are strides; those that tensors select are one block,
// which has the broadcast shape of the tensors.
class TensorSelection {
 public:
  TensorSelection(const char* op, const Operand& x, const std::vector<Index>& indices)
      : op_(op), x_(x), shape_(x.shape()), strides_(strides_of(shape_)) {
    const int unnamed = shape_.dim() - axes_taken(op, x, indices);
    for (const Index& i : indices) take(i, unnamed);
    while (axis_ < shape_.dim()) take_slice(Slice());
    if (!tensors_.empty()) place_block();
  }

  PositionsOf result() const {
    std::vector<std::int64_t> sizes;
    for (const Axis& axis : axes_) append_sizes(axis, sizes);
    const std::int64_t count = Shape(sizes).numel();
    if (count == 0) return {new_positions({0}), 1, sizes};
    std::size_t rows = axes_.size();
    std::int64_t inner = 1;  // trailing axes that lie together
    while (rows > 0 && !axes_[rows - 1].is_block &&
           (axes_[rows - 1].size == 1 || axes_[rows - 1].stride == inner))
      inner *= axes_[--rows].size;
    if (!starts_rows(rows, inner)) rows = axes_.size(), inner = 1;
    const Tensor positions = new_positions({count / inner});
    const TensorAxis block = block_in_rows(inner);
    std::vector<AxisPositions> axes;
    for (std::size_t k = 0; k < rows; ++k)
      axes.push_back(axes_[k].is_block ? AxisPositions{block.positions.numel(), block.stride,
                                                       positions_of(block.positions)}
                                       : AxisPositions{axes_[k].size, axes_[k].stride / inner});
    positions_by_axes(axes, offset_ / inner, positions_of(positions));
    return {positions, inner, sizes};
  }

 private:
  struct Axis {
    bool is_block;
    std::int64_t size, stride;
  };
  struct TensorAxis {
    Tensor positions;
    std::int64_t stride = 0;
    std::size_t before = 0;  // how many axes stay in front of it
  };

  // Whether all positions along the first axes are multiples of `inner`.
  bool starts_rows(std::size_t rows, std::int64_t inner) const {
    return offset_ % inner == 0 &&
           std::all_of(tensors_.begin(), tensors_.end(),
                       [inner](const TensorAxis& t) { return t.stride % inner == 0; }) &&
           std::all_of(axes_.begin(), axes_.begin() + static_cast<std::ptrdiff_t>(rows),
                       [inner](const Axis& a) { return a.size == 1 || a.stride % inner == 0; });
  }
  // The positions that the tensors select together, in rows of `inner` elements.
  TensorAxis block_in_rows(std::int64_t inner) const {
    TensorAxis block;
    for (const TensorAxis& t : tensors_) {
      const std::int64_t stride = t.stride / inner;
      if (block.positions.defined())
        block = {block.positions * block.stride + t.positions * stride, 1, t.before};
      else
        block = {t.positions, stride, t.before};
    }
    return block;
  }

  void append_sizes(const Axis& axis, std::vector<std::int64_t>& sizes) const {
    if (axis.is_block)
      sizes.insert(sizes.end(), block_shape_.begin(), block_shape_.end());
    else
      sizes.push_back(axis.size);
  }

  void take(const Index& i, int unnamed) {
    switch (i.kind()) {
      case Index::Kind::position:
        offset_ += wrap_position(op_, x_, axis_, i.position()) * stride();
        ++axis_;
        return;
      case Index::Kind::slice:
        return take_slice(i.slice());
      case Index::Kind::none:
        return axes_.push_back({false, 1, 0});
      case Index::Kind::ellipsis:
        for (int k = 0; k < unnamed; ++k) take_slice(Slice());
        return;
      case Index::Kind::tensor:
        return i.tensor().dtype() == bool_ ? take_mask(i.tensor()) : take_tensor(i.tensor());
    }
  }
  std::int64_t stride() const { return strides_[static_cast<std::size_t>(axis_)]; }
  void take_slice(const Slice& slice) {
    const SliceRange range = range_of(slice, shape_[axis_]);
    offset_ += range.count == 0 ? 0 : range.start * stride();
    axes_.push_back({false, range.count, range.step * stride()});
    ++axis_;
  }
  void take_tensor(const Tensor& index) {
    tensors_.push_back({checked_positions(op_, index, shape_[axis_]), stride(), axes_.size()});
    ++axis_;
  }
  // A mask is the positions where it holds, a tensor of them for each of its axes.
  void take_mask(const Tensor& mask) {
    for (int i = 0; i < mask.dim(); ++i)
      if (mask.size(i) != shape_[axis_ + i])
        throw ShapeError(
            fmt::format("{}: the mask {} does not match {}, which it indexes from dim {} on; their "
                        "sizes must be equal there",
                        op_, describe(mask), describe(x_), axis_));
    const Tensor where = nonzero(mask);
    if (mask.dim() == 0)  // one, or none, of a new axis
      tensors_.push_back({zeros({where.size(0)}, {.dtype = int64}), 0, axes_.size()});
    for (int i = 0; i < mask.dim(); ++i) take_tensor(xgrad::select(where, 1, i));
  }

  // The block comes where its tensors are, or in front if something lies between them.
  void place_block() {
    block_shape_ = tensors_.front().positions.shape();
    for (const TensorAxis& t : tensors_) {
      const std::optional<Shape> both = broadcast_of(block_shape_, t.positions.shape());
      if (!both)
        throw ShapeError(
            fmt::format("{}: the index tensors have shapes {} and {}, which do not broadcast", op_,
                        to_string(block_shape_), to_string(t.positions.shape())));
      block_shape_ = *both;
    }
    const bool together = std::all_of(tensors_.begin(), tensors_.end(), [&](const TensorAxis& t) {
      return t.before == tensors_.front().before;
    });
    axes_.insert(axes_.begin() + (together ? std::ptrdiff_t(tensors_.front().before) : 0),
                 {true, 0, 0});
  }

  const char* op_;
  const Operand& x_;
  const Shape shape_;
  const std::vector<std::int64_t> strides_;
  int axis_ = 0;
  std::int64_t offset_ = 0;
  std::vector<Axis> axes_;
  std::vector<TensorAxis> tensors_;
  Shape block_shape_;
};

}  // namespace

PositionsOf select_positions(const char* op, const Operand& x, const std::vector<Index>& indices) {
  return TensorSelection(op, x, indices).result();
}

}  // namespace xgrad::detail
