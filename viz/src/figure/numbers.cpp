#include <xgrad/viz/numbers.hpp>

namespace xgrad::viz {

Numbers::Numbers(const Tensor& tensor) {
  const Tensor elements = tensor.detach().to(float64);
  const auto span = elements.span<double>();
  values_.assign(span.begin(), span.end());
}

}  // namespace xgrad::viz
