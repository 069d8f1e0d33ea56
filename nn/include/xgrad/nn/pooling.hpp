// pooling.hpp: pooling as modules. The ops of the same names document the formulas.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/pooling.hpp>

namespace xgrad::nn {

namespace detail {
std::string details_of(const Extent& kernel_size, const MaxPoolOptions& options);
std::string details_of(const Extent& kernel_size, const AvgPoolOptions& options);
std::string details_of(const Extent& output_size);
}  // namespace detail

/// The base of pooling layers with a given window size.
template <class Self, class Options, Tensor (*pool)(Operand, const Extent&, const Options&)>
class PoolNd : public Layer<Self> {
 public:
  explicit PoolNd(Extent kernel_size, Options options = {})
      : kernel_size_(std::move(kernel_size)), options_(std::move(options)) {}
  Tensor forward(Operand x) const { return pool(x, kernel_size_, options_); }
  std::string details() const override { return detail::details_of(kernel_size_, options_); }

 protected:
  Extent kernel_size_;
  Options options_;
};
/// The base of adaptive pooling layers, whose result has a given size. -1 keeps the size of the
/// input.
template <class Self, Tensor (*pool)(Operand, const Extent&)>
class AdaptivePoolNd : public Layer<Self> {
 public:
  explicit AdaptivePoolNd(Extent output_size) : output_size_(std::move(output_size)) {}
  Tensor forward(Operand x) const { return pool(x, output_size_); }
  std::string details() const override { return detail::details_of(output_size_); }

 protected:
  Extent output_size_;
};

/// The maximum of each window. `forward_with_indices` also returns its position in the plane, which
/// MaxUnpool takes (PyTorch's return_indices).
class MaxPool1d : public PoolNd<MaxPool1d, MaxPoolOptions, &max_pool1d> {
 public:
  using PoolNd::PoolNd;
  ValuesIndices forward_with_indices(Operand x) const {
    return max_pool1d_with_indices(x, kernel_size_, options_);
  }
};
class MaxPool2d : public PoolNd<MaxPool2d, MaxPoolOptions, &max_pool2d> {
 public:
  using PoolNd::PoolNd;
  ValuesIndices forward_with_indices(Operand x) const {
    return max_pool2d_with_indices(x, kernel_size_, options_);
  }
};
class MaxPool3d : public PoolNd<MaxPool3d, MaxPoolOptions, &max_pool3d> {
 public:
  using PoolNd::PoolNd;
  ValuesIndices forward_with_indices(Operand x) const {
    return max_pool3d_with_indices(x, kernel_size_, options_);
  }
};

/// The mean of each window.
class AvgPool1d : public PoolNd<AvgPool1d, AvgPoolOptions, &avg_pool1d> {
  using PoolNd::PoolNd;
};
class AvgPool2d : public PoolNd<AvgPool2d, AvgPoolOptions, &avg_pool2d> {
  using PoolNd::PoolNd;
};
class AvgPool3d : public PoolNd<AvgPool3d, AvgPoolOptions, &avg_pool3d> {
  using PoolNd::PoolNd;
};

class AdaptiveAvgPool1d : public AdaptivePoolNd<AdaptiveAvgPool1d, &adaptive_avg_pool1d> {
  using AdaptivePoolNd::AdaptivePoolNd;
};
class AdaptiveAvgPool2d : public AdaptivePoolNd<AdaptiveAvgPool2d, &adaptive_avg_pool2d> {
  using AdaptivePoolNd::AdaptivePoolNd;
};
class AdaptiveAvgPool3d : public AdaptivePoolNd<AdaptiveAvgPool3d, &adaptive_avg_pool3d> {
  using AdaptivePoolNd::AdaptivePoolNd;
};

class AdaptiveMaxPool1d : public AdaptivePoolNd<AdaptiveMaxPool1d, &adaptive_max_pool1d> {
 public:
  using AdaptivePoolNd::AdaptivePoolNd;
  ValuesIndices forward_with_indices(Operand x) const {
    return adaptive_max_pool1d_with_indices(x, output_size_);
  }
};
class AdaptiveMaxPool2d : public AdaptivePoolNd<AdaptiveMaxPool2d, &adaptive_max_pool2d> {
 public:
  using AdaptivePoolNd::AdaptivePoolNd;
  ValuesIndices forward_with_indices(Operand x) const {
    return adaptive_max_pool2d_with_indices(x, output_size_);
  }
};
class AdaptiveMaxPool3d : public AdaptivePoolNd<AdaptiveMaxPool3d, &adaptive_max_pool3d> {
 public:
  using AdaptivePoolNd::AdaptivePoolNd;
  ValuesIndices forward_with_indices(Operand x) const {
    return adaptive_max_pool3d_with_indices(x, output_size_);
  }
};

/// sum(x^p)^(1/p) of each window.
template <class Self, Tensor (*pool)(Operand, double, const Extent&, const LpPoolOptions&)>
class LPPoolNd : public Layer<Self> {
 public:
  LPPoolNd(double norm_type, Extent kernel_size, LpPoolOptions options = {})
      : norm_type_(norm_type), kernel_size_(std::move(kernel_size)), options_(std::move(options)) {}
  Tensor forward(Operand x) const { return pool(x, norm_type_, kernel_size_, options_); }
  std::string details() const override;

 private:
  double norm_type_;
  Extent kernel_size_;
  LpPoolOptions options_;
};
class LPPool1d : public LPPoolNd<LPPool1d, &lp_pool1d> {
  using LPPoolNd::LPPoolNd;
};
class LPPool2d : public LPPoolNd<LPPool2d, &lp_pool2d> {
  using LPPoolNd::LPPoolNd;
};
class LPPool3d : public LPPoolNd<LPPool3d, &lp_pool3d> {
  using LPPoolNd::LPPoolNd;
};
extern template class LPPoolNd<LPPool1d, &lp_pool1d>;
extern template class LPPoolNd<LPPool2d, &lp_pool2d>;
extern template class LPPoolNd<LPPool3d, &lp_pool3d>;

struct MaxUnpoolOptions {
  Extent stride = {};  ///< distance between windows; default: the kernel size
  Extent padding = 0;
};
/// The layers MaxUnpool1d, MaxUnpool2d and MaxUnpool3d, a partial inverse of max pooling: elements
/// that were not a maximum become 0. Call `unpool(y, indices)`. If the strides do not determine the
/// sizes of the result, pass them as a third argument.
template <class Self, int axes>
class MaxUnpoolNd : public Layer<Self> {
 public:
  explicit MaxUnpoolNd(Extent kernel_size, MaxUnpoolOptions options = {})
      : kernel_size_(std::move(kernel_size)), options_(std::move(options)) {}
  Tensor forward(Operand x, const Tensor& indices, const Extent& output_size = {}) const;
  std::string details() const override;

 private:
  Extent kernel_size_;
  MaxUnpoolOptions options_;
};
class MaxUnpool1d : public MaxUnpoolNd<MaxUnpool1d, 1> {
  using MaxUnpoolNd::MaxUnpoolNd;
};
class MaxUnpool2d : public MaxUnpoolNd<MaxUnpool2d, 2> {
  using MaxUnpoolNd::MaxUnpoolNd;
};
class MaxUnpool3d : public MaxUnpoolNd<MaxUnpool3d, 3> {
  using MaxUnpoolNd::MaxUnpoolNd;
};
extern template class MaxUnpoolNd<MaxUnpool1d, 1>;
extern template class MaxUnpoolNd<MaxUnpool2d, 2>;
extern template class MaxUnpoolNd<MaxUnpool3d, 3>;

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<MaxPool1d>();
extern template const ModuleType* module_type<MaxPool2d>();
extern template const ModuleType* module_type<MaxPool3d>();
extern template const ModuleType* module_type<AvgPool1d>();
extern template const ModuleType* module_type<AvgPool2d>();
extern template const ModuleType* module_type<AvgPool3d>();
extern template const ModuleType* module_type<AdaptiveAvgPool1d>();
extern template const ModuleType* module_type<AdaptiveAvgPool2d>();
extern template const ModuleType* module_type<AdaptiveAvgPool3d>();
extern template const ModuleType* module_type<AdaptiveMaxPool1d>();
extern template const ModuleType* module_type<AdaptiveMaxPool2d>();
extern template const ModuleType* module_type<AdaptiveMaxPool3d>();
extern template const ModuleType* module_type<LPPool1d>();
extern template const ModuleType* module_type<LPPool2d>();
extern template const ModuleType* module_type<LPPool3d>();
extern template const ModuleType* module_type<MaxUnpool1d>();
extern template const ModuleType* module_type<MaxUnpool2d>();
extern template const ModuleType* module_type<MaxUnpool3d>();
}  // namespace detail

}  // namespace xgrad::nn
