#include <xgrad/nn/activation.hpp>

#include <fmt/format.h>

namespace xgrad::nn {

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
