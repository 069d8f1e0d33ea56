// dropout.hpp: dropout as modules. The ops of the same names document the formulas.
#pragma once

#include <string>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/dropout.hpp>

namespace xgrad::nn {

/// The base of the dropout layers. In training they drop with probability p, using the thread's
/// default generator. In evaluation they return the input.
/// @throws ValueError  unless p is in [0, 1].
template <class Self, Tensor (*drop)(Operand, double, Flag, Generator*)>
class DropoutNd : public Layer<Self> {
 public:
  explicit DropoutNd(double p = 0.5, Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand x) const { return drop(x, p_, this->is_training(), nullptr); }
  std::string details() const override;

 private:
  double p_;
};
/// Zeroes single elements and scales the others by 1 / (1 - p).
class Dropout : public DropoutNd<Dropout, &dropout> {
  using DropoutNd::DropoutNd;
};
/// Zeroes whole channels of an input (N, C, L) or (C, L).
class Dropout1d : public DropoutNd<Dropout1d, &dropout1d> {
  using DropoutNd::DropoutNd;
};
/// Zeroes whole channels of an input (N, C, H, W) or (C, H, W).
class Dropout2d : public DropoutNd<Dropout2d, &dropout2d> {
  using DropoutNd::DropoutNd;
};
/// Zeroes whole channels of an input (N, C, D, H, W) or (C, D, H, W).
class Dropout3d : public DropoutNd<Dropout3d, &dropout3d> {
  using DropoutNd::DropoutNd;
};
/// Sets single elements to the negative limit of SELU and keeps the mean and variance of the input.
class AlphaDropout : public DropoutNd<AlphaDropout, &alpha_dropout> {
  using DropoutNd::DropoutNd;
};
/// Sets whole channels to the negative limit of SELU and keeps the mean and variance of the input.
class FeatureAlphaDropout : public DropoutNd<FeatureAlphaDropout, &feature_alpha_dropout> {
  using DropoutNd::DropoutNd;
};

extern template class DropoutNd<Dropout, &dropout>;
extern template class DropoutNd<Dropout1d, &dropout1d>;
extern template class DropoutNd<Dropout2d, &dropout2d>;
extern template class DropoutNd<Dropout3d, &dropout3d>;
extern template class DropoutNd<AlphaDropout, &alpha_dropout>;
extern template class DropoutNd<FeatureAlphaDropout, &feature_alpha_dropout>;

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<Dropout>();
extern template const ModuleType* module_type<Dropout1d>();
extern template const ModuleType* module_type<Dropout2d>();
extern template const ModuleType* module_type<Dropout3d>();
extern template const ModuleType* module_type<AlphaDropout>();
extern template const ModuleType* module_type<FeatureAlphaDropout>();
}  // namespace detail

}  // namespace xgrad::nn
