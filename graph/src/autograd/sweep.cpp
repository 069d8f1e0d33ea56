#include "autograd/sweep.hpp"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/kernels.hpp>
#include <xgrad/graph/record.hpp>

#include "autograd/anomaly.hpp"
#include "autograd/tensor_ops.hpp"
#include "tensor/autograd_meta.hpp"
#include "tensor/tuple.hpp"

namespace xgrad::detail {
namespace {

std::string place(Site site) {
  return site.file == nullptr ? "an unknown line" : fmt::format("{}:{}", site.file, site.line);
}

Tensor default_upstream(const char* caller, const Tensor& output) {
  if (output.numel() != 1)
    throw ShapeError(
        fmt::format("{}: the output is {}, and the upstream gradient may be omitted only for an "
                    "output of one element; pass an upstream gradient of the output's shape, or "
                    "reduce the output with sum or mean",
                    caller, describe(output)));
  Value one = Value::empty(output.shape(), output.dtype(), caller);
  fill(one, 1);
  return constant(std::move(one));
}

void check_output(const char* caller, const Tensor& output, const Tensor& upstream) {
  if (!output.requires_grad())
    throw GraphError(fmt::format(
        "{}: the output {} does not depend on a tensor that requires a gradient; create a leaf "
        "with {{.requires_grad = true}} and compute the output from it outside of NoGrad. If the "
        "output is itself a gradient, compute it with {{.create_graph = true}}. If it was computed "
        "from w after `w -= ...`, the `-=` bound w to a new tensor without history; update the "
        "leaf with w.assign(w - ...)",
        caller, describe(output)));
  if (upstream.defined() && upstream.shape() != output.shape())
    throw ShapeError(
        fmt::format("{}: the upstream gradient is {}, but the output is {}; they must have the "
                    "same shape",
                    caller, describe(upstream), describe(output)));
}

}  // namespace

Sweep::~Sweep() {
  for (const Entry& entry : queue_) {  // only after an exception
    take(entry.node);
    drop_edge(entry.node);
  }
  for (const Kept& kept : kept_) drop_edge(kept.node);
}

void Sweep::start(const Tensor& output, const Tensor& upstream) {
  check_output(caller_, output, upstream);
  if (!upstream.defined()) return deliver(&output.node(), default_upstream(caller_, output));
  const GradModeGuard mode(create_);
  Tensor typed = upstream.to(output.dtype());
  deliver(&output.node(), create_ ? std::move(typed) : typed.detach());
}

void Sweep::run_to_leaves() {
  run();
  try {
    for (Kept& kept : kept_) give(kept);
    for (const Kept& kept : kept_) run_post_accumulate_hooks(*kept.node);
  } catch (...) {
    for (Kept& kept : kept_) take_back(kept);
    throw;
  }
}

std::vector<Tensor> Sweep::run_to(const TensorList& targets) {
  aim_at(targets);
  found_.resize(targets_.size());
  run();
  std::vector<Tensor> gradients;
  for (const Tensor& target : targets) gradients.push_back(found_[targets_.at(&target.node())]);
  return gradients;
}

bool Sweep::wants(const Node* node) const noexcept {
  return node != nullptr && node->requires_grad() && (!only_targets_ || needed_.contains(node));
}

// Whether the sweep goes on below the node.
bool Sweep::passes(const Node* node) const noexcept {
  if (!node->has_function || !node->requires_grad()) return false;
  if (!only_targets_) return true;
  const auto at = needed_.find(node);
  return at != needed_.end() && at->second;
}

namespace {
// A Tensor is one pointer to a node, and so are these.
Tensor& slot_in(Node* node) noexcept { return reinterpret_cast<Tensor&>(node->slot); }
Tensor& gradient_in(Node* node) noexcept { return reinterpret_cast<Tensor&>(node->gradient); }
static_assert(sizeof(Tensor) == sizeof(Node*));
}  // namespace

Tensor& Sweep::slot(Node* node) {
  if (const auto at = side_slots_.find(node); at != side_slots_.end()) return at->second;
  Sweep* owner = node->owner.load(std::memory_order_acquire);
  if (owner == this) return slot_in(node);
  // Reached for the first time. What may throw comes first: a node that is claimed is queued.
  if (queue_.size() == queue_.capacity())
    queue_.reserve(std::max<std::size_t>(16, 2 * queue_.size()));
  const bool claimed = owner == nullptr &&
                       node->owner.compare_exchange_strong(owner, this, std::memory_order_acq_rel);
  Tensor& arrived = claimed ? slot_in(node) : side_slots_[node];
  add_edge(node, false);
  queue_.push_back({node->number, pushed_++, node});
  std::push_heap(queue_.begin(), queue_.end());
  return arrived;
}

void Sweep::deliver(Node* node, Tensor&& gradient) {
  Tensor& arrived = slot(node);
  arrived =
      arrived.defined() ? accumulate(std::move(arrived), std::move(gradient)) : std::move(gradient);
}

void Sweep::run(SweepObserver* observer) {
  const GradModeGuard mode(create_);
  AnomalyObserver anomalies;
  if (detect_anomalies) observers_.push_back(&anomalies);
  if (observer != nullptr) observers_.push_back(observer);
  while (!queue_.empty()) {
    Node* const node = pop();
    struct DropEdge {
      Node* node;
      ~DropEdge() { drop_edge(node); }
    } const held{node};
    visit(node);
  }
  observers_.clear();
}

Node* Sweep::pop() {
  std::pop_heap(queue_.begin(), queue_.end());
  Node* const node = queue_.back().node;
  queue_.pop_back();
  return node;
}

// Empties the slot, so that other sweeps may claim it.
Tensor Sweep::take(Node* node) {
  if (node->owner.load(std::memory_order_acquire) != this) {
    const auto at = side_slots_.find(node);
    Tensor gradient = std::move(at->second);
    side_slots_.erase(at);
    return gradient;
  }
  Tensor gradient = Tensor::adopt(std::exchange(node->slot, nullptr));
  node->owner.store(nullptr, std::memory_order_release);
  return gradient;
}

void Sweep::visit(Node* node) {
  Tensor dy = take(node);
  if (node->autograd_meta != nullptr) dy = run_gradient_hooks(*node, std::move(dy));
  if (only_targets_) {
    if (const auto at = targets_.find(node); at != targets_.end()) found_[at->second] = dy;
  } else if (node->is_leaf() || (node->flags & retain_grad_flag) != 0) {
    kept_.push_back({node, dy, {}});
    add_edge(node, false);
  }
  for (SweepObserver* const observer : observers_) observer->arrived(*node, dy);
  if (passes(node)) step_through(node, dy);
  for (SweepObserver* const observer : observers_) observer->left(*node);
}

void Sweep::step_through(Node* node, const Tensor& dy) {
  acquire(node);
  Function& function = *node->function();
  struct Release {
    Function& function;
    bool retain;
    ~Release() {
      if (retain)
        function.sweeps.fetch_sub(1, std::memory_order_release);
      else
        release_function(function);
    }
  } const release{function, retain_};
  if (function.kind == Function::Kind::tuple_element) return pass_to_tuple(node, dy);
  check_versions(node);
  if (function.kind == Function::Kind::single) return pass(node, {&dy, 1});
  const auto arrived = tuple_slots_.extract(node);
  pass(node, arrived.mapped());
}

// A result's gradient waits for those of the op's other results.
void Sweep::pass_to_tuple(Node* node, const Tensor& dy) {
  Function& function = *node->function();
  Node* const tuple = function.edges()[0].node;
  for (SweepObserver* const observer : observers_)
    observer->passed(*node, {&dy, 1}, {{0, tuple, dy}}, {});
  std::vector<Tensor>& arrived = tuple_slots_[tuple];
  arrived.resize(tuple->function()->index);
  Tensor& sum = arrived[function.index];
  sum = sum.defined() ? accumulate(std::move(sum), Tensor(dy)) : dy;
  slot(tuple);
}

void Sweep::run_observed(Node* node, std::span<const Tensor> dy) {
  const auto probe = [&](std::span<const Tensor> other) { return contributions_of(node, other); };
  Contributions given = probe(dy);
  for (SweepObserver* const observer : observers_) observer->passed(*node, dy, given, probe);
  for (Contribution& c : given) deliver(c.node, std::move(c.gradient));
}

// What the local gradient gives for dy, kept apart from the slots.
Contributions Sweep::contributions_of(Node* node, std::span<const Tensor> dy) {
  Contributions given;
  contributions_ = &given;
  struct Restore {
    Sweep* sweep;
    ~Restore() { sweep->contributions_ = nullptr; }
  } const restore{this};
  run_local_gradient(node, dy);
  return given;
}

void Sweep::backward_through(const std::vector<Tensor>& outputs, std::span<const Tensor> upstream) {
  std::vector<Node*> roots;
  for (const Tensor& output : outputs) roots.push_back(&output.node());
  if (only_targets_) find_needed(roots);
  for (std::size_t k = 0; k < outputs.size(); ++k) {
    if (!upstream[k].defined() || !outputs[k].requires_grad()) continue;
    slot(roots[k]);  // from here on it lives as long as the sweep needs it
    contribute(-1, roots[k], Tensor(upstream[k]));
  }
}

void Sweep::run_local_gradient(Node* node, std::span<const Tensor> dy) {
  Function& function = *node->function();
  const auto recorded = [](const Tensor& g) { return g.defined() && g.requires_grad(); };
  const bool has_history = create_ && std::any_of(dy.begin(), dy.end(), recorded);
  Step step{*this, *node, function, has_history};
  const CalledOp call{function.op, node->site};
  const OpScopeGuard scope(function.own_lines ? nullptr : &call);
  function.run(function.captures(), dy, Inputs(step), InputGradients(step));
}

// One sweep uses a function up; several may run through it if they all retain it.
void Sweep::acquire(Node* node) {
  std::atomic<std::int32_t>& sweeps = node->function()->sweeps;
  std::int32_t now = sweeps.load(std::memory_order_acquire);
  while (now != Function::used_up) {
    if (!retain_ && now > 0)
      throw GraphError(
          fmt::format("{}: another sweep is running through {}, whose saved values this sweep "
                      "would free; pass {{.retain_graph = true}}",
                      caller_, node->function()->op));
    const std::int32_t next = retain_ ? now + 1 : Function::used_up;
    if (sweeps.compare_exchange_weak(now, next, std::memory_order_acq_rel)) return;
  }
  throw GraphError(
      fmt::format("{}: cannot sweep through the graph a second time: {} (made at {}) was swept "
                  "before, which freed its saved values and its edges; pass {{.retain_graph = "
                  "true}} to the first sweep, compute the value again, or detach() it if no "
                  "gradient should flow through it",
                  caller_, node->function()->op, place(node->site)));
}

void Sweep::throw_changed(const Node& node, const std::string& what, Site changed) const {
  throw GraphError(fmt::format(
      "{}: the gradient of {} (at {}) needs {}, which was changed in place (at {}) after it was "
      "saved; change it after the sweep, or compute with a clone() of it",
      caller_, const_cast<Node&>(node).function()->op, place(node.site), what, place(changed)));
}

// What the local gradient reads must be as it was when the op ran.
void Sweep::check_versions(Node* node) {
  Function& function = *node->function();
  const auto version = [](Storage* s) { return s->version.load(std::memory_order_acquire); };
  for (std::uint32_t i = 0; i < function.edge_count; ++i) {
    const Edge& edge = function.edges()[i];
    if (edge.node != nullptr && edge.reads && version(edge.node->storage.get()) != edge.version)
      throw_changed(*node, fmt::format("input {}, {}", i, describe(Tensor::share(edge.node))),
                    edge.node->storage->changed);
  }
  if (Storage* const saved = function.saved_output;
      saved != nullptr && version(saved) != function.output_version)
    throw_changed(*node, "the op's result", saved->changed);
  if (function.kind != Function::Kind::tuple) return;
  for (std::size_t k = 0; k < function.tuple->results.size(); ++k)
    if (Storage* const saved = function.tuple->results[k].storage.get();
        saved != nullptr && version(saved) != function.tuple->versions[k])
      throw_changed(*node, fmt::format("the op's result {}", k), saved->changed);
}

// Puts the sum of a node's .grad and what has arrived in its place; the one before is not changed.
// Two sweeps may do so at once.
void Sweep::give(Kept& kept) {
  const GradModeGuard mode(create_);
  const GradientLock lock(*kept.node);
  kept.before = Tensor::share(kept.node->gradient);
  if (kept.before.defined())
    kept.gradient = accumulate(Tensor(kept.before), std::move(kept.gradient));
  else if (!create_ && !sole_owner(kept.gradient.node()))  // .grad may be changed in place
    kept.gradient = kept.gradient.clone();
  Tensor given = kept.gradient;
  given.swap(gradient_in(kept.node));
  kept.given = true;
}

// Unless a hook or another thread has put yet another gradient there.
void Sweep::take_back(Kept& kept) noexcept {
  if (!kept.given) return;
  const GradientLock lock(*kept.node);
  Tensor& now = gradient_in(kept.node);
  if (now.defined() && &now.node() == &kept.gradient.node()) now.swap(kept.before);
}

void Sweep::aim_at(const TensorList& targets) {
  for (const Tensor& target : targets) {
    targets_.try_emplace(&target.node(), targets_.size());
    needed_.try_emplace(&target.node(), false);
    lowest_ = std::min(lowest_, target.node().number);
  }
  only_targets_ = true;
  std::vector<Node*> roots;
  for (const Entry& entry : queue_) roots.push_back(entry.node);
  find_needed(roots);
}

// The nodes below the roots from which a target can be reached: a depth-first walk with its own
// stack.
void Sweep::find_needed(const std::vector<Node*>& roots) {
  std::unordered_set<const Node*> seen;
  std::vector<std::pair<Node*, std::uint32_t>> path;
  const auto enter = [&](Node* node) {
    if (node != nullptr && node->number >= lowest_ && node->has_function &&
        seen.insert(node).second)
      path.emplace_back(node, std::uint32_t{0});
  };
  for (Node* const root : roots) enter(root);
  while (!path.empty()) {
    auto& [node, next] = path.back();
    Function& function = *node->function();
    if (next < function.edge_count) {
      enter(function.edges()[next++].node);
      continue;
    }
    // One that is used up has no edges left to tell; if it is reached, the sweep throws.
    if (function.sweeps.load(std::memory_order_acquire) == Function::used_up) needed_[node] = true;
    for (std::uint32_t i = 0; i < function.edge_count; ++i)
      if (needed_.contains(function.edges()[i].node)) needed_[node] = true;
    path.pop_back();
  }
}

}  // namespace xgrad::detail
