// sweep.hpp: one reverse pass through the graph.
//
// Every edge points to a lower creation number, so taking the reached nodes in falling order visits
// each once, when all that flows into it has arrived. No recursion, no sort of the whole graph.
#pragma once

#include <span>
#include <unordered_map>
#include <vector>

#include <xgrad/graph/input_gradients.hpp>
#include <xgrad/graph/tensor.hpp>

#include "autograd/sweep_observer.hpp"

namespace xgrad::detail {

class Sweep {
 public:
  /// `caller` (backward or grad) is what errors begin with; its OpScope is open.
  Sweep(const char* caller, bool retain_graph, bool create_graph)
      : caller_(caller), retain_(retain_graph), create_(create_graph) {}
  ~Sweep();
  Sweep(const Sweep&) = delete;
  Sweep& operator=(const Sweep&) = delete;

  /// Starts at an output, with its upstream gradient.
  void start(const Tensor& output, const Tensor& upstream);
  /// Sweeps down to all leaves, then adds to their `.grad`: all of them, or none if it throws.
  void run_to_leaves();
  /// Sweeps only what lies above the targets; returns their gradients, undefined where none came.
  std::vector<Tensor> run_to(const TensorList& targets);

  /// Sweeps down without touching any `.grad`.
  void run(SweepObserver* observer = nullptr);

  /// What the local gradient that runs has given so far, if it is observed; else null.
  Contributions* contributions() noexcept { return contributions_; }

  bool create_graph() const noexcept { return create_; }
  /// Goes on below outputs that a local gradient has just computed, with their upstream gradients.
  void backward_through(const std::vector<Tensor>& outputs, std::span<const Tensor> upstream);
  /// Whether a gradient for this node leads anywhere.
  bool wants(const Node* node) const noexcept;
  /// Delivers what the local gradient that runs gives for an input, or collects it, if observed.
  void contribute(int input, Node* node, Tensor&& gradient) {
    if (contributions_ == nullptr) return deliver(node, std::move(gradient));
    contributions_->push_back({input, node, std::move(gradient)});
  }
  /// What has arrived at a node so far; the node is queued at its first use.
  Tensor& slot(Node* node);

 private:
  struct Entry {
    std::uint64_t number;
    std::uint64_t order;  // among equal numbers, the first pushed goes first
    Node* node;           // holds an edge
    friend bool operator<(const Entry& a, const Entry& b) {
      return a.number != b.number ? a.number < b.number : a.order > b.order;
    }
  };

  void deliver(Node* node, Tensor&& gradient);
  Node* pop();
  Tensor take(Node* node);
  void visit(Node* node);
  struct Kept {
    Node* node;  // holds an edge
    Tensor gradient;
    Tensor before;  // the .grad that it took the place of
    bool given = false;
  };
  void give(Kept& kept);
  void take_back(Kept& kept) noexcept;
  void step_through(Node* node, const Tensor& dy);
  void pass_to_tuple(Node* node, const Tensor& dy);
  void pass(Node* node, std::span<const Tensor> dy) {
    observers_.empty() ? run_local_gradient(node, dy) : run_observed(node, dy);
  }
  void run_observed(Node* node, std::span<const Tensor> dy);
  Contributions contributions_of(Node* node, std::span<const Tensor> dy);
  void run_local_gradient(Node* node, std::span<const Tensor> dy);
  void acquire(Node* node);
  bool passes(const Node* node) const noexcept;
  void check_versions(Node* node);
  [[noreturn]] void throw_changed(const Node& node, const std::string& what, Site changed) const;
  void aim_at(const TensorList& targets);
  void find_needed(const std::vector<Node*>& roots);

  const char* const caller_;
  const bool retain_;
  const bool create_;
  std::uint64_t pushed_ = 0;
  std::vector<Entry> queue_;  // a heap, by falling number
  // Nodes whose slot another sweep is using keep theirs here.
  std::unordered_map<Node*, Tensor> side_slots_;
  std::unordered_map<Node*, std::vector<Tensor>> tuple_slots_;
  std::vector<Kept> kept_;  // for .grad, in the order of arrival
  bool only_targets_ = false;
  std::uint64_t lowest_ = ~std::uint64_t{0};  // creation number among the targets
  std::unordered_map<const Node*, std::size_t> targets_;
  // Nodes from which a target can be reached, and whether by way of their inputs: a target itself
  // need not be passed through.
  std::unordered_map<const Node*, bool> needed_;
  std::vector<Tensor> found_;
  std::vector<SweepObserver*> observers_;
  Contributions* contributions_ = nullptr;
};

/// One node's turn.
struct Step {
  Sweep& sweep;
  Node& node;
  Function& function;
  bool upstream_has_history;
};

/// The gradient summed back and converted to what the node wants.
Tensor fit(const char* op, Tensor&& gradient, const Node& node);

}  // namespace xgrad::detail
