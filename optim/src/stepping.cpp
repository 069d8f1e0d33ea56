#include "stepping.hpp"

#include <set>

namespace xgrad::optim::detail {

void check_gradient(const char* optimizer, const Tensor& p, const Tensor& g, Site site) {
  if (g.shape() != p.shape() || g.dtype() != p.dtype())
    throw ShapeError(
        fmt::format(
            "{}: the parameter is {}, but its gradient is {}; they must have the same shape "
            "and dtype",
            optimizer, xgrad::detail::describe(p), xgrad::detail::describe(g)),
        site);
}

void check_parameters(const char* optimizer, const std::vector<Tensor>& all, Site site) {
  std::set<const xgrad::detail::Node*> seen;
  for (const Tensor& p : all) {
    if (!p.is_leaf() || !is_floating(p.dtype()))
      throw GraphError(
          fmt::format("{}: cannot optimize {}; parameters must be float32 or float64 leaves",
                      optimizer, xgrad::detail::describe(p)),
          site);
    if (!seen.insert(&p.node()).second)
      throw ValueError(
          fmt::format(
              "{}: parameter {} was given twice; a parameter must appear once, in one group",
              optimizer, xgrad::detail::describe(p)),
          site);
  }
  if (all.empty())
    throw ValueError(fmt::format("{}: there are no parameters to step", optimizer), site);
}

Tensor clipped(const Tensor& g, const std::optional<double>& bound, double scale) {
  const NoGrad guard;
  const Tensor bounded = bound ? clamp(g, -*bound, *bound) : g.detach();
  return scale == 1 ? bounded : bounded * scale;
}

}  // namespace xgrad::optim::detail
