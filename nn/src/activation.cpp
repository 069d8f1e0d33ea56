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

namespace detail {
template const ModuleType* module_type<ReLU>();
template const ModuleType* module_type<Sigmoid>();
template const ModuleType* module_type<Tanh>();
template const ModuleType* module_type<SELU>();
template const ModuleType* module_type<SiLU>();
template const ModuleType* module_type<Mish>();
template const ModuleType* module_type<Softsign>();
template const ModuleType* module_type<LogSigmoid>();
template const ModuleType* module_type<Hardsigmoid>();
template const ModuleType* module_type<Hardswish>();
template const ModuleType* module_type<ReLU6>();
template const ModuleType* module_type<Tanhshrink>();
template const ModuleType* module_type<LeakyReLU>();
template const ModuleType* module_type<PReLU>();
template const ModuleType* module_type<ELU>();
template const ModuleType* module_type<GELU>();
template const ModuleType* module_type<Softplus>();
template const ModuleType* module_type<Hardtanh>();
template const ModuleType* module_type<CELU>();
template const ModuleType* module_type<Hardshrink>();
template const ModuleType* module_type<Softshrink>();
template const ModuleType* module_type<Threshold>();
template const ModuleType* module_type<RReLU>();
template const ModuleType* module_type<GLU>();
template const ModuleType* module_type<Softmin>();
template const ModuleType* module_type<Softmax2d>();
template const ModuleType* module_type<Softmax>();
template const ModuleType* module_type<LogSoftmax>();
}  // namespace detail

}  // namespace xgrad::nn
