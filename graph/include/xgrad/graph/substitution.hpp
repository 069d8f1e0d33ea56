// substitution.hpp: Substitution, which replaces tensors while objects are copied.
#pragma once

#include <unordered_map>
#include <utility>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

/// Until the end of the scope, copying the first tensor of a pair in this thread gives the second.
/// Thus an object that holds tensors, as members, in containers or in captures of functions, can be
/// copied with other tensors. Layer::clone uses this.
///
///     const Substitution others({{w, w.detach().clone()}});
///     Model copy = model;  // every w in it is the clone
///
/// Substitutions must be destroyed in reverse order of construction. Moving a tensor does not
/// substitute it.
class Substitution {
 public:
  explicit Substitution(std::vector<std::pair<Tensor, Tensor>> pairs);
  ~Substitution() { detail::substitution = before_; }
  Substitution(const Substitution&) = delete;
  Substitution& operator=(const Substitution&) = delete;

 private:
  friend detail::Node* detail::substituted(detail::Node* node) noexcept;

  std::vector<std::pair<Tensor, Tensor>> pairs_;
  std::unordered_map<const detail::Node*, detail::Node*> nodes_;
  const Substitution* const before_;
};

}  // namespace xgrad
