#include <xgrad/graph/checkpoint.hpp>

#include <unordered_set>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/random.hpp>
#include <xgrad/graph/record.hpp>

#include "tensor/tuple.hpp"

namespace xgrad::detail {
namespace {

// What the sweep needs to run the function again.
struct Segment {
  VectorFunction function;
  Generator random;  // as it was before the first run
  std::vector<Tensor> inputs;
  std::vector<std::uint32_t> versions;
  struct Result {
    Shape shape;
    DType dtype;
    bool requires_grad;
  };
  std::vector<Result> results;  // of the first run

  void remember(const Tensor& input) {
    inputs.push_back(input);
    versions.push_back(input.node().storage->version.load(std::memory_order_acquire));
  }
  void check_unchanged() const {
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const Storage& storage = *inputs[i].node().storage.get();
      if (storage.version.load(std::memory_order_acquire) != versions[i])
        throw GraphError(fmt::format(
            "checkpoint: {}, which the function uses, was changed in place (at {}:{}) before the "
            "sweep ran the function again; change it after the sweep",
            describe(inputs[i]), storage.changed.file == nullptr ? "?" : storage.changed.file,
            storage.changed.line));
    }
  }
};

// Puts the thread's generator back for a scope.
class SameRandomNumbers {
 public:
  explicit SameRandomNumbers(const Generator& then) : now_(default_generator()) {
    default_generator() = then;
  }
  ~SameRandomNumbers() { default_generator() = now_; }

 private:
  const Generator now_;
};

// The values that a graph was computed from and that were there before it: the inputs, and what the
// function captured. Depth first, with its own stack.
std::vector<Node*> sources_of(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                              std::uint64_t before) {
  std::vector<Node*> sources, left;
  std::unordered_set<Node*> seen;
  for (const Tensor& x : inputs) seen.insert(&x.node());
  for (const Tensor& y : outputs)
    if (y.requires_grad() && seen.insert(&y.node()).second) left.push_back(&y.node());
  while (!left.empty()) {
    Node* const node = left.back();
    left.pop_back();
    if (node->number <= before || node->is_leaf()) {
      if (node->requires_grad()) sources.push_back(node);
      continue;
    }
    Function& function = *node->function();
    for (std::uint32_t i = 0; i < function.edge_count; ++i)
      if (Node* const from = function.edges()[i].node; from != nullptr && seen.insert(from).second)
        left.push_back(from);
  }
  return sources;
}

// The second run has to give what the first did: the gradients that have arrived are for that.
void check_same(const std::vector<Segment::Result>& first, const std::vector<Tensor>& second) {
  if (second.size() != first.size())
    throw GraphError(
        fmt::format("checkpoint: the function returned {} results, but {} when the sweep ran it "
                    "again; it must return the same results at every call",
                    first.size(), second.size()));
  for (std::size_t k = 0; k < first.size(); ++k)
    if (!second[k].defined() || second[k].shape() != first[k].shape ||
        second[k].dtype() != first[k].dtype || second[k].requires_grad() != first[k].requires_grad)
      throw GraphError(
          fmt::format("checkpoint: result {} was {} {}{}, but {}{} when the sweep ran the function "
                      "again; it must return the same results at every call",
                      k, to_string(first[k].shape), name(first[k].dtype),
                      first[k].requires_grad ? "" : " without history", describe(second[k]),
                      second[k].defined() && second[k].requires_grad() ? "" : " without history"));
}

std::vector<Tensor> run_again(const Segment& segment, std::size_t given) {
  segment.check_unchanged();
  const EnableGrad guard;
  const SameRandomNumbers random(segment.random);
  std::vector<Tensor> results = segment.function(
      {segment.inputs.begin(), segment.inputs.begin() + static_cast<std::ptrdiff_t>(given)});
  check_same(segment.results, results);
  return results;
}

}  // namespace

std::vector<Tensor> checkpoint(VectorFunction f, std::vector<Tensor> inputs, Site site) {
  const OpScope scope("checkpoint", site);
  if (!grad_enabled) return f(inputs);
  auto segment = std::make_shared<Segment>(Segment{std::move(f), default_generator(), {}, {}, {}});
  for (const Tensor& x : inputs) segment->remember(x);
  const std::uint64_t before = newest_number();
  const std::vector<Tensor> outputs = segment->function(inputs);
  for (Node* const node : sources_of(outputs, inputs, before))
    if (readers_of(node->counts.load(std::memory_order_acquire)) > 0)
      segment->remember(Tensor::share(node));
  if (outputs.empty()) return {};
  std::vector<Operand> operands;
  for (const Tensor& x : segment->inputs) operands.emplace_back(x);
  std::vector<Value> values;
  for (const Tensor& y : outputs) {
    values.push_back(value_of(y));
    segment->results.push_back({y.shape(), y.dtype(), y.requires_grad()});
  }

  struct Local {
    const Segment* segment;
    std::size_t given;
  };
  TupleRecording recording =
      begin_record({"checkpoint", "the function's own, computed again"}, operands.data(),
                   operands.size(), std::move(values), save_nothing, sizeof(Local),
                   [](const void* captures, std::span<const Tensor> dy, Inputs, InputGradients dx) {
                     const Local& local = *static_cast<const Local*>(captures);
                     dx.backward_through(run_again(*local.segment, local.given), dy);
                   });
  if (recording.captures != nullptr) {
    new (recording.captures) Local{segment.get(), inputs.size()};
    Node* const tuple = recording.results.at(0).node().function()->edges()[0].node;
    tuple->function()->tuple->kept = std::move(segment);
  }
  return std::move(recording.results);
}

}  // namespace xgrad::detail
