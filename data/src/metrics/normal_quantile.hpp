// normal_quantile.hpp: how many standard errors a confidence needs.
#pragma once

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/formulas.hpp>

namespace xgrad::metrics::detail {

/// z with P(|normal| < z) = confidence. @throws ValueError  unless 0 < confidence < 1.
inline double normal_quantile(const char* op, double confidence) {
  if (!(confidence > 0 && confidence < 1))
    throw ValueError(fmt::format("{}: confidence is {}; it must be greater than 0 and less than 1",
                                 op, confidence));
  const NoGrad guard;
  return -ndtri(tensor((1 - confidence) / 2, {.dtype = float64})).item<double>();
}

}  // namespace xgrad::metrics::detail
