// pooling.hpp: pooling over windows of images.
//
// x is (N, C, sizes...) or (C, sizes...), with as many sizes as the name of the op says. float32 or
// float64. @throws ShapeError for another number of dims, or a window larger than the padded input;
// ValueError for a kernel size, stride or dilation below 1, or padding above half the kernel size.
#pragma once

#include <xgrad/ops/per_axis.hpp>
#include <xgrad/ops/sorting.hpp>

namespace xgrad {

struct MaxPoolOptions {
  Extent stride = {};      ///< step between windows; by default the kernel size
  Extent padding = 0;      ///< -inf on both sides
  Extent dilation = 1;     ///< step between elements of a window
  bool ceil_mode = false;  ///< includes windows that extend beyond the end
};
/// The maximum of each window. @grad dx = dy, added at the first maximum of each window.
/// @check max_pool1d(x, 3, {.stride = 2, .padding = 1}); x [1, 2, 7]
Tensor max_pool1d(Operand x, const Extent& kernel_size, const MaxPoolOptions& options = {});
/// @check max_pool2d(x, 2); x [1, 2, 4, 5]
Tensor max_pool2d(Operand x, const Extent& kernel_size, const MaxPoolOptions& options = {});
/// @check max_pool3d(x, 2); x [1, 1, 2, 4, 2]
Tensor max_pool3d(Operand x, const Extent& kernel_size, const MaxPoolOptions& options = {});
/// Also returns the index of each maximum in its flattened plane (row-major).
/// @check max_pool1d_with_indices(x, 2).values; x [2, 5]
ValuesIndices max_pool1d_with_indices(Operand x, const Extent& kernel_size,
                                      const MaxPoolOptions& options = {});
/// @check max_pool2d_with_indices(x, 2).values; x [1, 4, 4]
ValuesIndices max_pool2d_with_indices(Operand x, const Extent& kernel_size,
                                      const MaxPoolOptions& options = {});
/// @check max_pool3d_with_indices(x, 2).values; x [1, 2, 2, 4]
ValuesIndices max_pool3d_with_indices(Operand x, const Extent& kernel_size,
                                      const MaxPoolOptions& options = {});
/// Writes the elements of x to indices, as returned by max_pool*_with_indices, into planes of
/// output_size that are 0 elsewhere. @grad dx = dy at indices.
/// @check max_unpool(x, tensor({{0, 3}}), {4}); x [1, 2]
Tensor max_unpool(Operand x, const Tensor& indices, const std::vector<std::int64_t>& output_size);

struct AvgPoolOptions {
  Extent stride = {};             ///< step between windows; by default the kernel size
  Extent padding = 0;             ///< zeros on both sides
  bool ceil_mode = false;         ///< includes windows that extend beyond the end
  bool count_include_pad = true;  ///< counts the zeros of the padding in the mean
  std::optional<double> divisor_override = {};  ///< divides the sums by this instead of the size
};
/// The mean of each window. @grad dx = dy / the size of the window, summed where windows overlap.
/// @check avg_pool1d(x, 3, {.stride = 2, .padding = 1}); x [1, 2, 7]
Tensor avg_pool1d(Operand x, const Extent& kernel_size, const AvgPoolOptions& options = {});
/// @check avg_pool2d(x, {2, 3}, {.ceil_mode = true}); x [1, 2, 5, 4]
Tensor avg_pool2d(Operand x, const Extent& kernel_size, const AvgPoolOptions& options = {});
/// @check avg_pool3d(x, 2); x [1, 1, 2, 4, 2]
Tensor avg_pool3d(Operand x, const Extent& kernel_size, const AvgPoolOptions& options = {});

// Adaptive pooling divides the input evenly into output_size windows. A size of -1 keeps the size
// of the input.

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
/// sum(x^p)^(1/p) of each window, where p is norm_type; 0 where the sum is negative. For an
/// infinite p, the largest absolute value. @grad made of ops.
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
