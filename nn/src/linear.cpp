#include <xgrad/nn/linear.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/nn/init.hpp>
#include <xgrad/ops/matmul.hpp>

namespace xgrad::nn {

Linear::Linear(std::int64_t in_features, std::int64_t out_features, LinearOptions options,
               Site site) {
  const OpScope scope("Linear", site);
  if (in_features < 0 || out_features < 0)
    throw ValueError(
        fmt::format("Linear: in_features is {} and out_features is {}; neither may be negative",
                    in_features, out_features));
  weight = parameter("weight", empty({out_features, in_features}, {.dtype = options.dtype}));
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (!options.bias) return;
  bias = parameter("bias", empty({out_features}, {.dtype = options.dtype}));
  const double bound = in_features > 0 ? 1 / std::sqrt(static_cast<double>(in_features)) : 0;
  init::uniform_(bias, -bound, bound);
}

Tensor Linear::forward(Operand x) const { return linear(x, weight, bias); }

std::int64_t Linear::multiply_adds(const std::vector<Shape>&,
                                   const std::vector<Shape>& outputs) const {
  return outputs[0].numel() * weight.size(1);
}

std::string Linear::details() const {
  return fmt::format("in_features={}, out_features={}, bias={}", weight.size(1), weight.size(0),
                     bias.defined() ? "True" : "False");
}

namespace detail {
template const ModuleType* module_type<Linear>();
}  // namespace detail

}  // namespace xgrad::nn
