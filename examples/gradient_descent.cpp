// gradient_descent: a learning rate that is too small, one that is right, one that is too large.
//
// The loss (w - 3)^2 has its minimum at 3. Its gradient is 2 (w - 3), so a step with the learning
// rate lr multiplies the distance to the minimum by 1 - 2 lr. That is 0.98 for lr = 0.01, 0.4 for
// 0.3, and -2 for 1.5, which lands on the other side of the minimum, twice as far away.
#include <cmath>
#include <vector>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

using xgrad::Tensor;

struct Moment {
  double w, loss;
};

// w and the loss before each step and after the last one.
std::vector<Moment> descend(double lr, double start, int steps) {
  Tensor w = xgrad::tensor(start, {.dtype = xgrad::float64, .requires_grad = true});
  xgrad::optim::SGD optimizer({w}, {.lr = lr});
  std::vector<Moment> path;
  for (int step = 0; step <= steps; ++step) {
    optimizer.zero_grad();
    const Tensor loss = square(w - 3);
    loss.backward();
    path.push_back({w.item<double>(), loss.item<double>()});
    if (step < steps) optimizer.step();
  }
  return path;
}

int main() {
  const double rates[] = {0.01, 0.3, 1.5};
  fmt::print("{:>4}", "step");
  for (const double lr : rates) fmt::print("   {:>12}", fmt::format("lr = {}", lr));
  fmt::print("\n");
  std::vector<std::vector<Moment>> paths;
  for (const double lr : rates) paths.push_back(descend(lr, 0.5, 20));
  for (std::size_t step = 0; step <= 20; ++step) {
    fmt::print("{:4}", step);
    for (const auto& path : paths) fmt::print("   {:12.6g}", path[step].w);
    fmt::print("\n");
  }
  fmt::print("\nAfter 20 steps, lr = 0.3 has converged and lr = 0.01 is still far away.\n");
  fmt::print("lr = 1.5 doubles the distance to 3 at each step: w = {:.0f}.\n", paths[2].back().w);
  fmt::print("On this loss, gradient descent converges for 0 < lr < 1.\n");
}
