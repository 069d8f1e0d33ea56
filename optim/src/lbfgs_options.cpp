#include "lbfgs_options.hpp"

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::optim::detail {

void check_lbfgs_options(const LBFGSOptions& o, Site site) {
  const auto refuse = [&](const char* what, const auto& value, const char* rule) {
    throw ValueError(fmt::format("LBFGS: {} is {}; it must be {}", what, value, rule), site);
  };
  if (!(o.lr >= 0)) refuse("lr", o.lr, "at least 0");
  if (o.max_iter < 1) refuse("max_iter", o.max_iter, "at least 1");
  if (o.max_eval && *o.max_eval < 1) refuse("max_eval", *o.max_eval, "at least 1");
  if (!(o.tolerance_grad >= 0)) refuse("tolerance_grad", o.tolerance_grad, "at least 0");
  if (!(o.tolerance_change >= 0)) refuse("tolerance_change", o.tolerance_change, "at least 0");
  if (o.history_size < 1) refuse("history_size", o.history_size, "at least 1");
  if (o.line_search_fn && *o.line_search_fn != "strong_wolfe")
    refuse("line_search_fn", "'" + *o.line_search_fn + "'", "\"strong_wolfe\", or without a value");
}

}  // namespace xgrad::optim::detail
