// exploding_gradients: gradients that grow from layer to layer, and clipping as the remedy.
//
// In a deep network whose weights are a little too large, each layer multiplies the gradient by
// more than one. A step with such a gradient moves the weights so far that the next loss is larger,
// and its gradient larger still. Soon everything is infinite or NaN. Clipping bounds the norm of
// the whole gradient: the direction of the step stays the same, but the step gets shorter.
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

using xgrad::Tensor;
namespace nn = xgrad::nn;
namespace viz = xgrad::viz;

struct Deep : nn::Layer<Deep> {
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

// Trains the network to reproduce its input. Returns the loss and the norm of all gradients before
// each step.
std::vector<Moment> train(std::optional<double> clip_norm, int steps) {
  Deep net;
  const Tensor x = inputs();
  xgrad::optim::SGD optimizer(net.parameters(), {.lr = 0.05});
  std::vector<Moment> path;
  for (int step = 0; step < steps; ++step) {
    optimizer.zero_grad();
    const Tensor loss = mse_loss(net(x), x);
    loss.backward();
    const double bound = clip_norm.value_or(xgrad::optim::infinity_norm);
    const Tensor norm = xgrad::optim::clip_grad_norm_(net.parameters(), bound);
    path.push_back({loss.item<double>(), norm.item<double>()});
    optimizer.step();
  }
  return path;
}

void draw(const Pictures& pictures) {
  viz::Figure figure(1, 2);
  for (const auto& [name, path] : {std::pair("without clipping", train({}, 300)),
                                   std::pair("clipped to norm 1", train(1.0, 300))}) {
    std::vector<double> losses, norms;
    for (const Moment& m : path) {
      losses.push_back(m.loss);
      norms.push_back(m.gradient_norm);
    }
    figure.axes(0, 0).plot(losses,
                           {.label = name, .marker = viz::Marker::circle, .marker_size = 0.6});
    figure.axes(0, 1).plot(norms,
                           {.label = name, .marker = viz::Marker::circle, .marker_size = 0.6});
  }
  for (int i : {0, 1})
    figure.axes(0, i).set_yscale(viz::Scale::log).set_xlabel("step").set_xlim(-1, 60);
  figure.axes(0, 0)
      .set_title("Loss (infinite after two steps without clipping)")
      .set_ylabel("loss");
  figure.axes(0, 1).set_title("Norm of the gradient").set_ylabel("norm");
  pictures.save("exploding_gradients.svg", figure);
}

int main(int argc, char** argv) {
  constexpr int steps = 300;
  const std::vector<Moment> free = train({}, steps), clipped = train(1.0, steps);
  fmt::print("{:>4}   {:^25}   {:^25}\n{:>4}   {:>12} {:>12}   {:>12} {:>12}\n", "",
             "without clipping", "clipped to norm 1", "step", "loss", "norm", "loss", "norm");
  for (const std::size_t i : {0, 1, 2, 3, 4, 5, 10, 50, 100, 200, 299}) {
    fmt::print("{:4}", i);
    for (const auto* path : {&free, &clipped}) {  // abs prints nan instead of -nan
      const Moment& m = (*path)[i];
      fmt::print("   {:>12.4g} {:>12.4g}", std::abs(m.loss), std::abs(m.gradient_norm));
    }
    fmt::print("\n");
  }
  Deep net;
  const Tensor x = inputs();
  mse_loss(net(x), x).backward();
  fmt::print("\nThe gradients before the first step:\n\n{}",
             xgrad::gradient_report(net, {.exploding = 10}));
  return draw_pictures(argc, argv, draw);
}
