// gradient_descent: walk downhill, and what the length of the steps does.
//
// The loss (w - 3)^2 is a valley with its floor at 3. Its gradient is 2 (w - 3), so a step of
// learning rate lr multiplies the distance to the floor by 1 - 2 lr: 0.98 for lr = 0.01, 0.4 for
// 0.3, and -2 for 1.5, which lands on the other side, twice as far away.
#include <cmath>
#include <vector>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

using xgrad::Tensor;

struct Moment {
  double w, loss;
};

// Where the walk has been, before each step and after the last.
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
  fmt::print(
      "\n0.01 creeps, 0.3 is there in 20 steps, 1.5 doubles its distance each time: w = {:.0f}.\n",
      paths[2].back().w);
  fmt::print("A walk in this valley converges for 0 < lr < 1.\n");
}
