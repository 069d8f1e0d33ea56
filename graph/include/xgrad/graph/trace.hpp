// trace.hpp: a sweep, step by step, for tools that show it.
#pragma once

#include <functional>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

/// One node's turn in a sweep.
struct TraceStep {
  std::size_t id = 0;     ///< of the node, the same wherever it is spoken of; the output has 0
  const char* op = "";    ///< what made it; empty for a leaf
  const char* rule = "";  ///< the local gradient in a formula's words; may be empty
  bool elementwise = false;
  std::string name;
  Site site;
  Shape shape;
  Tensor value;    ///< undefined if nothing keeps it: compute under KeepValues
  Tensor arrived;  ///< the gradient of the output with respect to this value
  struct Passed {
    int input;        ///< which input of the op; -1: a value that a checkpoint has computed again
    std::size_t id;   ///< its node
    Tensor gradient;  ///< what it gets from this step
    Tensor slope;     ///< of an elementwise op without broadcasting: the local derivative
  };
  std::vector<Passed> passed;  ///< empty for a leaf
};

/// Sweeps back from an output as `backward` does, gradient hooks included, telling each step in the
/// order taken. `.grad` and the graph stay as they are. `caller` is what errors begin with.
/// @throws GraphError, ShapeError as `backward`.
void trace_sweep(const Tensor& output, const Tensor& upstream,
                 const std::function<void(const TraceStep&)>& visit,
                 Site site = {__builtin_FILE(), __builtin_LINE()},
                 const char* caller = "trace_sweep");

}  // namespace xgrad
