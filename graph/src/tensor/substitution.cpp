#include <xgrad/graph/substitution.hpp>

namespace xgrad {

namespace detail {
thread_local constinit const Substitution* substitution = nullptr;

Node* substituted(Node* node) noexcept {
  const auto at = substitution->nodes_.find(node);
  return at == substitution->nodes_.end() ? node : at->second;
}
}  // namespace detail

Substitution::Substitution(std::vector<std::pair<Tensor, Tensor>> pairs)
    : pairs_(std::move(pairs)), before_(detail::substitution) {
  for (const auto& [from, to] : pairs_) nodes_.emplace(&from.node(), &to.node());
  detail::substitution = this;
}

}  // namespace xgrad
