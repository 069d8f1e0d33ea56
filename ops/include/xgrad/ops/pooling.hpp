// pooling.hpp: windows of images reduced to one number each.
//
// x is (N, C, sizes...) or (C, sizes...), with as many sizes as the name says. float32 or float64.
// @throws ShapeError for other numbers of axes, or a window that does not fit; ValueError for a
// window, stride or dilation below 1, or padding of more than half a window.
#pragma once

#include <xgrad/ops/per_axis.hpp>
#include <xgrad/ops/sorting.hpp>

namespace xgrad {

struct MaxPoolOptions {
  Extent stride = {};      ///< distance of windows; the kernel's size if not given
  Extent padding = 0;      ///< on both sides, never the largest
  Extent dilation = 1;     ///< distance of positions within a window
  bool ceil_mode = false;  ///< windows may end outside
};
/// The largest element of each window. @grad dx = dy at the first that has it.
/// @check max_pool1d(x, 3, {.stride = 2, .padding = 1}); x [1, 2, 7]
Tensor max_pool1d(Operand x, const Extent& kernel_size, const MaxPoolOptions& options = {});
/// @check max_pool2d(x, 2); x [1, 2, 4, 5]
Tensor max_pool2d(Operand x, const Extent& kernel_size, const MaxPoolOptions& options = {});
/// @check max_pool3d(x, 2); x [1, 1, 2, 4, 2]
Tensor max_pool3d(Operand x, const Extent& kernel_size, const MaxPoolOptions& options = {});
/// And where in its plane, row-major, each was.
/// @check max_pool1d_with_indices(x, 2).values; x [2, 5]
ValuesIndices max_pool1d_with_indices(Operand x, const Extent& kernel_size,
                                      const MaxPoolOptions& options = {});
/// @check max_pool2d_with_indices(x, 2).values; x [1, 4, 4]
ValuesIndices max_pool2d_with_indices(Operand x, const Extent& kernel_size,
                                      const MaxPoolOptions& options = {});
/// @check max_pool3d_with_indices(x, 2).values; x [1, 2, 2, 4]
ValuesIndices max_pool3d_with_indices(Operand x, const Extent& kernel_size,
                                      const MaxPoolOptions& options = {});
/// The elements back where they were, zeros elsewhere, in planes of output_size.
/// @grad dx = dy picked there.
/// @check max_unpool(x, tensor({{0, 3}}), {4}); x [1, 2]
Tensor max_unpool(Operand x, const Tensor& indices, const std::vector<std::int64_t>& output_size);

struct AvgPoolOptions {
  Extent stride = {};             ///< distance of windows; the kernel's size if not given
  Extent padding = 0;             ///< zeros on both sides
  bool ceil_mode = false;         ///< windows may end outside
  bool count_include_pad = true;  ///< zeros of the padding count
  std::optional<double> divisor_override = {};  ///< what sums are divided by instead
};
/// The mean of each window. @grad dx = dy over the window's size, added up.
/// @check avg_pool1d(x, 3, {.stride = 2, .padding = 1}); x [1, 2, 7]
Tensor avg_pool1d(Operand x, const Extent& kernel_size, const AvgPoolOptions& options = {});
/// @check avg_pool2d(x, {2, 3}, {.ceil_mode = true}); x [1, 2, 5, 4]
Tensor avg_pool2d(Operand x, const Extent& kernel_size, const AvgPoolOptions& options = {});
/// @check avg_pool3d(x, 2); x [1, 1, 2, 4, 2]
Tensor avg_pool3d(Operand x, const Extent& kernel_size, const AvgPoolOptions& options = {});

// Windows that cover the image evenly, as many as output_size says; -1 keeps a size.

/// @check adaptive_avg_pool1d(x, 3); x [2, 7]
Tensor adaptive_avg_pool1d(Operand x, const Extent& output_size);
/// @check adaptive_avg_pool2d(x, {2, -1}); x [1, 2, 5, 3]
Tensor adaptive_avg_pool2d(Operand x, const Extent& output_size);
/// @check adaptive_avg_pool3d(x, 2); x [1, 3, 2, 2]
Tensor adaptive_avg_pool3d(Operand x, const Extent& output_size);
/// @check adaptive_max_pool1d(x, 3); x [2, 7]
Tensor adaptive_max_pool1d(Operand x, const Extent& output_size);
/// @check adaptive_max_pool2d(x, {2, -1}); x [1, 2, 5, 3]
Tensor adaptive_max_pool2d(Operand x, const Extent& output_size);
/// @check adaptive_max_pool3d(x, 2); x [1, 3, 2, 2]
Tensor adaptive_max_pool3d(Operand x, const Extent& output_size);
/// @check adaptive_max_pool1d_with_indices(x, 3).values; x [2, 7]
ValuesIndices adaptive_max_pool1d_with_indices(Operand x, const Extent& output_size);
/// @check adaptive_max_pool2d_with_indices(x, 2).values; x [1, 3, 5]
ValuesIndices adaptive_max_pool2d_with_indices(Operand x, const Extent& output_size);
/// @check adaptive_max_pool3d_with_indices(x, 2).values; x [1, 3, 2, 2]
ValuesIndices adaptive_max_pool3d_with_indices(Operand x, const Extent& output_size);

struct LpPoolOptions {
  Extent stride = {};
  bool ceil_mode = false;
};
/// sum(x^p)^(1/p) of each window, 0 where the sum is negative; the largest absolute value for an
/// infinite p. @grad made of ops.
/// @check lp_pool1d(x, 3, 2); x [1, 2, 4] in (0.2, 2)
Tensor lp_pool1d(Operand x, double norm_type, const Extent& kernel_size,
                 const LpPoolOptions& options = {});
/// @check lp_pool2d(x, 2, 2); x [1, 1, 4, 4] in (0.2, 2)
Tensor lp_pool2d(Operand x, double norm_type, const Extent& kernel_size,
                 const LpPoolOptions& options = {});
/// @check lp_pool3d(x, 2, 2); x [1, 1, 2, 2, 4] in (0.2, 2)
Tensor lp_pool3d(Operand x, double norm_type, const Extent& kernel_size,
                 const LpPoolOptions& options = {});

}  // namespace xgrad
