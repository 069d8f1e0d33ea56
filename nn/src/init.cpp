#include <xgrad/nn/init.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/arithmetic.hpp>

namespace xgrad::nn::init {
namespace {

struct Fans {
  double in, out;
};
Fans fans_of(const char* name, const Tensor& x, Site site) {
  if (x.dim() < 2)
    throw ShapeError(
        fmt::format("{}: fan_in and fan_out are not defined for {}; it must have at least two dims",
                    name, detail::describe(x)),
        site);
  double field = 1;
  for (int i = 2; i < x.dim(); ++i) field *= static_cast<double>(x.size(i));
  return {static_cast<double>(x.size(1)) * field, static_cast<double>(x.size(0)) * field};
}

Tensor assigned(Tensor x, const Tensor& value, Site site) {
  x.assign(value, site);
  return x;
}

double kaiming_std(const char* name, const Tensor& x, double a, FanMode mode,
                   std::string_view nonlinearity, Site site) {
  const Fans fans = fans_of(name, x, site);
  const double fan = mode == FanMode::fan_in ? fans.in : fans.out;
  return fan == 0 ? 0 : calculate_gain(nonlinearity, a, site) / std::sqrt(fan);
}
double xavier_std(const char* name, const Tensor& x, double gain, Site site) {
  const Fans fans = fans_of(name, x, site);
  return fans.in + fans.out == 0 ? 0 : gain * std::sqrt(2 / (fans.in + fans.out));
}
// Uniform with a standard deviation.
Tensor spread_uniform(Tensor x, double std, Generator* generator, Site site) {
  const double bound = std * std::sqrt(3.0);
  return uniform_(std::move(x), -bound, bound, generator, site);
}

}  // namespace

Tensor constant_(Tensor x, double value, Site site) {
  const OpScope scope("constant_", site);
  x.fill_(value, site);
  return x;
}
Tensor zeros_(Tensor x, Site site) {
  const OpScope scope("zeros_", site);
  return constant_(std::move(x), 0, site);
}
Tensor ones_(Tensor x, Site site) {
  const OpScope scope("ones_", site);
  return constant_(std::move(x), 1, site);
}

Tensor eye_(Tensor x, Site site) {
  const OpScope scope("eye_", site);
  if (x.dim() != 2)
    throw ShapeError(
        fmt::format("eye_: {} is not a matrix; it must have two dims", detail::describe(x)), site);
  return assigned(x, eye(x.size(0), x.size(1), {.dtype = x.dtype()}), site);
}

Tensor uniform_(Tensor x, double low, double high, Generator* generator, Site site) {
  x.uniform_(low, high, generator, site);
  return x;
}

Tensor normal_(Tensor x, double mean, double std, Generator* generator, Site site) {
  x.normal_(mean, std, generator, site);
  return x;
}

double calculate_gain(std::string_view nonlinearity, double a, Site site) {
  const OpScope scope("calculate_gain", site);
  if (nonlinearity == "linear" || nonlinearity == "sigmoid") return 1;
  if (nonlinearity == "tanh") return 5.0 / 3;
  if (nonlinearity == "relu") return std::sqrt(2.0);
  if (nonlinearity == "leaky_relu") return std::sqrt(2 / (1 + a * a));
  if (nonlinearity == "selu") return 0.75;
  throw ValueError(
      fmt::format("calculate_gain: unsupported nonlinearity '{}'; it must be linear, sigmoid, "
                  "tanh, relu, leaky_relu or selu",
                  nonlinearity),
      site);
}

Tensor xavier_uniform_(Tensor x, double gain, Generator* generator, Site site) {
  const OpScope scope("xavier_uniform_", site);
  return spread_uniform(x, xavier_std("xavier_uniform_", x, gain, site), generator, site);
}
Tensor xavier_normal_(Tensor x, double gain, Generator* generator, Site site) {
  const OpScope scope("xavier_normal_", site);
  return normal_(x, 0, xavier_std("xavier_normal_", x, gain, site), generator, site);
}

Tensor kaiming_uniform_(Tensor x, double a, FanMode mode, std::string_view nonlinearity,
                        Generator* generator, Site site) {
  const OpScope scope("kaiming_uniform_", site);
  const double std = kaiming_std("kaiming_uniform_", x, a, mode, nonlinearity, site);
  return spread_uniform(std::move(x), std, generator, site);
}
Tensor kaiming_normal_(Tensor x, double a, FanMode mode, std::string_view nonlinearity,
                       Generator* generator, Site site) {
  const OpScope scope("kaiming_normal_", site);
  const double std = kaiming_std("kaiming_normal_", x, a, mode, nonlinearity, site);
  return normal_(std::move(x), 0, std, generator, site);
}

}  // namespace xgrad::nn::init
