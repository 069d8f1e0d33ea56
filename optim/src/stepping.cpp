#include "stepping.hpp"

namespace xgrad::optim::detail {

void check_parameter(const char* optimizer, const Tensor& p, Site site) {
  if (!p.is_leaf() || !is_floating(p.dtype()))
    throw GraphError(
        fmt::format("{}: cannot optimize {}; parameters must be float32 or float64 leaves",
                    optimizer, xgrad::detail::describe(p)),
        site);
}

void check_gradient(const char* optimizer, const Tensor& p, const Tensor& g, Site site) {
  if (g.shape() != p.shape() || g.dtype() != p.dtype())
    throw ShapeError(
        fmt::format(
            "{}: the parameter is {}, but its gradient is {}; they must have the same shape "
            "and dtype",
            optimizer, xgrad::detail::describe(p), xgrad::detail::describe(g)),
        site);
}

void refuse_twice(const char* optimizer, const Tensor& p, Site site) {
  throw ValueError(
      fmt::format("{}: parameter {} was given twice; a parameter must appear once, in one group",
                  optimizer, xgrad::detail::describe(p)),
      site);
}

}  // namespace xgrad::optim::detail
