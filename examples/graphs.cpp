// graphs: the pictures of docs/graphs.md, made with viz::graph and its kin.
#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

using namespace xgrad;

namespace {

const TensorOptions exact{.dtype = float64};

// A function of three numbers, forward and backward.
viz::GraphPicture chain_rule() {
  const KeepValues guard;
  Tensor a = tensor(2.0, exact), b = tensor(-3.0, exact), c = tensor(10.0, exact);
  for (Tensor* const t : {&a, &b, &c}) t->requires_grad_();
  const Tensor y = tanh((a * b + c) / 4);
  return viz::graph(
      y,
      {.names = {{"a", a}, {"b", b}, {"c", c}, {"y", y}}, .backward = true, .left_to_right = true});
}

// The network of examples/worked_example.cpp.
viz::GraphPicture worked_example() {
  const KeepValues guard;
  const Tensor x = tensor({{0.5, 0.8}}, exact), target = tensor({{1.0}}, exact);
  const Tensor w1 = tensor({{0.1, 0.3}, {0.2, 0.4}}, exact).requires_grad_();
  const Tensor b1 = tensor({0.1, 0.2}, exact).requires_grad_();
  const Tensor w2 = tensor({{0.5}, {0.6}}, exact).requires_grad_();
  const Tensor b2 = tensor({0.1}, exact).requires_grad_();
  const Tensor z1 = matmul(x, w1) + b1, h = sigmoid(z1);
  const Tensor z2 = matmul(h, w2) + b2, prediction = sigmoid(z2);
  const Tensor loss = 0.5 * square(prediction - target).sum();
  return viz::graph(loss, {.names = {{"x", x},
                                     {"target", target},
                                     {"W1", w1},
                                     {"b1", b1},
                                     {"W2", w2},
                                     {"b2", b2},
                                     {"z1", z1},
                                     {"h", h},
                                     {"z2", z2},
                                     {"prediction", prediction},
                                     {"loss", loss}},
                           .backward = true});
}

struct Classifier : nn::Layer<Classifier> {
  nn::Sequential features =
      child("features",
            nn::Sequential(nn::Conv2d(1, 6, 5, {.padding = 2}), nn::ReLU(), nn::MaxPool2d(2),
                           nn::Conv2d(6, 16, 5), nn::ReLU(), nn::MaxPool2d(2), nn::Flatten()));
  nn::Sequential classifier =
      child("classifier", nn::Sequential(nn::Linear(400, 120), nn::ReLU(), nn::Linear(120, 84),
                                         nn::ReLU(), nn::Linear(84, 10)));
  Tensor forward(const Tensor& images) { return classifier(features(images)); }
};

viz::GraphPicture lenet() {
  Classifier model;
  return viz::module_graph(model, zeros({1, 1, 28, 28}), {.title = "LeNet-5"});
}

viz::GraphPicture transformer() {
  nn::TransformerEncoderLayer layer(64, 4, {.batch_first = true});
  nn::TransformerEncoder model(layer, 6);
  return viz::module_graph(model, zeros({8, 20, 64}));
}

// A loop of 100,000 steps.
viz::GraphPicture long_loop() {
  const Tensor w = tensor(0.999, {.requires_grad = true});
  Tensor x = tensor(1.0);
  for (int i = 0; i < 100'000; ++i) {
    x = x * w;
    x = sin(x);
  }
  return viz::graph(x, {.names = {{"w", w}}, .fold = 0, .left_to_right = true});
}

viz::GraphPicture network(viz::ColorBy color) {
  manual_seed(5);
  nn::Sequential model(nn::Linear(2, 3), nn::Tanh(), nn::Linear(3, 1), nn::Sigmoid());
  const Tensor x = tensor({{0, 0}, {0, 1}, {1, 0}, {1, 1}}).to(float32);
  const Tensor y = tensor({{0}, {1}, {1}, {0}}).to(float32);
  mse_loss(model(x), y).backward();
  return viz::network_diagram(model, {.color = color});
}

void draw(const Pictures& pictures) {
  manual_seed(1);
  pictures.save("graph_chain_rule.svg", chain_rule());
  pictures.save("graph_worked_example.svg", worked_example());
  pictures.save("graph_lenet.svg", lenet());
  pictures.save("graph_transformer.svg", transformer());
  pictures.save("graph_long_loop.svg", long_loop());
  pictures.save("graph_network_weights.svg", network(viz::ColorBy::weight));
  pictures.save("graph_network_gradients.svg", network(viz::ColorBy::gradient));
}

}  // namespace

int main(int argc, char** argv) {
  fmt::print("tanh((a b + c) / 4), forward and backward, as a flowchart of Mermaid:\n\n{}\n",
             chain_rule().mermaid());
  return draw_pictures(argc, argv, draw);
}
