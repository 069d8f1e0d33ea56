// module_graph.hpp: module_graph, a picture of the layers of a model.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/nn/summary.hpp>
#include <xgrad/viz/graph_picture.hpp>

namespace xgrad::viz {

struct ModuleGraphOptions {
  int fold = 2;    ///< this many equal modules in a row, or more, are drawn once; 0: never
  int depth = -1;  ///< modules at this depth are one box; the model's children have depth 1
  std::size_t max_boxes = 300;  ///< larger models are drawn to a smaller depth
  bool left_to_right = false;   ///< otherwise from top to bottom
  std::string title = {};       ///< by default, the name of the model's class
};

/// Checks the options, and observes a call of a model; what module_graph is made of. Until its end,
/// the model is in evaluation mode and all floating parameters require gradients.
class ModuleGraphRun {
 public:
  ModuleGraphRun(const nn::Module& model, const std::vector<nn::SummaryInput>& inputs,
                 const ModuleGraphOptions& options, Site site);
  ~ModuleGraphRun();
  ModuleGraphRun(const ModuleGraphRun&) = delete;
  ModuleGraphRun& operator=(const ModuleGraphRun&) = delete;

  /// What to call the model with.
  const std::vector<Tensor>& inputs() const noexcept;
  GraphPicture picture() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Calls the model once, in evaluation mode, and draws the modules that call no others as boxes,
/// with their numbers of parameters; those around them as frames; and the shapes of the tensors
/// between them. Ops between modules are not drawn: arrows lead through them. Equal modules in a
/// row are drawn once.
///
///     viz::module_graph(model, zeros({1, 1, 28, 28})).save("lenet.svg");
///     viz::module_graph(model, {{1, 1, 28, 28}}).svg();  // zeros of this shape
///
/// Modes and `requires_grad` are restored afterwards. A direct call of `forward` is not seen. What
/// reaches a module without a history, as through `detach` or through ops on integers, is drawn as
/// coming from the model's inputs.
/// @param inputs  one to three inputs.
/// @throws ValueError  if the model does not take this number of tensors, or if an option is out of
///         range. GraphError  if an input is undefined.
template <class M>
GraphPicture module_graph(M& model, const std::vector<nn::SummaryInput>& inputs,
                          const ModuleGraphOptions& options = {}, Site site = Site::here()) {
  const ModuleGraphRun run(model, inputs, options, site);
  const EnableGrad guard;
  nn::detail::call_with(model, run.inputs(), site, "viz::module_graph");
  return run.picture();
}
template <class M>
GraphPicture module_graph(M& model, const Tensor& input, const ModuleGraphOptions& options = {},
                          Site site = Site::here()) {
  return module_graph(model, std::vector<nn::SummaryInput>{input}, options, site);
}

}  // namespace xgrad::viz
