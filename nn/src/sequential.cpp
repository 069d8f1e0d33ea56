#include <xgrad/nn/sequential.hpp>

namespace xgrad::nn {

Tensor Sequential::forward(Operand x) const {
  Tensor y = x.materialize();
  for (const NamedModule& step : registered()) y = step.module(Operand(y, x.site()));
  return y;
}

namespace detail {
template const ModuleType* module_type<Sequential>();
}  // namespace detail

}  // namespace xgrad::nn
