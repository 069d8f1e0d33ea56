// state_loading.hpp: compares a state with the tensors of a module.
#pragma once

#include <string>
#include <vector>

#include <xgrad/graph/state_dict.hpp>
#include <xgrad/nn/load_report.hpp>

namespace xgrad::nn::detail {

/// The state with other names. @throws ValueError  if a pattern is not valid, or if two entries get
/// the same name.
StateDict renamed(const StateDict& state, const std::vector<Rename>& renames);

/// A tensor of a state for one of the module's.
struct Assignment {
  Tensor from, to;
};
struct Comparison {
  std::vector<Assignment> assignments;
  LoadReport report;
};
/// What of the state can be loaded into the tensors, and what does not fit.
Comparison compared(const std::vector<NamedTensor>& own, const StateDict& state);

}  // namespace xgrad::nn::detail
