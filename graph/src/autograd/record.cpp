#include <xgrad/graph/record.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "autograd/anomaly.hpp"
#include "tensor/tuple.hpp"

namespace xgrad::detail {
namespace {

bool is_read(Saved saved, std::size_t i) {
  return keep_values || saved.inputs == save_inputs.inputs ||
         (i < 32 && (saved.inputs >> i & 1) != 0);
}

void name(Function& function, const OpName& op) {
  function.op = op.name;
  function.rule = op.rule;
  function.elementwise = op.elementwise;
  function.own_lines = called_op == nullptr;
}

// Edges to the inputs that want a gradient or are read; numbers that are read become constants.
void connect(Node* node, const Operand* inputs, std::size_t count, Saved saved) {
  std::uint64_t highest = 0;
  Edge* const edges = node->function()->edges();
  for (std::size_t i = 0; i < count; ++i) {
    const bool read = is_read(saved, i);
    if (!read && !inputs[i].requires_grad()) continue;
    if (!inputs[i].defined()) {
      edges[i].reads = true;
      continue;
    }
    Node* input;
    if (inputs[i].is_number()) {
      input = inputs[i].materialize(node->dtype).release();
      input->counts.fetch_add(one_edge, std::memory_order_relaxed);
    } else {
      input = &inputs[i].node();
      add_edge(input, read);
    }
    // The value of an input that is not read may have been taken over by the result.
    edges[i] = {input, read ? input->storage->version.load(std::memory_order_acquire) : 0, read};
    highest = std::max(highest, input->number);
  }
  number_above(node, highest);
}

Site site_of(const Operand* inputs, std::size_t count) {
  return site_or(count == 0 ? Site{} : inputs[0].site());
}

}  // namespace

void throw_save_input(int i) {
  throw ValueError(
      fmt::format("save_input: input {} is out of range, it must be in [0, 31]; use save_inputs to "
                  "save all inputs",
                  i));
}

bool any_requires_grad(const Operand* inputs, std::size_t count) {
  return grad_enabled &&
         std::any_of(inputs, inputs + count, [](const Operand& x) { return x.requires_grad(); });
}

Recording begin_record(const OpName& op, const Operand* inputs, std::size_t count, Value&& value,
                       Saved saved, std::size_t capture_bytes, LocalGradient run) {
  if (!any_requires_grad(inputs, count) || !is_floating(value.dtype))
    return {without_history(op, inputs, count, std::move(value)), nullptr};
  return with_history(op, inputs, count, std::move(value), saved, capture_bytes, run);
}

Tensor without_history(const OpName& op, const Operand* inputs, std::size_t count, Value&& value) {
  if (detect_anomalies) check_result(op.name, inputs, count, value);
  return constant(std::move(value), site_of(inputs, count));
}

Recording with_history(const OpName& op, const Operand* inputs, std::size_t count, Value&& value,
                       Saved saved, std::size_t capture_bytes, LocalGradient run) {
  if (detect_anomalies) check_result(op.name, inputs, count, value);
  Node* const node = make_node(std::move(value), count, capture_bytes);
  Recording recording{Tensor::adopt(node), node->function()->captures()};
  node->site = site_of(inputs, count);
  node->flags = requires_grad_flag;
  name(*node->function(), op);
  node->function()->run = run;
  connect(node, inputs, count, saved);
  if (saved.output) {
    node->function()->saved_output = StorageRef(node->storage).release();
    node->function()->output_version = node->storage->version.load(std::memory_order_acquire);
  }
  return recording;
}

Node* make_tuple_element(Node* tuple, std::uint32_t index, Value&& value) {
  Node* const node = make_node(std::move(value), 1, 0);
  Function& function = *node->function();
  function.kind = Function::Kind::tuple_element;
  name(function, OpName(tuple->function()->op));
  function.index = index;
  node->flags = is_floating(node->dtype) ? requires_grad_flag : 0;
  node->site = tuple->site;
  add_edge(tuple, false);
  function.edges()[0] = {tuple, 0, false};
  number_above(node, tuple->number);
  return node;
}

TupleRecording begin_record(const OpName& op, const Operand* inputs, std::size_t count,
                            std::vector<Value>&& values, Saved saved, std::size_t capture_bytes,
                            LocalGradient run) {
  TupleRecording recording{{}, nullptr};
  if (detect_anomalies)
    for (const Value& value : values) check_result(op.name, inputs, count, value);
  if (!any_requires_grad(inputs, count)) {
    for (Value& value : values)
      recording.results.push_back(constant(std::move(value), site_of(inputs, count)));
    return recording;
  }
  Node* const tuple = make_node({{}, {}, float32}, count, capture_bytes);
  const Tensor holder = Tensor::adopt(tuple);
  Function& function = *tuple->function();
  function.kind = Function::Kind::tuple;
  name(function, op);
  function.run = run;
  function.tuple = new TupleState;
  function.index = static_cast<std::uint32_t>(values.size());
  tuple->site = site_of(inputs, count);
  tuple->flags = requires_grad_flag;
  connect(tuple, inputs, count, saved);
  for (std::size_t k = 0; k < values.size(); ++k) {
    function.tuple->results.push_back(values[k]);
    function.tuple->versions.push_back(values[k].storage->version.load(std::memory_order_acquire));
    if (!saved.output) function.tuple->results.back().storage.reset();
    recording.results.push_back(Tensor::adopt(
        make_tuple_element(tuple, static_cast<std::uint32_t>(k), std::move(values[k]))));
  }
  recording.captures = function.captures();
  return recording;
}

}  // namespace xgrad::detail
