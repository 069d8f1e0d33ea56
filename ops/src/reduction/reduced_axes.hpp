// reduced_axes.hpp: which axes a reduction takes together, and the shapes that follow.
#pragma once

#include <vector>

#include <xgrad/graph/operand.hpp>

namespace xgrad::detail {

using Axes = std::vector<bool>;  // which axes are reduced

/// The named axes, all if none is. @throws ShapeError for one that is not there or comes twice.
Axes axes_of(const char* op, const Operand& x, const Dims& dims);
Shape kept_shape(const Shape& shape, const Axes& axes);
Shape dropped_shape(const Shape& shape, const Axes& axes);
std::int64_t reduced_numel(const Shape& shape, const Axes& axes);

/// Reduced axes as bits, which a local gradient can capture.
std::uint64_t bits_of(const Axes& axes);
Axes axes_of(std::uint64_t bits, int rank);
Dims dims_of(std::uint64_t bits, int rank);
/// dy with the reduced axes back, of size 1.
Tensor with_kept_axes(const Tensor& dy, const Shape& shape, std::uint64_t bits);

}  // namespace xgrad::detail
