// worked_example: a network small enough to compute by hand, with every number on the way.
//
// Two inputs, two hidden sigmoid units, one sigmoid output, the loss (prediction - target)^2 / 2.
// Each line that is printed names its formula, so that you can compute the number yourself.
#include <string>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

using xgrad::Tensor;
namespace viz = xgrad::viz;

Tensor exact(const xgrad::NestedList& numbers) {
  return xgrad::tensor(numbers, {.dtype = xgrad::float64});
}

struct Network {
  Tensor w1 = exact({{0.1, 0.3}, {0.2, 0.4}}).requires_grad_();  // (input, hidden)
  Tensor b1 = exact({0.1, 0.2}).requires_grad_();
  Tensor w2 = exact({{0.5}, {0.6}}).requires_grad_();  // (hidden, output)
  Tensor b2 = exact({0.1}).requires_grad_();

  // The values of the forward pass.
  struct Values {
    Tensor z1, h, z2, prediction, loss;
  };
  Values forward(const Tensor& x, const Tensor& target) const {
    Values v;
    v.z1 = matmul(x, w1) + b1;
    v.h = sigmoid(v.z1);
    v.z2 = matmul(v.h, w2) + b2;
    v.prediction = sigmoid(v.z2);
    v.loss = 0.5 * square(v.prediction - target).sum();
    return v;
  }
};

void print(const std::string& what, const Tensor& t) {
  fmt::print("  {:<34}", what);
  const Tensor numbers = t.to(xgrad::float64);
  for (const double number : numbers.span<double>()) fmt::print(" {:14.10f}", number);
  fmt::print("\n");
}

void draw(const Pictures& pictures) {
  const xgrad::KeepValues keep;
  const Network net;
  const Tensor input = exact({0.5, 0.8}), target = exact({1.0});
  const Network::Values v = net.forward(input, target);
  pictures.save("worked_example_graph.svg",
                viz::graph(v.loss, {.names = {{"x", input},
                                              {"target", target},
                                              {"W1", net.w1},
                                              {"b1", net.b1},
                                              {"W2", net.w2},
                                              {"b2", net.b2},
                                              {"z1", v.z1},
                                              {"h", v.h},
                                              {"z2", v.z2},
                                              {"prediction", v.prediction},
                                              {"loss", v.loss}},
                                    .backward = true}));
  const auto f = [](const Tensor& x) { return sigmoid(x); };
  const viz::Numbers x = between(-8, 8);
  viz::Figure figure;
  figure.axes().plot(x, values_of(f, x), {.label = "sigmoid(x)"});
  figure.axes().plot(x, slopes_of(f, x), {.label = "its slope, at most 1/4"});
  figure.axes().set_title("The sigmoid and its slope").set_xlabel("x");
  figure.axes().legend(viz::Legend::top_left);
  pictures.save("worked_example_sigmoid.svg", figure);
}

int main(int argc, char** argv) {
  Network net;
  const Tensor x = exact({0.5, 0.8}), target = exact({1.0});

  fmt::print("Forward\n");
  Network::Values v = net.forward(x, target);
  print("z1 = x W1 + b1", v.z1);
  print("h = sigmoid(z1)", v.h);
  print("z2 = h W2 + b2", v.z2);
  print("prediction = sigmoid(z2)", v.prediction);
  print("loss = (prediction - target)^2 / 2", v.loss);

  fmt::print("\nBackward\n");
  for (Tensor* t : {&v.z1, &v.h, &v.z2, &v.prediction}) t->retain_grad();
  v.loss.backward();
  print("dL/dprediction = p - target", v.prediction.grad());
  print("dL/dz2 = dL/dp * p (1 - p)", v.z2.grad());
  print("dL/dW2 = h^T dL/dz2", net.w2.grad());
  print("dL/db2 = dL/dz2", net.b2.grad());
  print("dL/dh = dL/dz2 W2^T", v.h.grad());
  print("dL/dz1 = dL/dh * h (1 - h)", v.z1.grad());
  print("dL/dW1 = x^T dL/dz1, row by row", net.w1.grad());
  print("dL/db1 = dL/dz1", net.b1.grad());

  fmt::print("\nUpdate: each parameter minus 0.5 times its gradient\n");
  xgrad::optim::SGD({net.w1, net.b1, net.w2, net.b2}, {.lr = 0.5}).step();
  const Network::Values after = net.forward(x, target);
  print("prediction", after.prediction);
  print("loss", after.loss);
  fmt::print("\nThe loss fell from {:.6f} to {:.6f}.\n", v.loss.item<double>(),
             after.loss.item<double>());
  return draw_pictures(argc, argv, draw);
}
