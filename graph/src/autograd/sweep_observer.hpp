// sweep_observer.hpp: what looks on while a sweep goes: anomaly mode, traces.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::detail {

/// What a local gradient gave.
struct Contribution {
  int input;  // of the op; -1: for a value that the local gradient itself has computed
  Node* node;
  Tensor gradient;
};
using Contributions = std::vector<Contribution>;

/// Told of each node's turn, in the order of the sweep.
class SweepObserver {
 public:
  /// What the node's local gradient gives for other upstream gradients.
  using Probe = std::function<Contributions(std::span<const Tensor> dy)>;

  virtual ~SweepObserver() = default;
  /// The turn begins. The gradient is as the node's hooks leave it; undefined for the node of an op
  /// with several results.
  virtual void arrived(Node& /*node*/, const Tensor& /*gradient*/) {}
  /// The local gradient has run, and what it gave is about to be delivered.
  virtual void passed(Node& /*node*/, std::span<const Tensor> /*dy*/,
                      const Contributions& /*given*/, const Probe& /*probe*/) {}
  /// The turn is over.
  virtual void left(Node& /*node*/) {}
};

}  // namespace xgrad::detail
