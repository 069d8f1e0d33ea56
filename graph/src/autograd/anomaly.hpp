// anomaly.hpp: the checks behind AnomalyMode.
#pragma once

#include <vector>

#include <xgrad/graph/anomaly.hpp>
#include <xgrad/graph/operand.hpp>

namespace xgrad::detail {

/// @throws AnomalyError if the op made NaN or infinities out of inputs without.
void check_result(const char* op, const Operand* inputs, std::size_t count, const Value& value);
/// The same of a local gradient: of what it gave for each input, out of the upstream gradients.
void check_gradients(Node& node, const std::vector<Tensor>& upstream,
                     const std::vector<std::pair<int, Tensor>>& gradients);

}  // namespace xgrad::detail
