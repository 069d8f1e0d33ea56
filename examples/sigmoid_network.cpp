// sigmoid_network: the network of `worked_example` taught four points, for 100 epochs.
//
// All four go through at once: the batch is the first axis, and the gradients of the weights are
// summed over it by the same products that a single point needs.
#include <vector>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

using xgrad::Tensor;
namespace nn = xgrad::nn;

struct SigmoidNet : nn::Module {
  nn::Linear hidden = child("hidden", nn::Linear(2, 2, {.dtype = xgrad::float64}));
  nn::Linear output = child("output", nn::Linear(2, 1, {.dtype = xgrad::float64}));
  Tensor forward(const Tensor& x) { return sigmoid(output(sigmoid(hidden(x)))); }
};

// Weights as the textbook has them, (in, out), and biases 0; a Linear's weight is (out, in).
void start_from(SigmoidNet& net, const Tensor& w1, const Tensor& w2) {
  net.hidden.weight.assign(w1.t());
  net.output.weight.assign(w2.t());
  nn::init::zeros_(net.hidden.bias);
  nn::init::zeros_(net.output.bias);
}

// The losses before each step.
std::vector<double> train(SigmoidNet& net, const Tensor& x, const Tensor& y, double lr,
                          int epochs) {
  xgrad::optim::SGD optimizer(net.parameters(), {.lr = lr});
  std::vector<double> losses;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    optimizer.zero_grad();
    const Tensor loss = mse_loss(net.forward(x), y);
    losses.push_back(loss.item<double>());
    loss.backward();
    optimizer.step();
  }
  return losses;
}

int main() {
  const xgrad::TensorOptions exact{.dtype = xgrad::float64};
  const Tensor x = xgrad::tensor({{0.5, 0.8}, {0.2, 0.9}, {0.8, 0.1}, {0.1, 0.2}}, exact);
  const Tensor y = xgrad::tensor({{1.}, {1.}, {0.}, {0.}}, exact);

  SigmoidNet net;  // halved normal numbers, as numpy.random.seed(42) gives them
  start_from(net,
             xgrad::tensor({{0.24835707650561634, -0.06913215058559233},
                            {0.32384426905034625, 0.7615149282040127}},
                           exact),
             xgrad::tensor({{-0.11707668736166799}, {-0.11706847847459027}}, exact));
  const Tensor before = net.forward(x).detach();
  const std::vector<double> losses = train(net, x, y, 1.0, 100);
  fmt::print("{:>5} {:>12}\n", "epoch", "loss");
  for (std::size_t epoch = 0; epoch < losses.size(); epoch += 10)
    fmt::print("{:5} {:12.8f}\n", epoch, losses[epoch]);

  const xgrad::NoGrad only_looking;
  const Tensor after = net.forward(x);
  fmt::print("\n{:>10} {:>7} {:>10} {:>10}\n", "point", "target", "before", "after");
  for (int i = 0; i < 4; ++i)
    fmt::print("({:.1f}, {:.1f}) {:7} {:10.6f} {:10.6f}\n", x.data<double>()[2 * i],
               x.data<double>()[2 * i + 1], y.data<double>()[i], before.data<double>()[i],
               after.data<double>()[i]);
  fmt::print("\nThe two classes have drawn apart; 100 epochs are a beginning.\n");
}
