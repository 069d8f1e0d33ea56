// torch_state.hpp: optimizers that go on from a state of PyTorch's.
#pragma once

#include <xgrad/optim/optimizer.hpp>

namespace xgrad::optim {

/// Loads the `state_dict()` of a PyTorch optimizer of the same kind, which `io::load_torch` has
/// read: its buffers, its numbers of steps, and the options of its groups.
///
///     const StateDict saved = io::load_torch("checkpoint.pt");  // {"model": ..., "optimizer":
///     ...} model.load_state_dict(saved.below("model")); optim::AdamW
///     optimizer(model.parameters()); optim::load_torch_state(optimizer, saved.below("optimizer"));
///
/// PyTorch knows parameters by their positions, so the groups must have the same parameters in the
/// same order; `model.parameters()` has PyTorch's. Options that say how PyTorch computes (foreach,
/// fused, capturable, differentiable) are left out, and options that its file lacks stay as they
/// are. PyTorch's SGD does not count its steps: a parameter with a momentum gets the step 1.
///
/// @throws ValueError  if the state is none of PyTorch's, or as `load_state_dict`; nothing has been
///                     changed then. LBFGS and Combined are refused.
void load_torch_state(Optimizer& optimizer, const StateDict& state,
                      Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad::optim
