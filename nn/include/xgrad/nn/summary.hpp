// summary.hpp: summary, a table of the layers of a model and of what a call costs.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/nn/layer.hpp>

namespace xgrad::nn {

/// One call of a module.
struct LayerSummary {
  std::string name;  ///< such as "encoder.0"; empty for the model itself
  std::string type;
  std::vector<Shape> inputs, outputs;
  std::int64_t parameters = 0;     ///< number of elements, without those of its children
  std::int64_t multiply_adds = 0;  ///< without those of its children
  std::int64_t output_bytes = 0;
  bool has_children = false;
};

/// The calls of a model's layers, in the order in which they started, and the totals.
struct ModelSummary {
  std::vector<LayerSummary> layers;
  std::int64_t parameters = 0, trainable_parameters = 0;
  std::int64_t parameter_bytes = 0, buffer_bytes = 0;
  std::int64_t multiply_adds = 0;
  std::int64_t activation_bytes = 0;  ///< size of the results of layers without children
};

/// Formats the summary as a table with one row per layer.
std::string to_string(const ModelSummary& summary);
std::ostream& operator<<(std::ostream& out, const ModelSummary& summary);

/// An input of the model: a tensor, or a shape. A shape stands for zeros of the parameters' dtype.
class SummaryInput {
 public:
  SummaryInput(Tensor x) : tensor_(std::move(x)), is_tensor_(true) {}
  SummaryInput(Shape shape) : shape_(std::move(shape)) {}
  SummaryInput(std::initializer_list<std::int64_t> shape) : shape_(shape) {}
  /// @throws GraphError  that names the caller, if the tensor is undefined.
  Tensor tensor(const Module& model, Site site, const char* caller = "summary") const;

 private:
  Tensor tensor_;
  Shape shape_;
  bool is_tensor_ = false;
};

namespace detail {

/// Sets a model to evaluation mode and observes the calls of its layers, until the end of the
/// scope.
class SummaryRun {
 public:
  explicit SummaryRun(const Module& model);
  ~SummaryRun();
  SummaryRun(const SummaryRun&) = delete;
  SummaryRun& operator=(const SummaryRun&) = delete;
  ModelSummary result() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

template <class M, class... Inputs>
concept CalledWith = requires(M& model, const Inputs&... inputs) {
  model(inputs...);
};

template <class M>
void call_with(M& model, const std::vector<Tensor>& x, Site site,
               const std::string& caller = "summary") {
  if constexpr (CalledWith<M, Tensor>)
    if (x.size() == 1) return void(model(x[0]));
  if constexpr (CalledWith<M, Tensor, Tensor>)
    if (x.size() == 2) return void(model(x[0], x[1]));
  if constexpr (CalledWith<M, Tensor, Tensor, Tensor>)
    if (x.size() == 3) return void(model(x[0], x[1], x[2]));
  throw ValueError(
      caller + ": the model cannot be called with " + std::to_string(x.size()) + " tensors", site);
}

}  // namespace detail

/// Calls the model once, in evaluation mode and with NoGrad, and reports the names, output shapes,
/// parameters and multiply-adds of its layers. A direct call of `forward` is not reported.
/// Afterwards the modes are restored.
///
///     fmt::print("{}\n", nn::summary(model, {{64, 1, 28, 28}}));
///
/// @param inputs  one to three inputs.
/// @throws ValueError  if the model does not take this number of tensors. GraphError  if an input
///         is undefined.
template <class M>
ModelSummary summary(M& model, const std::vector<SummaryInput>& inputs,
                     Site site = {__builtin_FILE(), __builtin_LINE()}) {
  std::vector<Tensor> tensors;
  for (const SummaryInput& x : inputs) tensors.push_back(x.tensor(model, site));
  const detail::SummaryRun run(model);
  const NoGrad guard;
  detail::call_with(model, tensors, site);
  return run.result();
}

}  // namespace xgrad::nn
