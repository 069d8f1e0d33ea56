// maml: a network learns to learn sine curves from ten points (Finn et al., ICML 2017). The
// gradient goes through the steps of the inner training.
#include <numbers>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "arguments.hpp"

using namespace xgrad;

constexpr double inner_lr = 0.02;
constexpr int tasks = 8;

// y = amplitude sin(x + phase).
struct Task {
  Tensor amplitude = rand({}) * 4.9 + 0.1, phase = rand({}) * std::numbers::pi;
  data::Batch sample() const {
    const Tensor x = rand({10, 1}) * 10 - 5;
    return {x, amplitude * sin(x + phase)};
  }
};

nn::Sequential network() {
  return nn::Sequential(nn::Linear(1, 40), nn::ReLU(), nn::Linear(40, 40), nn::ReLU(),
                        nn::Linear(40, 1));
}

Tensor loss_with(const nn::Sequential& model, const std::vector<NamedTensor>& weights,
                 const data::Batch& batch) {
  return mse_loss(nn::functional_call(model, weights, batch.inputs), batch.targets);
}

// Weights after steps on a few points, which are functions of the model's parameters.
std::vector<NamedTensor> adapted(const nn::Sequential& model, const data::Batch& points,
                                 int steps) {
  std::vector<NamedTensor> weights = model.named_parameters();
  for (int step = 0; step < steps; ++step) {
    std::vector<Tensor> w;
    for (const auto& [name, tensor] : weights) w.push_back(tensor);
    const auto dw = grad(loss_with(model, weights, points), w, {.create_graph = true});
    for (std::size_t i = 0; i < w.size(); ++i) weights[i].tensor = w[i] - inner_lr * dw[i];
  }
  return weights;
}

// The mean loss on new points of new tasks after so many steps.
double loss_after(const nn::Sequential& model, int steps) {
  double total = 0;
  for (int i = 0; i < 100; ++i) {
    const Task task;
    const auto weights = adapted(model, task.sample(), steps);
    total += loss_with(model, weights, task.sample()).item<double>();
  }
  return total / 100;
}

int main(int argc, char** argv) {
  Arguments arguments(argc, argv, "Learns to learn sine curves.");
  const int steps = arguments.integer("--steps", 10000, "steps of the outer training");
  const double at_most = arguments.number("--at-most", 1e30, "fail above this loss after 5 steps");
  arguments.check();

  manual_seed(1);
  const nn::Sequential model = network();
  optim::Adam optimizer(model.parameters(), {.lr = 1e-3});
  for (int step = 0; step < steps; ++step) {
    optimizer.zero_grad();
    for (int i = 0; i < tasks; ++i) {
      const Task task;
      const auto weights = adapted(model, task.sample(), 1);
      (loss_with(model, weights, task.sample()) / tasks).backward();
    }
    optimizer.step();
  }
  for (const int inner : {0, 1, 5})
    fmt::print("loss after {} steps on ten points: {:.3f}\n", inner, loss_after(model, inner));
  return !(loss_after(model, 5) <= at_most);
}
