// trace.hpp: trace_sweep, which reports the steps of a sweep to tools that show them.
#pragma once

#include <functional>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

/// The visit of a sweep to one node.
struct TraceStep {
  detail::Node* node = nullptr;  ///< the node; kept until the sweep is over
  std::size_t id = 0;            ///< identifies the node in all steps; the output has id 0
  const char* op = "";    ///< the op that computed the value; empty for a leaf
  const char* rule = "";  ///< the local gradient as a formula; may be empty
  bool elementwise = false;
  std::string name;
  Site site;
  Shape shape;
  Tensor value;    ///< undefined if it was freed; KeepValues prevents that
  Tensor arrived;  ///< the gradient of the output with respect to this value
  struct Passed {
    int input;        ///< index of the op's input; -1 for a value that a checkpoint recomputed
    detail::Node* node;
    std::size_t id;   ///< of the input's node
    Tensor gradient;  ///< the gradient that this step adds to it
    Tensor slope;     ///< the local derivative, for elementwise ops without broadcasting
  };
  std::vector<Passed> passed;  ///< empty for a leaf
};

/// Runs the sweep of `backward`, including gradient hooks, and calls `visit` with every step.
/// `.grad` and the graph do not change.
/// @param caller  the name that error messages start with.
/// @throws GraphError, ShapeError  as `backward`.
void trace_sweep(const Tensor& output, const Tensor& upstream,
                 const std::function<void(const TraceStep&)>& visit,
                 Site site = {__builtin_FILE(), __builtin_LINE()},
                 const char* caller = "trace_sweep");

}  // namespace xgrad
