#include <xgrad/ops/indexing.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/range.hpp>
#include <xgrad/ops/reshape.hpp>

#include "movement/gather_rows.hpp"
#include "movement/index_entries.hpp"
#include "movement/strided_copy.hpp"
#include "movement/tensor_indexing.hpp"

namespace xgrad {
namespace {

using detail::StridedRegion;

// Works through the entries, axis by axis.
class Selection {
 public:
  Selection(const Operand& x, const std::vector<Index>& indices)
      : x_(x), whole_(detail::row_major(x.shape())) {
    view_.offset = 0;
    const int taken = detail::axes_taken("index", x, indices);
    for (const Index& i : indices) take(i, x.shape().dim() - taken);
    while (axis_ < whole_.axes) take_slice(Slice());
  }
  Tensor result() const { return detail::as_strided_copy("index", x_, sizes_, view_); }

 private:
  void take(const Index& i, int unnamed) {
    switch (i.kind()) {
      case Index::Kind::position:
        return take_position(i.position());
      case Index::Kind::slice:
        return take_slice(i.slice());
      case Index::Kind::none:
        return sizes_.push_back(1);
      case Index::Kind::ellipsis:
        for (int k = 0; k < unnamed; ++k) take_slice(Slice());
        return;
      case Index::Kind::tensor:
        return;  // index() has select_positions see to those
    }
  }
  void take_position(std::int64_t i) {
    view_.offset += detail::wrap_position("index", x_, axis_, i) * whole_.stride[axis_];
    ++axis_;
  }
  void take_slice(const Slice& slice) {
    const detail::SliceRange range = detail::range_of(slice, whole_.size[axis_]);
    view_.offset += range.count == 0 ? 0 : range.start * whole_.stride[axis_];
    view_.add_axis(range.count, range.step * whole_.stride[axis_]);
    sizes_.push_back(range.count);
    ++axis_;
  }

  const Operand& x_;
  const StridedRegion whole_;
  StridedRegion view_;
  std::vector<std::int64_t> sizes_;
  int axis_ = 0;
};

bool is_position(const Tensor& t) { return t.defined() && t.dim() == 0 && t.dtype() == int64; }

// x without an axis of size 1.
Shape without_axis(Shape shape, int axis) {
  std::vector<std::int64_t> sizes(shape.begin(), shape.end());
  sizes.erase(sizes.begin() + axis);
  return sizes;
}

void check_has_axes(const char* op, const Operand& x) {
  if (x.shape().dim() == 0)
    throw ShapeError(
        fmt::format("{}: {} is 0-d; the input must have at least 1 dim", op, describe(x)));
}

}  // namespace

Index::Index(const Tensor& tensor)
    : kind_(is_position(tensor) ? Kind::position : Kind::tensor), tensor_(tensor) {
  if (kind_ == Kind::position) position_ = tensor.item<std::int64_t>();
}

Tensor index(Operand x, const std::vector<Index>& indices) {
  const OpScope scope("index", x);
  const bool by_tensors = std::any_of(indices.begin(), indices.end(), [](const Index& i) {
    return i.kind() == Index::Kind::tensor;
  });
  if (!by_tensors) return Selection(x, indices).result();
  const detail::PositionsOf at = detail::select_positions("index", x, indices);
  return detail::gather_rows({"index", "dx = dy at the selected elements, 0 elsewhere"}, x,
                             at.positions, at.inner, at.shape);
}

Tensor select(Operand x, Dim dim, std::int64_t i) {
  const OpScope scope("select", x);
  check_has_axes("select", x);
  const int axis = detail::wrap_dim("select", x, dim);
  StridedRegion view = detail::row_major(x.shape());
  view.offset = detail::wrap_position("select", x, axis, i) * view.stride[axis];
  view.size[axis] = 1;
  return detail::as_strided_copy("select", x, without_axis(x.shape(), axis), view);
}

Tensor narrow(Operand x, Dim dim, std::int64_t start, std::int64_t length) {
  const OpScope scope("narrow", x);
  check_has_axes("narrow", x);
  const int axis = detail::wrap_dim("narrow", x, dim);
  const std::int64_t n = x.shape()[axis], first = start < 0 ? start + n : start;
  if (!detail::range_fits(first, length, n))
    throw ShapeError(
        fmt::format("narrow: start {} with length {} is out of range for dim {} of {}; the length "
                    "must be at least 0, and the end at most {}",
                    start, length, axis, describe(x), n));
  StridedRegion view = detail::row_major(x.shape());
  view.offset = first * view.stride[axis];
  view.size[axis] = length;
  Shape shape = x.shape();
  shape[axis] = length;
  return detail::as_strided_copy("narrow", x, shape, view);
}

}  // namespace xgrad
