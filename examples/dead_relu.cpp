// dead_relu: hidden units that stop learning, and an activation that prevents this.
//
// The slope of ReLU is 0 below 0. A unit that is below 0 for every sample gets no gradient, so
// training never changes it: it is dead. A step that is too long can cause this, or a bias that
// starts far below 0. A leaky ReLU has a small slope below 0, so that such units still learn.
#include <functional>
#include <string>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

using xgrad::Tensor;
namespace nn = xgrad::nn;
namespace viz = xgrad::viz;

struct Net : nn::Layer<Net> {
  nn::Linear hidden = child("hidden", nn::Linear(2, 8));
  nn::Linear output = child("output", nn::Linear(8, 1));
  std::function<Tensor(const Tensor&)> activation;

  explicit Net(std::function<Tensor(const Tensor&)> f) : activation(std::move(f)) {
    xgrad::manual_seed(5);
    nn::init::uniform_(hidden.weight, -0.5, 0.5);
    nn::init::constant_(hidden.bias, -2);  // far below 0 for inputs in [0, 1)
    nn::init::uniform_(output.weight, 0.1, 0.5);
  }
  Tensor forward(const Tensor& x) { return output(activation(hidden(x))); }
};

const Tensor inputs = [] {
  xgrad::Generator generator(6);
  return xgrad::rand({64, 2}, {.generator = &generator});
}();
const Tensor targets = inputs.sum(1, true);  // the network learns the sum of both inputs

Tensor loss(Net& net) { return mse_loss(net(inputs), targets); }

// The number of hidden units whose weights get no gradient.
int dead_units(Net& net) {
  net.zero_grad();
  loss(net).backward();
  const Tensor size = abs(net.hidden.weight.grad()).sum(1);
  int dead = 0;
  for (const float unit : size.span<float>()) dead += unit == 0;
  return dead;
}

void train(Net& net, int steps) {
  xgrad::optim::SGD optimizer(net.parameters(), {.lr = 0.1});
  for (int step = 0; step < steps; ++step) {
    optimizer.zero_grad();
    loss(net).backward();
    optimizer.step();
  }
}

void draw(const Pictures& pictures) {
  viz::Figure figure(1, 2);
  const auto add = [&](const std::string& name, Net net) {
    std::vector<double> steps, live, losses;
    for (int step = 0; step <= 600; step += 10) {
      steps.push_back(step);
      live.push_back(8 - dead_units(net));
      losses.push_back(loss(net).item<double>());
      train(net, 10);
    }
    figure.axes(0, 0).plot(steps, live, {.label = name, .width = 2.4});
    figure.axes(0, 1).plot(steps, losses, {.label = name});
  };
  add("relu", Net([](const Tensor& x) { return relu(x); }));
  add("leaky_relu", Net([](const Tensor& x) { return leaky_relu(x, 0.1); }));
  figure.axes(0, 0).set_title("Hidden units that get a gradient, of 8").set_ylim(-0.5, 10.5);
  figure.axes(0, 0).set_xlabel("step").set_ylabel("live units");
  figure.axes(0, 1).set_title("Loss").set_yscale(viz::Scale::log);
  figure.axes(0, 1).set_xlabel("step").set_ylabel("loss");
  pictures.save("dead_relu.svg", figure);
}

int main(int argc, char** argv) {
  const auto show = [](const std::string& name, Net net) {
    const int dead = dead_units(net);
    fmt::print("{}\n\n{}\n", name, xgrad::gradient_report(net));
    fmt::print("before training: {} of 8 units dead, loss {:.4f}\n", dead,
               loss(net).item<double>());
    train(net, 2000);
    fmt::print("after training:  {} of 8 units dead, loss {:.6f}\n\n", dead_units(net),
               loss(net).item<double>());
  };
  show("relu", Net([](const Tensor& x) { return relu(x); }));
  show("leaky_relu with slope 0.1 below 0",
       Net([](const Tensor& x) { return leaky_relu(x, 0.1); }));
  return draw_pictures(argc, argv, draw);
}
