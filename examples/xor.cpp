// xor: the smallest problem that needs a hidden layer. The scale of the initial weights and the
// learning rate decide whether training solves it.
//
// Two inputs, four hidden units, one output, sigmoid after both layers, mean squared error, plain
// gradient descent on all four cases at once.
#include <cmath>
#include <vector>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

using xgrad::Tensor;
namespace nn = xgrad::nn;
namespace viz = xgrad::viz;

const xgrad::TensorOptions exact{.dtype = xgrad::float64};
const Tensor inputs = xgrad::tensor({{0., 0.}, {0., 1.}, {1., 0.}, {1., 1.}}, exact);
const Tensor targets = xgrad::tensor({{0.}, {1.}, {1.}, {0.}}, exact);

struct XorNet : nn::Layer<XorNet> {
  nn::Linear hidden = child("hidden", nn::Linear(2, 4, {.dtype = xgrad::float64}));
  nn::Linear output = child("output", nn::Linear(4, 1, {.dtype = xgrad::float64}));
  Tensor forward(const Tensor& x) { return sigmoid(output(sigmoid(hidden(x)))); }
};

// Normal numbers from numpy.random.seed(42), times a scale; biases 0.
void start_from(XorNet& net, double scale) {
  const Tensor w1 = xgrad::tensor(
      {{0.4967141530112327, -0.13826430117118466, 0.6476885381006925, 1.5230298564080254},
       {-0.23415337472333597, -0.23413695694918055, 1.5792128155073915, 0.7674347291529088}},
      exact);
  const Tensor w2 = xgrad::tensor(
      {{-0.4694743859349521, 0.5425600435859647, -0.46341769281246226, -0.46572975357025687}},
      exact);
  net.hidden.weight.assign((w1 * scale).t());  // a Linear's weight is (out, in)
  net.output.weight.assign(w2 * scale);
  nn::init::zeros_(net.hidden.bias);
  nn::init::zeros_(net.output.bias);
}

// Returns the loss before each step.
std::vector<double> train(XorNet& net, double lr, int steps) {
  xgrad::optim::SGD optimizer(net.parameters(), {.lr = lr});
  std::vector<double> losses;
  for (int step = 0; step < steps; ++step) {
    optimizer.zero_grad();
    const Tensor loss = mse_loss(net(inputs), targets);
    losses.push_back(loss.item<double>());
    loss.backward();
    optimizer.step();
  }
  return losses;
}

double accuracy(const Tensor& predictions) {
  const xgrad::NoGrad guard;
  return ((predictions > 0.5).to(xgrad::float64) == targets)
      .to(xgrad::float64)
      .mean()
      .item<double>();
}

struct Run {
  double scale, lr;
  int steps;
};

void show(const Run& run) {
  XorNet net;
  start_from(net, run.scale);
  const std::vector<double> losses = train(net, run.lr, run.steps);
  const Tensor predictions = net(inputs).detach();
  fmt::print("weights times {}, lr {}, {} steps\n  loss", run.scale, run.lr, run.steps);
  for (std::size_t i = 0; i < losses.size(); i += losses.size() / 5)
    fmt::print(" {:.6f}", losses[i]);
  fmt::print(" ... {:.6f}\n  predictions", losses.back());
  for (const double p : predictions.span<double>()) fmt::print(" {:.4f}", p);
  fmt::print(", {:.0f} % correct\n", 100 * accuracy(predictions));
}

// The norm of the gradient at the initial weights times a scale.
double gradient_norm(double scale) {
  XorNet net;
  start_from(net, scale);
  mse_loss(net(inputs), targets).backward();
  double squares = 0;
  for (const Tensor& p : net.parameters()) squares += square(p.grad()).sum().item<double>();
  return std::sqrt(squares);
}

// Every tenth loss, which is enough for a picture.
std::vector<double> tenth_of(const std::vector<double>& losses) {
  std::vector<double> some;
  for (std::size_t i = 0; i < losses.size(); i += 10) some.push_back(losses[i]);
  return some;
}

// Trains a network from the start that the run names; returns every tenth loss.
std::vector<double> losses_of(const Run& run) {
  XorNet net;
  start_from(net, run.scale);
  return tenth_of(train(net, run.lr, run.steps));
}

void draw_losses(const Pictures& pictures) {
  pictures.save(
      "xor_loss.svg",
      viz::loss_curve({{"weights times 0.5, lr 0.5", losses_of({0.5, 0.5, 5000})}},
                      {.title = "XOR is learned", .yscale = viz::Scale::log, .each = 10}));
  std::vector<viz::Curve> curves;
  for (const Run& run : {Run{1, 0.1, 10000}, Run{0.1, 0.5, 5000}, Run{0.5, 0.5, 5000}})
    curves.push_back({fmt::format("weights times {}, lr {}", run.scale, run.lr), losses_of(run)});
  viz::Figure starts = viz::loss_curve(curves, {.title = "Three starts", .each = 10});
  starts.axes().axhline(
      0.25,
      {.label = "the saddle, 1/4", .color = "#444444", .width = 1, .dash = viz::Dash::dashed});
  starts.axes().set_ylim(0, 0.38);
  pictures.save("xor_starts.svg", starts);
}

void draw_learning_rates(const Pictures& pictures) {
  viz::Figure figure(2, 2, {.title = "Four learning rates, weights times 0.5"});
  int i = 0;
  for (const double lr : {0.01, 0.1, 0.5, 2.0}) {
    XorNet net;
    start_from(net, 0.5);
    const std::vector<double> losses = train(net, lr, 3000);
    viz::Axes& axes = figure.axes(i / 2, i % 2);
    axes.plot(between(0, 2990, 300), tenth_of(losses),
              {.color = viz::color_of_curve(static_cast<std::size_t>(i))});
    axes.set_title(fmt::format("lr = {}, final loss {:.4f}", lr, losses.back()));
    axes.set_xlabel("step").set_ylabel("loss").set_yscale(viz::Scale::log).set_ylim(3e-4, 0.5);
    ++i;
  }
  pictures.save("xor_learning_rates.svg", figure);
}

// A network of three hidden units, after some training: which connections get a gradient.
void draw_network(const Pictures& pictures) {
  xgrad::manual_seed(3);
  nn::Sequential net(nn::Linear(2, 3, {.dtype = xgrad::float64}), nn::Sigmoid(),
                     nn::Linear(3, 1, {.dtype = xgrad::float64}), nn::Sigmoid());
  xgrad::optim::SGD optimizer(net.parameters(), {.lr = 2});
  for (int step = 0; step < 300; ++step) {
    optimizer.zero_grad();
    mse_loss(net(inputs), targets).backward();
    optimizer.step();
  }
  pictures.save("xor_network.svg",
                viz::network_diagram(net, {.color = viz::ColorBy::gradient,
                                           .title = "The gradients after 300 steps"}));
}

void draw(const Pictures& pictures) {
  draw_network(pictures);
  draw_losses(pictures);
  draw_learning_rates(pictures);
  XorNet net;
  start_from(net, 0.5);
  train(net, 0.5, 5000);
  pictures.save("xor_boundary.png", viz::decision_boundary(net, {inputs, targets.flatten()},
                                                           {.title = "What the network answers",
                                                            .xlim = {{-0.5, 1.5}},
                                                            .ylim = {{-0.5, 1.5}}}));
}

int main(int argc, char** argv) {
  fmt::print("{}\n\nThree scales of the initial weights\n\n", XorNet());
  for (const Run& run : {Run{1, 0.1, 10000}, Run{0.1, 0.5, 5000}, Run{0.5, 0.5, 5000}}) show(run);

  // With small weights all hidden units are alike: each gives about 1/2 for any input, and so does
  // the output. The errors of the four cases then cancel in every gradient. This is a saddle point:
  // flat but not a minimum, and gradient descent takes very long to leave it.
  fmt::print("\nThe norm of the gradient at the initial weights\n");
  for (const double scale : {1.0, 0.5, 0.1, 0.01})
    fmt::print("  weights times {:<5} {:.2e}\n", scale, gradient_norm(scale));

  fmt::print("\nFour learning rates, weights times 0.5, 3000 steps\n\n");
  for (const double lr : {0.01, 0.1, 0.5, 2.0}) show({0.5, lr, 3000});
  return draw_pictures(argc, argv, draw);
}
