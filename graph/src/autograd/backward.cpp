#include <xgrad/graph/backward.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "autograd/sweep.hpp"

namespace xgrad {

void Tensor::backward(const Tensor& upstream, BackwardOptions options, Site site) const {
  const OpScope scope("backward", site);
  detail::Sweep sweep("backward", options.retain_graph.value_or(options.create_graph),
                      options.create_graph);
  sweep.start(*this, upstream);
  sweep.run_to_leaves();
}

std::vector<Tensor> grad(const TensorList& outputs, const TensorList& inputs,
                         const GradOptions& options, Site site) {
  const OpScope scope("grad", site);
  if (!options.grad_outputs.empty() && options.grad_outputs.size() != outputs.size())
    throw ValueError(
        fmt::format("grad: got {} outputs but {} grad_outputs; pass one for each output, or none",
                    outputs.size(), options.grad_outputs.size()));
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (!inputs[i].requires_grad())
      throw GraphError(
          fmt::format("grad: input {}, {}, does not require a gradient; create it with "
                      "{{.requires_grad = true}}, or compute it from such a tensor",
                      i, detail::describe(inputs[i])));
  detail::Sweep sweep("grad", options.retain_graph.value_or(options.create_graph),
                      options.create_graph);
  for (std::size_t i = 0; i < outputs.size(); ++i)
    sweep.start(outputs[i], options.grad_outputs.empty() ? Tensor() : options.grad_outputs[i]);
  std::vector<Tensor> gradients = sweep.run_to(inputs);
  for (std::size_t i = 0; i < gradients.size(); ++i)
    if (!gradients[i].defined() && !options.allow_unused)
      throw GraphError(
          fmt::format("grad: no output depends on input {}, {}; pass {{.allow_unused = "
                      "true}} to get an undefined gradient for it",
                      i, detail::describe(inputs[i])));
  return gradients;
}

}  // namespace xgrad
