// sigmoid_network: a network like that of worked_example learns four points, for 100 epochs.
//
// All four points are one batch, whose first axis counts the points. The matrix products that
// compute the gradients of the weights also sum over that axis.
#include <vector>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

using xgrad::Tensor;
namespace nn = xgrad::nn;
namespace viz = xgrad::viz;

struct SigmoidNet : nn::Layer<SigmoidNet> {
  nn::Linear hidden = child("hidden", nn::Linear(2, 2, {.dtype = xgrad::float64}));
  nn::Linear output = child("output", nn::Linear(2, 1, {.dtype = xgrad::float64}));
  Tensor forward(const Tensor& x) { return sigmoid(output(sigmoid(hidden(x)))); }
};

// Takes weights of shape (in, out), which nn::Linear stores as (out, in), and sets biases to 0.
void start_from(SigmoidNet& net, const Tensor& w1, const Tensor& w2) {
  net.hidden.weight.assign(w1.t());
  net.output.weight.assign(w2.t());
  nn::init::zeros_(net.hidden.bias);
  nn::init::zeros_(net.output.bias);
}

// Returns the loss before each step.
std::vector<double> train(SigmoidNet& net, const Tensor& x, const Tensor& y, double lr,
                          int epochs) {
  xgrad::optim::SGD optimizer(net.parameters(), {.lr = lr});
  std::vector<double> losses;
  for (int epoch = 0; epoch < epochs; ++epoch) {
    optimizer.zero_grad();
    const Tensor loss = mse_loss(net(x), y);
    losses.push_back(loss.item<double>());
    loss.backward();
    optimizer.step();
  }
  return losses;
}

const xgrad::TensorOptions exact{.dtype = xgrad::float64};
const Tensor x = xgrad::tensor({{0.5, 0.8}, {0.2, 0.9}, {0.8, 0.1}, {0.1, 0.2}}, exact);
const Tensor y = xgrad::tensor({{1.}, {1.}, {0.}, {0.}}, exact);

SigmoidNet started() {
  SigmoidNet net;  // normal numbers from numpy.random.seed(42), halved
  start_from(net,
             xgrad::tensor({{0.24835707650561634, -0.06913215058559233},
                            {0.32384426905034625, 0.7615149282040127}},
                           exact),
             xgrad::tensor({{-0.11707668736166799}, {-0.11706847847459027}}, exact));
  return net;
}

void draw_graph(const Pictures& pictures) {
  const xgrad::KeepValues keep;
  const SigmoidNet net = started();
  const Tensor z1 = net.hidden(x), a1 = sigmoid(z1);
  const Tensor z2 = net.output(a1), prediction = sigmoid(z2);
  const Tensor loss = mse_loss(prediction, y);
  pictures.save("sigmoid_network_graph.svg", viz::graph(loss, {.model = &net,
                                                               .names = {{"X", x},
                                                                         {"target", y},
                                                                         {"z1", z1},
                                                                         {"a1", a1},
                                                                         {"z2", z2},
                                                                         {"prediction", prediction},
                                                                         {"loss", loss}},
                                                               .gradients = false}));
}

void draw(const Pictures& pictures) {
  draw_graph(pictures);
  SigmoidNet net = started();
  pictures.save("sigmoid_network_loss.svg",
                viz::loss_curve({{"four points, lr 1", train(net, x, y, 1.0, 100)}},
                                {.title = "A hundred epochs", .xlabel = "epoch"}));
}

int main(int argc, char** argv) {
  SigmoidNet net = started();
  const Tensor before = net(x).detach();
  const std::vector<double> losses = train(net, x, y, 1.0, 100);
  fmt::print("{:>5} {:>12}\n", "epoch", "loss");
  for (std::size_t epoch = 0; epoch < losses.size(); epoch += 10)
    fmt::print("{:5} {:12.8f}\n", epoch, losses[epoch]);

  const Tensor after = net(x).detach();
  fmt::print("\n{:>10} {:>7} {:>10} {:>10}\n", "point", "target", "before", "after");
  for (int i = 0; i < 4; ++i)
    fmt::print("({:.1f}, {:.1f}) {:7} {:10.6f} {:10.6f}\n", x.data<double>()[2 * i],
               x.data<double>()[2 * i + 1], y.data<double>()[i], before.data<double>()[i],
               after.data<double>()[i]);
  fmt::print("\nThe predictions for the classes have moved apart; the loss is still falling.\n");
  return draw_pictures(argc, argv, draw);
}
