// graph.hpp: graph, a picture of a computational graph.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <xgrad/graph/state_dict.hpp>
#include <xgrad/graph/tensor.hpp>
#include <xgrad/nn/module.hpp>
#include <xgrad/viz/graph_picture.hpp>
#include <xgrad/viz/module_calls.hpp>

namespace xgrad::viz {

struct GraphOptions {
  const nn::Module* model = nullptr;    ///< its parameters and buffers get their names
  std::vector<NamedTensor> names = {};  ///< more names: `{{"x", x}, {"target", y}}`
  const ModuleCalls* calls = nullptr;   ///< modules become frames around what they computed

  bool backward = false;  ///< draws the backward pass against the graph, in the order of the sweep
  Tensor upstream = {};   ///< where it starts; may be left out for an output of one element

  bool values = true;     ///< the values of small tensors
  bool gradients = true;  ///< `.grad` of leaves
  bool bytes = false;     ///< the sizes of values, and which have been freed
  bool sites = false;     ///< the lines of code that called the ops
  /// Of small tensors. Of others, gradients are shown by their norm.
  std::int64_t max_elements = 9;
  int digits = 4;  ///< significant digits of numbers

  int fold = 2;  ///< this many equal modules in a row, or more, are drawn once; 0: never
  bool whole_layers = false;    ///< modules that call no other module are drawn as one box
  int depth = -1;               ///< so are modules at this depth; the model's children have depth 1
  std::size_t max_boxes = 300;  ///< larger graphs are summarised by module, then by line

  bool left_to_right = false;  ///< otherwise from top to bottom
  std::string title = {};
};

/// Draws the graph that the outputs were computed with: a box for each op, with the shape of its
/// result and the dtype if it is not that of the output, and for each leaf. A dashed arrow leads to
/// a result that shares the memory of an input.
///
///     const KeepValues guard;  // else values that no gradient needs have been freed
///     const Tensor loss = square(w * x - y).sum();
///     viz::graph(loss, {.names = {{"w", w}, {"x", x}}, .backward = true}).save("loss.svg");
///
/// A graph holds what gradients need: without KeepValues, inputs that need no gradient and are not
/// saved for one are not in the picture. Ops of a checkpointed function are drawn with the backward
/// pass, which computes them again. The backward pass calls gradient hooks, and changes neither
/// `.grad` nor the graph.
///
/// Must not be called while another thread sweeps the graph.
/// @throws GraphError  if an output is undefined, or if a sweep has freed its graph; draw before
///         `backward`, or pass `{.retain_graph = true}` to it. With `backward`, also as
///         Tensor::backward.
/// @throws ValueError  if there is no output, if `backward` is set and there are several, or if an
///         option is out of range.
GraphPicture graph(const TensorList& outputs, const GraphOptions& options = {},
                   Site site = Site::here());

/// Calls a function that computes an output with the model, and draws the graph with the modules as
/// frames. Values are kept for it, unless `options.values` is off.
///
///     viz::graph(model, [&] { return cross_entropy(model(x), y); }).save("model.svg");
GraphPicture graph(const nn::Module& model, const std::function<Tensor()>& compute,
                   GraphOptions options = {}, Site site = Site::here());

}  // namespace xgrad::viz
