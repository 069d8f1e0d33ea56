// xor: the smallest problem that a network without a hidden layer cannot solve.
//
// Two inputs, four hidden units, one output, sigmoid after both layers, mean squared error, plain
// gradient descent. Each step: compute the loss, sweep the gradients back, move against them.
#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

using xgrad::Tensor;
namespace nn = xgrad::nn;

struct XorNet : nn::Module {
  nn::Linear hidden = child("hidden", nn::Linear(2, 4, {.dtype = xgrad::float64}));
  nn::Linear output = child("output", nn::Linear(4, 1, {.dtype = xgrad::float64}));
  Tensor forward(const Tensor& x) { return sigmoid(output(sigmoid(hidden(x)))); }
};

// A start from which the network finds the solution: the weights of numpy.random.seed(42), halved.
void set_start(XorNet& net) {
  const xgrad::TensorOptions exact{.dtype = xgrad::float64};
  const Tensor w1 = xgrad::tensor(
      {{0.24835707650561634, -0.06913215058559233, 0.32384426905034625, 0.7615149282040127},
       {-0.11707668736166799, -0.11706847847459027, 0.7896064077536957, 0.3837173645764544}},
      exact);
  const Tensor w2 = xgrad::tensor(
      {{-0.23473719296747605, 0.27128002179298233, -0.23170884640623113, -0.23286487678512843}},
      exact);
  net.hidden.weight.assign(w1.t());  // a Linear's weight is (out, in)
  net.output.weight.assign(w2);
  net.hidden.bias.assign(xgrad::tensor(0.0));
  net.output.bias.assign(xgrad::tensor(0.0));
}

int main() {
  const xgrad::TensorOptions exact{.dtype = xgrad::float64};
  const Tensor inputs = xgrad::tensor({{0., 0.}, {0., 1.}, {1., 0.}, {1., 1.}}, exact);
  const Tensor targets = xgrad::tensor({{0.}, {1.}, {1.}, {0.}}, exact);

  XorNet net;
  set_start(net);
  fmt::print("{}\n\n{:>5} {:>12}\n", net, "step", "loss");

  xgrad::optim::SGD optimizer(net.parameters(), {.lr = 0.5});
  for (int step = 0; step < 5000; ++step) {
    optimizer.zero_grad();
    const Tensor loss = mse_loss(net.forward(inputs), targets);
    loss.backward();
    if (step % 500 == 0) fmt::print("{:5} {:12.8f}\n", step, loss.item<double>());
    optimizer.step();
  }

  const xgrad::NoGrad guard;  // only looking now
  const Tensor predictions = net.forward(inputs);
  fmt::print("\n{:>3} {:>3} {:>8} {:>12}\n", "a", "b", "a xor b", "prediction");
  for (int i = 0; i < 4; ++i)
    fmt::print("{:3} {:3} {:8} {:12.6f}\n", inputs.data<double>()[2 * i],
               inputs.data<double>()[2 * i + 1], targets.data<double>()[i],
               predictions.data<double>()[i]);
}
