#include <xgrad/graph/trace.hpp>

#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/kernels.hpp>

#include "autograd/sweep.hpp"
#include "tensor/extras.hpp"

namespace xgrad {
namespace detail {
namespace {

Tensor ones_as(const Tensor& like) {
  Value value = Value::empty(like.shape(), like.dtype());
  fill(value, 1);
  return constant(std::move(value));
}

std::size_t id_of(const Node* node, std::unordered_map<const Node*, std::size_t>& ids) {
  return ids.try_emplace(node, ids.size()).first->second;
}

void describe_node(Node* node, TraceStep& step) {
  step.name = node->extras != nullptr ? node->extras->name : std::string();
  step.site = node->site;
  step.shape = node->shape;
  if (node->storage) step.value = constant({node->storage, node->shape, node->dtype});
  if (!node->has_function) return;
  const Function& function = *node->function();
  step.op = function.op;
  step.rule = function.rule;
  step.elementwise = function.elementwise;
}

}  // namespace

// What the local gradient gives for dy, kept apart from the slots.
Sweep::Contributions Sweep::contributions_of(Node* node, const Tensor& dy) {
  Contributions seen;
  contributions_ = &seen;
  struct Restore {
    Sweep* sweep;
    ~Restore() { sweep->contributions_ = nullptr; }
  } const restore{this};
  run_local_gradient(node, dy);
  return seen;
}

void Sweep::trace(Node* node, const Tensor& dy, TraceStep& step,
                  std::unordered_map<const Node*, std::size_t>& ids) {
  Function* const own = node->function();
  if (own == nullptr) return;
  Function& function = *own;
  acquire(node);
  function.sweeps.fetch_sub(1, std::memory_order_release);
  if (function.kind == Function::Kind::projection) {
    Node* const hub = function.edges()[0].node;
    std::vector<Tensor>& arrived = hub_slots_[hub];
    arrived.resize(hub->function()->index);
    arrived[function.index] = dy;
    slot(hub);
    step.passed.push_back({0, id_of(hub, ids), dy, {}});
    return;
  }
  check_versions(node);
  Contributions slopes;
  if (function.elementwise) slopes = contributions_of(node, ones_as(dy));
  Contributions gradients = contributions_of(node, dy);
  for (std::size_t k = 0; k < gradients.size(); ++k) {
    auto& [input, gradient] = gradients[k];
    Node* const to = function.edges()[input].node;
    const bool plain = k < slopes.size() && to->shape == node->shape;
    step.passed.push_back({input, id_of(to, ids), gradient, plain ? slopes[k].second : Tensor()});
    deliver(to, Tensor(gradient));
  }
}

void Sweep::run_traced(const std::function<void(const TraceStep&)>& visit) {
  const NoGrad mode;
  std::unordered_map<const Node*, std::size_t> ids;
  while (!queue_.empty()) {
    Node* const node = pop();
    struct DropEdge {
      Node* node;
      ~DropEdge() { drop_edge(node); }
    } const held{node};
    TraceStep step;
    step.id = id_of(node, ids);
    step.arrived = take(node);
    describe_node(node, step);
    if (passes(node)) trace(node, step.arrived, step, ids);
    visit(step);
  }
}

}  // namespace detail

void trace_sweep(const Tensor& output, const Tensor& upstream,
                 const std::function<void(const TraceStep&)>& visit, Site site,
                 const char* caller) {
  detail::Sweep sweep(caller, true, false, site);
  sweep.start(output, upstream);
  sweep.run_traced(visit);
}

}  // namespace xgrad
