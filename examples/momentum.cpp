// momentum: four optimizers in a valley that is much steeper along y than along x.
//
// The loss (x^2 + 50 y^2) / 2 curves 50 times as much along y. Plain gradient descent needs steps
// that are short enough for y (lr below 2 / 50), and these are slow along x. Momentum adds up
// gradients that agree from step to step, and cancels those that alternate. Nesterov momentum also
// looks one step ahead. Adam scales the step of each element by the size of its own gradients.
#include <cmath>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

using xgrad::Tensor;
namespace optim = xgrad::optim;

Tensor valley(const Tensor& p) {
  const Tensor curvature = xgrad::tensor({1.0, 50.0}, {.dtype = xgrad::float64});
  return 0.5 * (curvature * square(p)).sum();
}

using MakeOptimizer = std::function<std::unique_ptr<optim::Optimizer>(const Tensor&)>;

struct Walk {
  std::vector<double> losses;  // before each step
  int steps_to(double loss) const {
    for (std::size_t i = 0; i < losses.size(); ++i)
      if (losses[i] < loss) return static_cast<int>(i);
    return -1;
  }
};

Walk walk(const MakeOptimizer& make, int steps) {
  Tensor p = xgrad::tensor({10.0, 1.0}, {.dtype = xgrad::float64, .requires_grad = true});
  const auto optimizer = make(p);
  Walk path;
  for (int step = 0; step < steps; ++step) {
    optimizer->zero_grad();
    const Tensor loss = valley(p);
    path.losses.push_back(loss.item<double>());
    loss.backward();
    optimizer->step();
  }
  return path;
}

struct Walker {
  std::string name;
  MakeOptimizer make;
};

std::vector<Walker> walkers() {
  const auto sgd = [](optim::SGDOptions o) {
    return [o](const Tensor& p) { return std::make_unique<optim::SGD>(std::vector<Tensor>{p}, o); };
  };
  return {{"plain, lr 0.02", sgd({.lr = 0.02})},
          {"momentum 0.9", sgd({.lr = 0.02, .momentum = 0.9})},
          {"nesterov 0.9", sgd({.lr = 0.02, .momentum = 0.9, .nesterov = true})},
          {"plain, lr 0.041", sgd({.lr = 0.041})},  // steps too long for y
          {"Adam, lr 0.5", [](const Tensor& p) {
             return std::make_unique<optim::Adam>(std::vector<Tensor>{p},
                                                  optim::AdamOptions{.lr = 0.5});
           }}};
}

int main() {
  fmt::print("{:<18} {:>10} {:>10} {:>10} {:>10}   {}\n", "loss after", "10", "30", "100", "300",
             "steps to 1e-6");
  for (const Walker& w : walkers()) {
    const Walk path = walk(w.make, 1000);
    fmt::print("{:<18}", w.name);
    for (const std::size_t step : {10, 30, 100, 300}) fmt::print(" {:10.2e}", path.losses[step]);
    const int steps = path.steps_to(1e-6);
    fmt::print("   {}\n", steps < 0 ? "never" : std::to_string(steps));
  }
}
