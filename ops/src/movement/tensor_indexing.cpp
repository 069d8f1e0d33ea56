#include "movement/tensor_indexing.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/scatter.hpp>

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
    ScratchVector<std::int64_t> at{offset_};
    for (const Axis& axis : axes_) append_sizes(axis, sizes);
    if (Shape(sizes).numel() == 0) return {new_positions({0}), 1, sizes};
    std::size_t rows = axes_.size();
    std::int64_t inner = 1;  // trailing axes that lie together
    while (rows > 0 && !axes_[rows - 1].is_block && axes_[rows - 1].stride == inner)
      inner *= axes_[--rows].size;
    for (std::size_t k = 0; k < rows; ++k) at = spread(at, axes_[k]);
    const Tensor positions = new_positions({static_cast<std::int64_t>(at.size())});
    // Offsets within rows are 0: a row's position is counted in rows of that size.
    for (std::size_t k = 0; k < at.size(); ++k) positions_of(positions)[k] = at[k] / inner;
    if (misaligned(at, inner)) return by_elements(sizes, at, inner);
    return {positions, inner, sizes};
  }

 private:
  struct Axis {
    bool is_block;
    std::int64_t size, stride;
  };
  struct TensorAxis {
    Tensor positions;
    std::int64_t stride;
    std::size_t before;  // how many axes stay in front of it
  };

  static bool misaligned(const ScratchVector<std::int64_t>& at, std::int64_t inner) {
    return inner > 1 &&
           std::any_of(at.begin(), at.end(), [inner](std::int64_t i) { return i % inner != 0; });
  }
  static PositionsOf by_elements(const std::vector<std::int64_t>& sizes,
                                 const ScratchVector<std::int64_t>& at, std::int64_t inner) {
    const Tensor positions = new_positions({static_cast<std::int64_t>(at.size()) * inner});
    std::int64_t* to = positions_of(positions);
    for (const std::int64_t first : at)
      for (std::int64_t i = 0; i < inner; ++i) *to++ = first + i;
    return {positions, 1, sizes};
  }

  void append_sizes(const Axis& axis, std::vector<std::int64_t>& sizes) const {
    if (axis.is_block)
      sizes.insert(sizes.end(), block_shape_.begin(), block_shape_.end());
    else
      sizes.push_back(axis.size);
  }
  ScratchVector<std::int64_t> spread(const ScratchVector<std::int64_t>& at,
                                     const Axis& axis) const {
    ScratchVector<std::int64_t> next;
    for (const std::int64_t from : at) {
      if (axis.is_block)
        for (const std::int64_t i : block_) next.push_back(from + i);
      else
        for (std::int64_t i = 0; i < axis.size; ++i) next.push_back(from + i * axis.stride);
    }
    return next;
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
            fmt::format("{}: the mask {} does not fit {} from dim {} on; it must have "
                        "its sizes",
                        op_, describe(mask), describe(x_), axis_));
    const Tensor where = nonzero(mask);
    if (mask.dim() == 0) {  // one, or none, of a new axis
      tensors_.push_back({new_positions({where.size(0)}), 0, axes_.size()});
      std::fill_n(positions_of(tensors_.back().positions), where.size(0), 0);
    }
    for (int i = 0; i < mask.dim(); ++i) take_tensor(xgrad::select(where, 1, i));
  }

  // The block comes where its tensors are, or in front if something lies between them.
  void place_block() {
    block_shape_ = tensors_.front().positions.shape();
    for (const TensorAxis& t : tensors_) {
      const std::optional<Shape> both = broadcast_of(block_shape_, t.positions.shape());
      if (!both)
        throw ShapeError(fmt::format("{}: the positions {} and {} do not broadcast", op_,
                                     to_string(block_shape_), to_string(t.positions.shape())));
      block_shape_ = *both;
    }
    block_.assign(static_cast<std::size_t>(block_shape_.numel()), 0);
    bool together = true;
    for (const TensorAxis& t : tensors_) {
      const Tensor all = expand(t.positions, block_shape_);
      for (std::size_t k = 0; k < block_.size(); ++k) block_[k] += positions_of(all)[k] * t.stride;
      together = together && t.before == tensors_.front().before;
    }
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
  ScratchVector<std::int64_t> block_;
  Shape block_shape_;
};

}  // namespace

PositionsOf select_positions(const char* op, const Operand& x, const std::vector<Index>& indices) {
  return TensorSelection(op, x, indices).result();
}

}  // namespace xgrad::detail
