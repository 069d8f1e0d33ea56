#include "stepping.hpp"

namespace xgrad::optim::detail {

void check_parameter(const char* optimizer, const Tensor& p, Site site) {
  if (!p.is_leaf() || !is_floating(p.dtype()))
    throw GraphError(fmt::format("{}: {} cannot be stepped; parameters are leaves of a float type",
                                 optimizer, xgrad::detail::describe(p)),
                     site);
}

void check_gradient(const char* optimizer, const Tensor& p, const Tensor& g, Site site) {
  if (g.shape() != p.shape() || g.dtype() != p.dtype())
    throw ShapeError(fmt::format("{}: the parameter is {}, its gradient {}", optimizer,
                                 xgrad::detail::describe(p), xgrad::detail::describe(g)),
                     site);
}

void refuse_twice(const char* optimizer, const Tensor& p, Site site) {
  throw ValueError(fmt::format("{}: {} comes twice; a parameter belongs to one group", optimizer,
                               xgrad::detail::describe(p)),
                   site);
}

}  // namespace xgrad::optim::detail
