// exploding_gradients: the opposite of vanishing, and the bound that tames it.
//
// A deep network whose weights are a little too large multiplies gradients by more than one at each
// layer. One such step throws the weights so far off that the next loss is worse, its gradient
// larger still, and soon there are only infinities. Clipping bounds the length of the whole
// gradient: the direction stays, the throw does not.
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

using xgrad::Tensor;
namespace nn = xgrad::nn;

struct Deep : nn::Module {
  std::vector<nn::Linear> linear;
  Deep() {
    xgrad::manual_seed(3);
    for (int i = 0; i < 8; ++i) {
      linear.push_back(child("layer" + std::to_string(i), nn::Linear(20, 20)));
      nn::init::normal_(linear.back().weight, 0, 0.45);  // about sqrt(2 / 20) would do
    }
  }
  Tensor forward(const Tensor& x) {
    Tensor h = x;
    for (std::size_t i = 0; i < linear.size(); ++i)
      h = i + 1 < linear.size() ? relu(linear[i](h)) : linear[i](h);
    return h;
  }
};

Tensor inputs() {
  xgrad::Generator generator(4);
  return xgrad::randn({64, 20}, {.generator = &generator});
}

struct Moment {
  double loss, gradient_norm;
};

// Learns to give its input back; before each step, the loss and the norm of all gradients.
std::vector<Moment> train(std::optional<double> clip_norm, int steps) {
  Deep net;
  const Tensor x = inputs();
  xgrad::optim::SGD optimizer(net.parameters(), {.lr = 0.05});
  std::vector<Moment> path;
  for (int step = 0; step < steps; ++step) {
    optimizer.zero_grad();
    const Tensor loss = mse_loss(net.forward(x), x);
    loss.backward();
    const double bound = clip_norm.value_or(xgrad::optim::infinity_norm);
    const Tensor norm = xgrad::optim::clip_grad_norm_(net.parameters(), bound);
    path.push_back({loss.item<double>(), norm.item<double>()});
    optimizer.step();
  }
  return path;
}

int main() {
  constexpr int steps = 300;
  const std::vector<Moment> free = train({}, steps), clipped = train(1.0, steps);
  fmt::print("{:>4}   {:^25}   {:^25}\n{:>4}   {:>12} {:>12}   {:>12} {:>12}\n", "",
             "without clipping", "clipped to norm 1", "step", "loss", "norm", "loss", "norm");
  for (const std::size_t i : {0, 1, 2, 3, 4, 5, 10, 50, 100, 200, 299}) {
    fmt::print("{:4}", i);
    for (const auto* path : {&free, &clipped})  // abs takes the sign off NaN
      fmt::print("   {:12.4g} {:12.4g}", std::abs((*path)[i].loss), (*path)[i].gradient_norm);
    fmt::print("\n");
  }
  Deep net;
  const Tensor x = inputs();
  mse_loss(net.forward(x), x).backward();
  fmt::print("\nThe start's report:\n\n{}", xgrad::gradient_report(net, {.exploding = 10}));
}
