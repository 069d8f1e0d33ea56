#include <xgrad/optim/clip.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/default_dtype.hpp>
#include <xgrad/graph/error.hpp>

#include "gradient_norm.hpp"

namespace xgrad::optim {
namespace {

// Calls f on each gradient's elements, which it may change.
template <class F>
void for_gradients(const TensorList& parameters, Site site, F f) {
  for (const Tensor& p : parameters) {
    if (!p.grad().defined()) continue;
    dispatch_floating(p.dtype(), [&]<class T>() {
      T* const g = detail::own_gradient<T>(p, site);
      for (std::int64_t i = 0; i < p.numel(); ++i) g[i] = f(g[i]);
    });
  }
}

DType gradient_type(const TensorList& parameters) {
  for (const Tensor& p : parameters)
    if (p.grad().defined()) return p.dtype();
  return get_default_dtype();
}

}  // namespace

Tensor clip_grad_norm_(const TensorList& parameters, double max_norm, double norm_type, Site site) {
  const OpScope scope("clip_grad_norm_", site);
  if (!(max_norm >= 0) || !(norm_type > 0))
    throw ValueError(
        fmt::format("clip_grad_norm_: max_norm is {} and norm_type is {}; max_norm must "
                    "be at least 0 and norm_type must be greater than 0",
                    max_norm, norm_type),
        site);
  const double norm = detail::total_norm(parameters, norm_type);
  const double factor = detail::clip_factor(norm, max_norm);
  if (factor != 1)
    for_gradients(parameters, site,
                  [factor](auto x) { return static_cast<decltype(x)>(x * factor); });
  return full({}, norm, {.dtype = gradient_type(parameters)});
}

void clip_grad_value_(const TensorList& parameters, double clip_value, Site site) {
  const OpScope scope("clip_grad_value_", site);
  if (!(clip_value >= 0))
    throw ValueError(
        fmt::format("clip_grad_value_: clip_value is {}; it must be at least 0", clip_value), site);
  for_gradients(parameters, site, [clip_value](auto x) {
    const auto bound = static_cast<decltype(x)>(clip_value);
    return x > bound ? bound : x < -bound ? -bound : x;  // NaN passes both
  });
}

}  // namespace xgrad::optim
