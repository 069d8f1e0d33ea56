// module_trace.hpp: which modules a call of a model runs, and what flows between them.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include <xgrad/nn/module.hpp>

#include "graph/interned.hpp"
#include "graph/outline.hpp"

namespace xgrad::viz {

/// Takes the calls of a model's modules as they begin and end.
class ModuleTrace {
 public:
  struct Input {
    std::size_t from;  ///< a part
    std::string shape;
  };
  /// A box: an input of the model, a module that called no other, or an output.
  struct Part {
    std::string name, type, details;
    std::string output;  ///< the shapes of the results
    std::int64_t parameters = 0;
    bool again = false;  ///< the module was called before
    std::vector<Input> inputs;
  };

  /// @param numbered  whether there are several inputs.
  void add_input(const Tensor& tensor, const std::string& name);
  void begin(const nn::Module& module, const std::string& name, const std::string& type);
  void end(const nn::Module& module, const std::vector<Tensor>& inputs,
           const std::vector<Tensor>& outputs);

  const std::vector<Part>& parts() const noexcept { return parts_; }
  const Outline& outline() const noexcept { return outline_; }

 private:
  struct Call {
    const nn::Module* module;
    std::string name, type;
    std::size_t first_part, first_cluster;
    bool called_others = false;
    bool opaque = false;  // what it calls is not drawn
  };
  void end_leaf(const Call& call, const std::vector<Tensor>& inputs,
                const std::vector<Tensor>& outputs);
  void end_frame(const Call& call);
  void end_model(const std::vector<Tensor>& outputs);
  std::size_t add_part(Part part, bool leaf);
  std::vector<Input> sources(const std::vector<Tensor>& tensors) const;
  void find_sources(const Tensor& tensor, std::vector<Input>& found) const;

  std::vector<Part> parts_;
  Outline outline_;
  Interned text_;
  std::vector<Call> open_;
  std::vector<Tensor> kept_;  // so that nodes stay what they were
  std::unordered_map<const detail::Node*, std::size_t> producers_;
  std::unordered_map<std::string, bool> called_;
};

}  // namespace xgrad::viz
