// optimizers.hpp: every optimizer by name, with options by PyTorch's names.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <xgrad/xgrad.hpp>

namespace xgrad::test {

/// The parameters of each group.
using OptimizerGroups = std::vector<std::vector<Tensor>>;
using MakeOptimizer = std::unique_ptr<optim::Optimizer> (*)(const OptimizerGroups& groups);

template <class Optimizer>
std::unique_ptr<optim::Optimizer> made_of_groups(const OptimizerGroups& groups) {
  using Group =
      typename std::remove_reference_t<decltype(std::declval<Optimizer>().groups())>::value_type;
  std::vector<Group> all;
  for (const std::vector<Tensor>& params : groups) all.push_back({params});
  return std::make_unique<Optimizer>(all);
}

/// All whose step is a rule for each element, or, for Muon, each matrix: all but LBFGS.
inline const std::map<std::string, MakeOptimizer>& optimizers() {
  using namespace optim;
  static const std::map<std::string, MakeOptimizer> all{
      {"SGD", made_of_groups<SGD>},         {"Adam", made_of_groups<Adam>},
      {"AdamW", made_of_groups<AdamW>},     {"NAdam", made_of_groups<NAdam>},
      {"RAdam", made_of_groups<RAdam>},     {"Adamax", made_of_groups<Adamax>},
      {"Adagrad", made_of_groups<Adagrad>}, {"Adadelta", made_of_groups<Adadelta>},
      {"RMSprop", made_of_groups<RMSprop>}, {"Rprop", made_of_groups<Rprop>},
      {"ASGD", made_of_groups<ASGD>},       {"Lion", made_of_groups<Lion>},
      {"Muon", made_of_groups<Muon>},
  };
  return all;
}
inline std::unique_ptr<optim::Optimizer> make_optimizer(const std::string& name,
                                                        const std::vector<Tensor>& params) {
  if (name == "LBFGS") return std::make_unique<optim::LBFGS>(params);
  return optimizers().at(name)({params});
}

/// An option of PyTorch's is an entry of the state, or several, as betas; null leaves it out.
inline void set_option(StateDict& state, const std::string& name, const nlohmann::json& value) {
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i)
      set_option(state, name + "." + std::to_string(i), value[i]);
  } else if (value.is_boolean()) {
    state.set(name, value.get<bool>());
  } else if (value.is_string()) {
    state.set(name, value.get<std::string>());
  } else if (value.is_number_integer()) {
    state.set(name, value.get<std::int64_t>());
  } else if (!value.is_null()) {
    state.set(name, value.get<double>());
  }
}
/// Sets options of a group.
inline void set_options(optim::Optimizer& optimizer, std::size_t group,
                        const nlohmann::json& options) {
  StateDict state = optimizer.state_dict();
  for (const auto& [name, value] : options.items())
    set_option(state, "param_groups." + std::to_string(group) + "." + name, value);
  optimizer.load_state_dict(state);
}

}  // namespace xgrad::test
