// anomaly.hpp: the checks behind AnomalyMode.
#pragma once

#include <xgrad/graph/anomaly.hpp>
#include <xgrad/graph/operand.hpp>

#include "autograd/sweep_observer.hpp"

namespace xgrad::detail {

/// @throws AnomalyError if the op made NaN or infinities out of inputs without.
void check_result(const char* op, const Operand* inputs, std::size_t count, const Value& value);

/// The same of local gradients: of what each gives, out of the upstream gradients.
class AnomalyObserver final : public SweepObserver {
 public:
  void passed(Node& node, std::span<const Tensor> dy, const Contributions& given,
              const Probe& probe) override;
};

}  // namespace xgrad::detail
