#include <xgrad/graph/trace.hpp>

#include <unordered_map>

#include <xgrad/graph/kernels.hpp>

#include "autograd/sweep.hpp"
#include "tensor/autograd_meta.hpp"

namespace xgrad {
namespace detail {
namespace {

Tensor ones_as(const Tensor& like) {
  Value value = Value::empty(like.shape(), like.dtype());
  fill(value, 1);
  return constant(std::move(value));
}

TraceStep described(Node& node) {
  TraceStep step;
  step.name = node.autograd_meta != nullptr ? node.autograd_meta->name : std::string();
  step.site = node.site;
  step.shape = node.shape;
  if (node.storage) step.value = constant({node.storage, node.shape, node.dtype});
  if (!node.has_function) return step;
  const Function& function = *node.function();
  step.op = function.op;
  step.rule = function.rule;
  step.elementwise = function.elementwise;
  return step;
}

class Tracer final : public SweepObserver {
 public:
  explicit Tracer(const std::function<void(const TraceStep&)>& visit) : visit_(visit) {}
  ~Tracer() override {
    for (const auto& [node, id] : ids_) drop_edge(node);
  }

  void arrived(Node& node, const Tensor& gradient) override {
    step_ = described(node);
    step_.node = &node;
    step_.id = id_of(&node);
    step_.arrived = gradient;
  }
  void passed(Node& node, std::span<const Tensor> dy, const Contributions& given,
              const Probe& probe) override {
    Contributions slopes;
    if (step_.elementwise) {
      const Tensor ones = ones_as(dy[0]);
      slopes = probe({&ones, 1});
    }
    for (std::size_t k = 0; k < given.size(); ++k) {
      const bool has_slope = k < slopes.size() && given[k].node->shape == node.shape;
      step_.passed.push_back({given[k].input, given[k].node, id_of(given[k].node),
                              given[k].gradient, has_slope ? slopes[k].gradient : Tensor()});
    }
  }
  void left(Node&) override { visit_(step_); }

 private:
  // A node that is known stays: another one in its place would be taken for it.
  std::size_t id_of(Node* node) {
    const auto [at, is_new] = ids_.try_emplace(node, ids_.size());
    if (is_new) add_edge(node, false);
    return at->second;
  }

  const std::function<void(const TraceStep&)>& visit_;
  std::unordered_map<Node*, std::size_t> ids_;
  TraceStep step_;
};

}  // namespace
}  // namespace detail

void trace_sweep(const Tensor& output, const Tensor& upstream,
                 const std::function<void(const TraceStep&)>& visit, Site site,
                 const char* caller) {
  detail::Tracer tracer(visit);
  const OpScope scope(caller, site);
  detail::Sweep sweep(caller, true, false);
  sweep.start(output, upstream);
  sweep.run(&tracer);
}

}  // namespace xgrad
