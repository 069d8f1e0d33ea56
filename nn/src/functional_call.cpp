#include <xgrad/nn/functional_call.hpp>

#include "module_record.hpp"

namespace xgrad::nn {

Tensor functional_call(const AnyModule& module, const std::vector<NamedTensor>& tensors,
                       Operand x) {
  const AnyModule copy = [&] {
    const detail::ModuleCopies copies(*module, tensors, x.site());
    return detail::copied("functional_call", module);
  }();
  return copy(x);
}

}  // namespace xgrad::nn
