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
std::string CELU::details() const { return fmt::format("alpha={}", alpha_); }
std::string Hardshrink::details() const { return fmt::format("lambd={}", lambd_); }
std::string Softshrink::details() const { return fmt::format("lambd={}", lambd_); }
std::string Threshold::details() const {
  return fmt::format("threshold={}, value={}", threshold_, value_);
}
std::string RReLU::details() const { return fmt::format("lower={}, upper={}", lower_, upper_); }
std::string GLU::details() const { return fmt::format("dim={}", dim_); }
std::string Softmin::details() const { return fmt::format("dim={}", dim_); }
std::string ELU::details() const { return fmt::format("alpha={}", alpha_); }
std::string GELU::details() const { return fmt::format("approximate='{}'", approximate_); }
std::string Softplus::details() const {
  return fmt::format("beta={}, threshold={}", beta_, threshold_);
}
std::string Hardtanh::details() const { return fmt::format("min_val={}, max_val={}", min_, max_); }
std::string Softmax::details() const { return fmt::format("dim={}", dim_); }
std::string LogSoftmax::details() const { return fmt::format("dim={}", dim_); }

Tensor Softmax2d::forward(Operand x) const {
  const int dims = x.shape().dim();
  if (dims != 3 && dims != 4)
    throw ShapeError(fmt::format("Softmax2d: {} must be (N, C, H, W) or (C, H, W)", describe(x)),
                     x.site());
  return softmax(x, -3);
}

}  // namespace xgrad::nn
