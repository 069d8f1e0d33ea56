#include <xgrad/graph/input_gradients.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/record.hpp>

#include "autograd/sweep.hpp"
#include "autograd/tensor_ops.hpp"
#include "tensor/tuple.hpp"

namespace xgrad {
namespace detail {
namespace {

const Edge& edge_of(const Step& step, int i) {
  if (i < 0 || static_cast<std::uint32_t>(i) >= step.function.edge_count)
    throw GraphError(
        fmt::format("{}: the local gradient uses input {}, but the op was recorded with {} inputs",
                    step.function.op, i, step.function.edge_count),
        step.node.site);
  return step.function.edges()[i];
}

[[noreturn]] void throw_not_saved(const Step& step, const std::string& what,
                                  const std::string& flag) {
  throw GraphError(
      fmt::format("{}: the local gradient reads {}, which was not saved; add {} to the "
                  "`saved` argument of `record`",
                  step.function.op, what, flag),
      step.node.site);
}
[[noreturn]] void throw_input_not_saved(const Step& step, const char* what, int i) {
  throw_not_saved(step, fmt::format("{}input {}", what, i),
                  i < 32 ? fmt::format("save_input({})", i) : "save_inputs");
}

Tensor saved_output(const Step& step, Value&& value, std::uint32_t k) {
  if (!grad_enabled) return constant(std::move(value), step.node.site);
  if (step.function.kind == Function::Kind::tuple)
    return Tensor::adopt(make_tuple_element(&step.node, k, std::move(value)));
  // The handle may be gone, so the value gets a node of its own that passes gradients on.
  Node* const node = make_node(std::move(value), 1, 0);
  Function& alias = *node->function();
  alias.op = step.function.op;
  alias.rule = "dx = dy";
  alias.run = [](const void*, std::span<const Tensor> dy, Inputs, InputGradients dx) {
    dx.add(0, dy[0]);
  };
  node->flags = requires_grad_flag;
  node->site = step.node.site;
  add_edge(&step.node, false);
  alias.edges()[0] = {&step.node, 0, false};
  number_above(node, step.node.number);
  return Tensor::adopt(node);
}

}  // namespace

Tensor fit(const char* op, Tensor&& gradient, const Node& node) {
  if (gradient.shape() != node.shape) {
    if (broadcast_of(node.shape, gradient.shape()) != gradient.shape())
      throw ShapeError(fmt::format("{}: the local gradient added {} as the gradient of an input of "
                                   "shape {}; it must have that shape, or a shape that the input "
                                   "broadcasts to",
                                   op, describe(gradient), to_string(node.shape)),
                       node.site);
    gradient = sum_to_shape(gradient, node.shape);
  }
  return gradient.dtype() == node.dtype ? std::move(gradient) : gradient.to(node.dtype);
}

}  // namespace detail

Tensor Inputs::operator[](int i) const {
  const detail::Edge& edge = detail::edge_of(*step_, i);
  if (!edge.reads) detail::throw_input_not_saved(*step_, "", i);
  return Tensor::share(edge.node);
}

Tensor Inputs::output(int k) const {
  const detail::Function& function = step_->function;
  if (function.kind == detail::Function::Kind::tuple) {
    const detail::Value& value = function.tuple->results.at(static_cast<std::size_t>(k));
    if (!value.storage) detail::throw_not_saved(*step_, fmt::format("result {}", k), "save_output");
    return detail::saved_output(*step_, detail::Value(value), static_cast<std::uint32_t>(k));
  }
  if (function.saved_output == nullptr)
    detail::throw_not_saved(*step_, "the output", "save_output");
  return detail::saved_output(
      *step_,
      {detail::StorageRef::share(function.saved_output), step_->node.shape, step_->node.dtype}, 0);
}

const Shape& Inputs::shape(int i) const {
  const detail::Edge& edge = detail::edge_of(*step_, i);
  if (edge.node == nullptr) detail::throw_input_not_saved(*step_, "the shape of ", i);
  return edge.node->shape;
}

DType Inputs::dtype(int i) const {
  const detail::Edge& edge = detail::edge_of(*step_, i);
  if (edge.node == nullptr) detail::throw_input_not_saved(*step_, "the dtype of ", i);
  return edge.node->dtype;
}

detail::Node* Inputs::node(int i) const noexcept { return step_->function.edges()[i].node; }
detail::Storage* Inputs::saved_output() const noexcept { return step_->function.saved_output; }

bool InputGradients::wants(int i) const noexcept {
  return i >= 0 && static_cast<std::uint32_t>(i) < step_->function.edge_count &&
         step_->sweep.wants(step_->function.edges()[i].node);
}

void InputGradients::add(int i, Tensor gradient) {
  detail::Node* const node = detail::edge_of(*step_, i).node;
  if (!wants(i)) return;
  if (create_graph() && step_->upstream_has_history && !gradient.requires_grad())
    throw GraphError(
        fmt::format("{}: the local gradient added a gradient without history for input {}, so "
                    "create_graph would lose the second derivative; compute the gradient with "
                    "ops, or wrap the local gradient in once_differentiable",
                    step_->function.op, i),
        step_->node.site);
  const OpScope scope(step_->function.op, step_->node.site);  // a user's local gradient has none
  gradient = detail::fit(step_->function.op, std::move(gradient), *node);
  step_->sweep.contribute(i, node, std::move(gradient));
}

InputGradients::Buffer InputGradients::buffer(int i) {
  require_first_order();
  detail::Node* const node = detail::edge_of(*step_, i).node;
  if (!wants(i))
    throw GraphError(
        fmt::format("{}: the local gradient requests the gradient buffer of input {}, which "
                    "needs no gradient; check dx.wants({}) first",
                    step_->function.op, i, i),
        step_->node.site);
  if (detail::Contributions* const given = step_->sweep.contributions()) {
    given->push_back({i, node, detail::constant(detail::Value::empty(node->shape, node->dtype))});
    return {given->back().gradient.node().storage->data(), false};
  }
  Tensor& slot = step_->sweep.slot(node);
  if (slot.defined()) {
    if (!detail::sole_owner(slot.node())) slot = slot.clone();
    return {slot.node().storage->data(), true};
  }
  slot = detail::constant(detail::Value::empty(node->shape, node->dtype));
  return {slot.node().storage->data(), false};
}

void InputGradients::backward_through(const std::vector<Tensor>& outputs,
                                      std::span<const Tensor> upstream) {
  step_->sweep.backward_through(outputs, upstream);
}

bool InputGradients::create_graph() const noexcept { return step_->sweep.create_graph(); }

void InputGradients::require_first_order() const {
  if (create_graph())
    throw GraphError(fmt::format("{}: the local gradient is not made of ops, so it has no second "
                                 "derivative; call backward or grad without create_graph",
                                 step_->function.op),
                     step_->node.site);
}

}  // namespace xgrad
