#include <xgrad/nn/activation.hpp>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>

namespace xgrad::nn {

PReLU::PReLU(PReLUOptions options, Site site) {
  const OpScope scope("PReLU", site);
  if (options.num_parameters < 1)
    throw ValueError(
        fmt::format("PReLU: num_parameters is {}; it must be at least 1", options.num_parameters));
  weight =
      parameter("weight", full({options.num_parameters}, options.init, {.dtype = options.dtype}));
}
std::string PReLU::details() const { return fmt::format("num_parameters={}", weight.numel()); }

std::string LeakyReLU::details() const { return fmt::format("negative_slope={}", negative_slope_); }
std::string ELU::details() const { return fmt::format("alpha={}", alpha_); }
std::string GELU::details() const { return fmt::format("approximate='{}'", approximate_); }
std::string Softplus::details() const {
  return fmt::format("beta={}, threshold={}", beta_, threshold_);
}
std::string Hardtanh::details() const { return fmt::format("min_val={}, max_val={}", min_, max_); }
std::string Softmax::details() const { return fmt::format("dim={}", dim_); }
std::string LogSoftmax::details() const { return fmt::format("dim={}", dim_); }

}  // namespace xgrad::nn
