// module_copies.hpp: ModuleCopies, which controls what copies of a module share with it.
#pragma once

#include <memory>
#include <vector>

#include <xgrad/nn/module.hpp>

namespace xgrad::nn::detail {

/// Until the end of the scope, copies of a module and of its submodules get their own records.
/// Their parameters and buffers are clones, or the tensors that are given by name.
class ModuleCopies {
 public:
  /// Clones all parameters and buffers.
  explicit ModuleCopies(const Module& module);
  /// Replaces the parameters and buffers of the given names, and shares the others.
  /// @throws ValueError  if the module has no parameter or buffer of a name; ShapeError, DTypeError
  ///                     if a tensor has another shape or dtype.
  ModuleCopies(const Module& module, const std::vector<NamedTensor>& replaced, Site site);
  ~ModuleCopies();
  ModuleCopies(const ModuleCopies&) = delete;
  ModuleCopies& operator=(const ModuleCopies&) = delete;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace xgrad::nn::detail
