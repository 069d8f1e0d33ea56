// grad_fn.hpp: inspecting the graph of a tensor: its ops and their inputs.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

/// The op that computed a tensor, as returned by `Tensor::grad_fn`. Among `next_functions`, it can
/// also be a leaf that accumulates its gradient. A GradFn keeps the graph and the values that it
/// has saved, but not the result of its own op; copies are cheap.
///
///     const GradFn f = (x * y).grad_fn();
///     f.name();                      // "mul"
///     f.next_functions()[0].name();  // "AccumulateGrad", if x is a leaf that requires a gradient
class GradFn {
 public:
  /// Undefined, like the grad_fn of a leaf.
  GradFn() = default;
  GradFn(const GradFn& other) noexcept : GradFn(other.node_) {}
  GradFn(GradFn&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  GradFn& operator=(GradFn other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~GradFn() {
    if (node_ != nullptr) detail::drop_edge(node_);
  }

  bool defined() const noexcept { return node_ != nullptr; }
  explicit operator bool() const noexcept { return defined(); }
  /// The name of the op, such as "mul", or "AccumulateGrad" for a leaf. @throws GraphError if
  /// undefined.
  std::string_view name() const;
  /// One GradFn for each input of the op, in order; undefined for inputs that get no gradient.
  /// Empty for leaves and after a sweep that freed the graph. Must not be called while another
  /// thread sweeps the graph. @throws GraphError if undefined.
  std::vector<GradFn> next_functions() const;
  /// The line of code that called the op or created the leaf. @throws GraphError if undefined.
  Site site() const;
  /// Whether both are the same call of an op. All results of a call have the same GradFn, until a
  /// sweep frees the graph.
  friend bool operator==(const GradFn& a, const GradFn& b) noexcept { return a.node_ == b.node_; }

 private:
  friend class Tensor;
  explicit GradFn(detail::Node* node) noexcept : node_(node) {
    if (node_ != nullptr) detail::add_edge(node_, false);
  }
  detail::Node& node() const;

  detail::Node* node_ = nullptr;
};

}  // namespace xgrad
