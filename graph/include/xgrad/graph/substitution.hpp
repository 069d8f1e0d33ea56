// substitution.hpp: copying what holds tensors, with other tensors in their places.
#pragma once

#include <unordered_map>
#include <utility>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

/// While it lives, copying one of the tensors on the left in this thread gives the one on the
/// right. An object that holds tensors, in members, containers or captures of functions, is so
/// copied with others in their places: this is how modules are cloned.
///
///     const Substitution others({{w, w.detach().clone()}});
///     Model copy = model;  // each w in it is the clone
///
/// It must be the innermost one when it is destroyed. Moving a tensor changes nothing.
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
