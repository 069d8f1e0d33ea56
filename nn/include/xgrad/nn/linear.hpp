// linear.hpp: Linear, the fully connected layer.
#pragma once

#include <xgrad/graph/operand.hpp>
#include <xgrad/nn/layer.hpp>

namespace xgrad::nn {

struct LinearOptions {
  bool bias = true;
  DType dtype = get_default_dtype();
};

/// Computes y = x W^T + b, which maps (..., in_features) to (..., out_features).
///
/// The weight (out_features, in_features) and the bias (out_features) are initialized from the
/// uniform distribution on [-b, b], b = 1 / sqrt(in_features), as in PyTorch, using the thread's
/// default generator.
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
  Tensor bias;  ///< Undefined if options.bias is false.
};

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<Linear>();
}  // namespace detail

}  // namespace xgrad::nn
