// initialisation: the weights before the first step decide whether a deep network learns.
//
// Six hidden layers of 64 units with ReLU. With weights of zero, all units of a layer are the same
// and stay the same. With small weights, each layer makes the signal smaller, and the last one sees
// almost nothing. Xavier's scale keeps the size of the signal in layers without a nonlinearity; a
// ReLU takes half of it away, which He's scale makes up for.
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <fmt/core.h>

#include <xgrad/xgrad.hpp>

#include "pictures.hpp"

using xgrad::Tensor;
namespace nn = xgrad::nn;
namespace viz = xgrad::viz;

constexpr int layers = 6, width = 64;

struct Deep : nn::Layer<Deep> {
  std::vector<nn::Linear> hidden;
  nn::Linear output = child("output", nn::Linear(width, 2));
  Deep() {
    for (int i = 0; i < layers; ++i)
      hidden.push_back(child("hidden" + std::to_string(i), nn::Linear(i == 0 ? 2 : width, width)));
  }
  // What each hidden layer gives.
  std::vector<Tensor> activations(const Tensor& x) {
    std::vector<Tensor> all;
    for (nn::Linear& layer : hidden) all.push_back(relu(layer(all.empty() ? x : all.back())));
    return all;
  }
  Tensor forward(const Tensor& x) { return output(activations(x).back()); }
};

struct Start {
  std::string name;
  std::function<void(const Tensor& weight)> fill;
};

std::vector<Start> starts() {
  return {{"zero", [](const Tensor& w) { nn::init::zeros_(w); }},
          {"small", [](const Tensor& w) { nn::init::normal_(w, 0, 0.01); }},
          {"Xavier", [](const Tensor& w) { nn::init::xavier_normal_(w); }},
          {"He", [](const Tensor& w) {
             nn::init::kaiming_normal_(w, 0, nn::init::FanMode::fan_in, "relu");
           }}};
}

Deep started(const Start& start) {
  xgrad::manual_seed(7);
  Deep net;
  for (const Tensor& p : net.parameters()) {
    if (p.dim() == 1)
      nn::init::zeros_(p);
    else
      start.fill(p);
  }
  return net;
}

const xgrad::data::Batch moons =
    xgrad::data::make_moons(200, {.noise = 0.1, .random_state = 8, .dtype = xgrad::float32});

// The root of the mean square of what each hidden layer gives.
std::vector<double> sizes(Deep& net) {
  const xgrad::NoGrad only_looking;
  std::vector<double> all;
  for (const Tensor& a : net.activations(moons.inputs))
    all.push_back(std::sqrt(square(a).mean().item<double>()));
  return all;
}

// Returns the loss before each step.
std::vector<double> train(Deep& net, int steps) {
  xgrad::optim::SGD optimizer(net.parameters(), {.lr = 0.1});
  std::vector<double> losses;
  for (int step = 0; step < steps; ++step) {
    optimizer.zero_grad();
    const Tensor loss = cross_entropy(net(moons.inputs), moons.targets);
    losses.push_back(loss.item<double>());
    loss.backward();
    optimizer.step();
  }
  return losses;
}

// Histograms of what some layers give, with the same bins for all of them.
void draw_activations(viz::Axes& axes, const std::vector<Tensor>& given) {
  constexpr std::size_t shown[] = {0, 2, 5};
  double largest = 0;
  for (const std::size_t layer : shown)
    largest = std::max(largest, given[layer].max().item<double>());
  for (const std::size_t layer : shown)
    axes.hist(given[layer], {.label = fmt::format("layer {}", layer),
                             .bins = 24,
                             .range = {{0.0, largest > 0 ? largest : 1.0}}});
}

void draw(const Pictures& pictures) {
  viz::Figure activations(2, 2), losses(1, 2);
  int i = 0;
  for (const Start& start : starts()) {
    Deep net = started(start);
    viz::Axes& axes = activations.axes(i / 2, i % 2);
    ++i;
    draw_activations(axes, net.activations(moons.inputs));
    axes.set_title(start.name + " start").set_xlabel("activation").set_ylabel("count");
    axes.set_yscale(viz::Scale::log).set_ylim(0.7, 1e5);
    const std::string all_zero = start.name == "zero" ? ": all 0" : "";
    losses.axes(0, 0).plot(sizes(net),
                           {.label = start.name + all_zero, .marker = viz::Marker::circle});
    losses.axes(0, 1).plot(train(net, 600), {.label = start.name});
  }
  losses.axes(0, 0).set_title("Size of the activations").set_yscale(viz::Scale::log);
  losses.axes(0, 0).set_xlabel("hidden layer").set_ylabel("root mean square");
  losses.axes(0, 0).legend(viz::Legend::bottom_left);
  losses.axes(0, 1).set_title("Loss").set_xlabel("step").set_ylabel("cross entropy (nats)");
  losses.axes(0, 1).legend(viz::Legend::none);
  pictures.save("initialisation_activations.svg", activations);
  pictures.save("initialisation_losses.svg", losses);
}

int main(int argc, char** argv) {
  fmt::print("The size of the activations of each hidden layer, and the loss\n\n{:<8}", "start");
  for (int layer = 0; layer < layers; ++layer) fmt::print("{:>10}", fmt::format("layer {}", layer));
  fmt::print("{:>14}{:>16}\n", "loss before", "after 600 steps");
  for (const Start& start : starts()) {
    Deep net = started(start);
    fmt::print("{:<8}", start.name);
    for (const double size : sizes(net)) fmt::print("{:10.2e}", size);
    const std::vector<double> losses = train(net, 601);
    fmt::print("{:14.4f}{:16.4f}\n", losses.front(), losses.back());
  }
  fmt::print("\nA guess has the loss ln 2 = {:.4f}.\n", std::log(2));
  return draw_pictures(argc, argv, draw);
}
