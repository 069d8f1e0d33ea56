// dead_relu: units that never speak again, and how they come back.
//
// A ReLU below 0 has the slope 0. A unit that is below 0 for every input gets no gradient at all,
// so nothing ever moves it: it is dead. A step that is too long, or a start far in the negative,
// kills. A leaky ReLU keeps a small slope below 0, by which such units find back.
#include <functional>
#include <string>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

using xgrad::Tensor;
namespace nn = xgrad::nn;

struct Net : nn::Module {
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
const Tensor targets = inputs.sum(1, true);  // to be learned: the sum of both

// How many hidden units no gradient reaches, whatever the input.
int dead_units(Net& net) {
  net.zero_grad();
  mse_loss(net.forward(inputs), targets).backward();
  const Tensor size = abs(net.hidden.weight.grad()).sum(1);
  int dead = 0;
  for (const float unit : size.span<float>()) dead += unit == 0;
  return dead;
}

double train(Net& net, int steps) {
  xgrad::optim::SGD optimizer(net.parameters(), {.lr = 0.1});
  double last = 0;
  for (int step = 0; step < steps; ++step) {
    optimizer.zero_grad();
    const Tensor loss = mse_loss(net.forward(inputs), targets);
    last = loss.item<double>();
    loss.backward();
    optimizer.step();
  }
  return last;
}

int main() {
  const auto tell = [](const std::string& name, Net net) {
    const int before = dead_units(net);
    fmt::print("{}\n\n{}\n", name, xgrad::gradient_report(net));
    const double first = train(net, 1), last = train(net, 2000);
    fmt::print("dead units: {} of 8, after 2000 steps {}; loss {:.4f}, then {:.6f}\n\n", before,
               dead_units(net), first, last);
  };
  tell("relu", Net([](const Tensor& x) { return relu(x); }));
  tell("leaky_relu with slope 0.1 below 0",
       Net([](const Tensor& x) { return leaky_relu(x, 0.1); }));
}
