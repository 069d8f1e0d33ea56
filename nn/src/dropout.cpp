#include <xgrad/nn/dropout.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/dropout.hpp>

namespace xgrad::nn {

Dropout::Dropout(double p, Site site) : p_(p) {
  if (!(p >= 0 && p <= 1))
    throw ValueError(fmt::format("Dropout: p is {}; it must be in [0, 1]", p), site);
}

Tensor Dropout::forward(Operand x) const { return dropout(x, p_, is_training()); }

std::string Dropout::details() const { return fmt::format("p={}", p_); }

}  // namespace xgrad::nn
