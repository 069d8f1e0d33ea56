// linear.hpp: the affine layer.
#pragma once

#include <xgrad/graph/operand.hpp>
#include <xgrad/nn/layer.hpp>

namespace xgrad::nn {

struct LinearOptions {
  bool bias = true;
  DType dtype = float32;
};

/// y = x W^T + b: (..., in_features) to (..., out_features).
///
/// Weight (out, in) and bias (out) start uniform in +-1 / sqrt(in_features), PyTorch's form of
/// Kaiming's initialisation, from the thread's generator.
/// @throws ValueError if a size is negative.
class Linear : public Layer<Linear> {
 public:
  Linear(std::int64_t in_features, std::int64_t out_features, LinearOptions options = {},
         Site site = {__builtin_FILE(), __builtin_LINE()});

  Tensor forward(Operand x) const;
  std::string details() const override;
  std::int64_t multiply_adds(const std::vector<Shape>& inputs,
                             const std::vector<Shape>& outputs) const override;

  Tensor weight;
  Tensor bias;  ///< Undefined without one.
};

}  // namespace xgrad::nn
