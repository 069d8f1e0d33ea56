#include <xgrad/nn/bilinear.hpp>

#include <fmt/format.h>

#include <cmath>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/nn/init.hpp>
#include <xgrad/ops/products.hpp>

#include "python_text.hpp"

namespace xgrad::nn {

Bilinear::Bilinear(std::int64_t in1_features, std::int64_t in2_features, std::int64_t out_features,
                   BilinearOptions options, Site site) {
  const OpScope scope("Bilinear", site);
  if (in1_features < 1 || in2_features < 0 || out_features < 0)
    throw ValueError(
        fmt::format("Bilinear: {} and {} to {} features; in1_features must be at least "
                    "1, the others at least 0",
                    in1_features, in2_features, out_features));
  const double bound = 1 / std::sqrt(static_cast<double>(in1_features));
  const auto start = [&](const Shape& shape) {
    return init::uniform_(empty(shape, {.dtype = options.dtype}), -bound, bound);
  };
  weight = parameter("weight", start({out_features, in1_features, in2_features}), site);
  if (options.bias) bias = parameter("bias", start({out_features}), site);
}

Tensor Bilinear::forward(Operand x1, Operand x2) const { return bilinear(x1, x2, weight, bias); }

std::int64_t Bilinear::multiply_adds(const std::vector<Shape>&,
                                     const std::vector<Shape>& outputs) const {
  return outputs[0].numel() * weight.size(1) * (weight.size(2) + 1);
}

std::string Bilinear::details() const {
  return fmt::format("in1_features={}, in2_features={}, out_features={}, bias={}", weight.size(1),
                     weight.size(2), weight.size(0), detail::python_text(bias.defined()));
}

namespace detail {
template const ModuleType* module_type<Bilinear>();
}  // namespace detail

}  // namespace xgrad::nn
