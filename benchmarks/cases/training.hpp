// training.hpp: a model, its optimizer and its batches as a case.
#pragma once

#include <memory>
#include <utility>

#include <xgrad/xgrad.hpp>

#include "../suite.hpp"

namespace bench {

struct BatchTensors {
  xgrad::Tensor inputs, targets;
};
std::vector<BatchTensors> tensors_of(const std::vector<Batch>& batches);
std::vector<Parameter> parameters_of(const xgrad::nn::Module& model);

/// A step takes the next batch, the first after the last; `loss_of(model(inputs), targets)`. The
/// losses of the first `verified` steps are the answer.
template <class Model, class Optimizer, class Loss>
Made trained(Model model, Optimizer optimizer, const std::vector<Batch>& batches, Loss loss_of,
             int verified) {
  struct State {
    Model model;
    Optimizer optimizer;
    std::vector<BatchTensors> batches;
    std::size_t next = 0;
  };
  Setup setup{{}, true, parameters_of(model), batches};
  auto s =
      std::make_shared<State>(State{std::move(model), std::move(optimizer), tensors_of(batches)});
  const auto step = [s, loss_of] {
    const BatchTensors& batch = s->batches[s->next];
    s->next = (s->next + 1) % s->batches.size();
    s->optimizer.zero_grad();
    const xgrad::Tensor loss = loss_of(s->model(batch.inputs), batch.targets);
    loss.backward();
    s->optimizer.step();
    return loss.template item<double>();
  };
  return {training(step, verified), std::move(setup)};
}

/// A row in microseconds a step, whose first `verified` losses have to agree.
Case training_case(const std::string& group, const std::string& name, int verified,
                   std::function<Made()> make);

}  // namespace bench
