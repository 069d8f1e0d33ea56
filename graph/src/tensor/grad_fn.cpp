#include <xgrad/graph/grad_fn.hpp>

#include <xgrad/graph/error.hpp>

namespace xgrad {
namespace {

// For one of several results, the node of the call; after a sweep freed the graph, the node itself.
detail::Node* call_of(detail::Node* node) noexcept {
  detail::Function* const function = node->function();
  const bool is_element =
      function != nullptr && function->kind == detail::Function::Kind::tuple_element;
  return is_element && function->edge_count != 0 ? function->edges()[0].node : node;
}

}  // namespace

GradFn Tensor::grad_fn() const { return GradFn(is_leaf() ? nullptr : call_of(&node())); }

detail::Node& GradFn::node() const {
  if (node_ == nullptr)
    throw GraphError(
        "grad_fn: it is undefined, as it is for leaves and for tensors that do not require a "
        "gradient; test it with `if (f)` first");
  return *node_;
}

std::string_view GradFn::name() const {
  return node().is_leaf() ? "AccumulateGrad" : node().function()->op;
}

std::vector<GradFn> GradFn::next_functions() const {
  std::vector<GradFn> next;
  detail::Function* const function = node().function();
  for (std::uint32_t i = 0; function != nullptr && i < function->edge_count; ++i) {
    detail::Node* const input = function->edges()[i].node;
    const bool flows = input != nullptr && input->requires_grad();
    next.push_back(GradFn(flows ? call_of(input) : nullptr));
  }
  return next;
}

Site GradFn::site() const { return node().site; }

}  // namespace xgrad
