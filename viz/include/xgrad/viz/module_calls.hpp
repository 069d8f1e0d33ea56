// module_calls.hpp: ModuleCalls, which notes what modules compute, for pictures of graphs.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/nn/module.hpp>

namespace xgrad::viz {

/// Notes which module computes which node of the graph, until the end of its scope, through forward
/// hooks of the model and all modules in it. A picture of the graph then shows the modules as
/// frames around their ops.
///
///     const viz::ModuleCalls calls(model);
///     const Tensor loss = cross_entropy(model(images), labels);
///     viz::graph(loss, {.calls = &calls}).save("graph.svg");
///
/// Modules that do not derive from Layer, and direct calls of `forward`, are not seen. Calls are
/// noted in the thread that made the ModuleCalls; ops of other threads are in no frame. Takes a few
/// numbers for each call.
class ModuleCalls {
 public:
  explicit ModuleCalls(const nn::Module& model);
  ~ModuleCalls();
  ModuleCalls(const ModuleCalls&) = delete;
  ModuleCalls& operator=(const ModuleCalls&) = delete;

  /// A call that has ended. The nodes that it made have the creation numbers first to last.
  struct Call {
    std::string name;  ///< the full name of the module; empty for the model itself
    std::string type;  ///< such as "Linear"
    std::uint64_t first = 0, last = 0;
  };
  /// Outer calls before inner ones, otherwise in the order in which they began.
  std::vector<Call> calls() const;
  /// The parameters and buffers of the model under their full names.
  const std::vector<NamedTensor>& tensors() const noexcept;
  /// Forgets the calls so far, for the next step.
  void clear();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace xgrad::viz
