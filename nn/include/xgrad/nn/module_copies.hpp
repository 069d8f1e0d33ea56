// module_copies.hpp: copies of modules that share nothing, or all but some tensors.
#pragma once

#include <memory>
#include <vector>

#include <xgrad/nn/module.hpp>

namespace xgrad::nn::detail {

/// While it lives, copies of a module, and of those below it, have records, parameters and buffers
/// of their own, or the ones given by name.
class ModuleCopies {
 public:
  /// Clones of all parameters and buffers.
  explicit ModuleCopies(const Module& module);
  /// The given tensors in the place of those of their names; the others are shared.
  /// @throws ValueError  for a name that the module does not have; ShapeError for another shape.
  ModuleCopies(const Module& module, const std::vector<NamedTensor>& replaced, Site site);
  ~ModuleCopies();
  ModuleCopies(const ModuleCopies&) = delete;
  ModuleCopies& operator=(const ModuleCopies&) = delete;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace xgrad::nn::detail
