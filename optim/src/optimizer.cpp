#include <xgrad/optim/optimizer.hpp>

#include <xgrad/graph/grad_mode.hpp>

namespace xgrad::optim {

Tensor Optimizer::step(const Closure& closure, Site site) {
  Tensor loss;
  {
    const EnableGrad guard;
    loss = closure();
  }
  step(site);
  return loss;
}

}  // namespace xgrad::optim
