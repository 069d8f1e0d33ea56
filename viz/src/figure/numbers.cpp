#include <xgrad/viz/numbers.hpp>

#include "checks.hpp"

namespace xgrad::viz {

Numbers::Numbers(const Tensor& tensor, Site site) {
  check_defined("Numbers", "the argument", tensor, site);
  const Tensor elements = tensor.detach().to(float64);
  const auto span = elements.span<double>();
  values_.assign(span.begin(), span.end());
}

}  // namespace xgrad::viz
