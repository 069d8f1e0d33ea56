// dropout.hpp: dropout as modules. The ops of the same names say what they compute.
#pragma once

#include <string>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/dropout.hpp>

namespace xgrad::nn {

/// Drops in training, with probability p, drawn from the thread's generator; in evaluation the
/// input passes unchanged. @throws ValueError  unless p is in [0, 1].
template <class Self, Tensor (*drop)(Operand, double, Flag, Generator*)>
class DropoutNd : public Layer<Self> {
 public:
  explicit DropoutNd(double p = 0.5, Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand x) const { return drop(x, p_, this->is_training(), nullptr); }
  std::string details() const override;

 private:
  double p_;
};
/// Single elements.
class Dropout : public DropoutNd<Dropout, &dropout> {
  using DropoutNd::DropoutNd;
};
/// Whole channels of (N, C, L) or (C, L).
class Dropout1d : public DropoutNd<Dropout1d, &dropout1d> {
  using DropoutNd::DropoutNd;
};
/// Whole channels of (N, C, H, W) or (C, H, W).
class Dropout2d : public DropoutNd<Dropout2d, &dropout2d> {
  using DropoutNd::DropoutNd;
};
/// Whole channels of (N, C, D, H, W) or (C, D, H, W).
class Dropout3d : public DropoutNd<Dropout3d, &dropout3d> {
  using DropoutNd::DropoutNd;
};
/// Single elements, set to SELU's limit; mean and variance stay.
class AlphaDropout : public DropoutNd<AlphaDropout, &alpha_dropout> {
  using DropoutNd::DropoutNd;
};
/// Whole channels, set to SELU's limit; mean and variance stay.
class FeatureAlphaDropout : public DropoutNd<FeatureAlphaDropout, &feature_alpha_dropout> {
  using DropoutNd::DropoutNd;
};

extern template class DropoutNd<Dropout, &dropout>;
extern template class DropoutNd<Dropout1d, &dropout1d>;
extern template class DropoutNd<Dropout2d, &dropout2d>;
extern template class DropoutNd<Dropout3d, &dropout3d>;
extern template class DropoutNd<AlphaDropout, &alpha_dropout>;
extern template class DropoutNd<FeatureAlphaDropout, &feature_alpha_dropout>;

}  // namespace xgrad::nn
