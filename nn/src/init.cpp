#include <xgrad/nn/init.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/arithmetic.hpp>

namespace xgrad::nn::init {

Tensor uniform_(Tensor x, double low, double high, Generator* generator, Site site) {
  const NoGrad guard;
  x.assign(rand(x.shape(), {.dtype = x.dtype(), .generator = generator}) * (high - low) + low,
           site);
  return x;
}

Tensor kaiming_uniform_(Tensor x, double a, Generator* generator, Site site) {
  if (x.dim() < 2)
    throw ShapeError(fmt::format("kaiming_uniform_: {} has no fan_in; at least two dims are needed",
                                 detail::describe(x)),
                     site);
  const std::int64_t fan_in = x.size(0) == 0 ? 0 : x.numel() / x.size(0);
  if (fan_in == 0) return x;
  const double bound = std::sqrt(6 / ((1 + a * a) * static_cast<double>(fan_in)));
  return uniform_(x, -bound, bound, generator, site);
}

}  // namespace xgrad::nn::init
