// bilinear.hpp: Bilinear, a bilinear form of two inputs as a module.
#pragma once

#include <xgrad/nn/layer.hpp>

namespace xgrad::nn {

struct BilinearOptions {
  bool bias = true;
  DType dtype = get_default_dtype();
};

/// Computes y = x1^T W x2 + b, which maps (..., in1_features) and (..., in2_features) to (...,
/// out_features).
///
/// The weight (out_features, in1_features, in2_features) and the bias (out_features) are
/// initialized from the uniform distribution on [-b, b], b = 1 / sqrt(in1_features), using the
/// thread's default generator.
/// @throws ValueError if a size is negative or in1_features is 0.
class Bilinear : public Layer<Bilinear> {
 public:
  Bilinear(std::int64_t in1_features, std::int64_t in2_features, std::int64_t out_features,
           BilinearOptions options = {}, Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand x1, Operand x2) const;
  std::string details() const override;
  std::int64_t multiply_adds(const std::vector<Shape>& inputs,
                             const std::vector<Shape>& outputs) const override;

  Tensor weight;
  Tensor bias;  ///< Undefined if options.bias is false.
};

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<Bilinear>();
}  // namespace detail

}  // namespace xgrad::nn
