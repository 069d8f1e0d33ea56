// vanishing_gradients: why deep sigmoid networks learn slowly, and four remedies.
//
// The slope of a sigmoid is at most 1/4. Ten of them in a row multiply a gradient by at most
// 0.25^10, about one millionth, not counting the weights between them. For ten layers of 100 units,
// the program prints the mean absolute gradient of each layer's weights.
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

constexpr int layers = 10, width = 100;

// The largest possible slope of n sigmoids in a row.
double sigmoid_bound(int n) { return std::pow(0.25, n); }

struct Deep : nn::Layer<Deep> {
  std::vector<nn::Linear> linear;
  std::vector<nn::BatchNorm1d> norm;
  std::function<Tensor(const Tensor&)> activation;
  bool skips = false, normalizes = false;

  Deep(std::function<Tensor(const Tensor&)> f, bool skip = false, bool normalize = false)
      : activation(std::move(f)), skips(skip), normalizes(normalize) {
    for (int i = 0; i < layers; ++i) {
      linear.push_back(  // batch norm would cancel a bias
          child("layer" + std::to_string(i), nn::Linear(width, width, {.bias = !normalizes})));
      if (normalizes) norm.push_back(child("norm" + std::to_string(i), nn::BatchNorm1d(width)));
    }
  }
  Tensor forward(const Tensor& x) {
    Tensor h = x;
    for (std::size_t i = 0; i < linear.size(); ++i) {
      Tensor z = linear[i](h);
      if (normalizes) z = norm[i](z);
      h = skips ? h + activation(z) : activation(z);
    }
    return h;
  }
};

// The mean absolute gradient of each layer's weights, for one batch.
std::vector<double> gradient_sizes(Deep& net) {
  xgrad::Generator generator(2);
  const Tensor x = xgrad::randn({32, width}, {.generator = &generator});
  const Tensor target = xgrad::rand({32, width}, {.generator = &generator});
  net.zero_grad();
  mse_loss(net(x), target).backward();
  std::vector<double> sizes;
  for (const nn::Linear& layer : net.linear)
    sizes.push_back(abs(layer.weight.grad()).mean().item<double>());
  return sizes;
}

struct Cure {
  std::string name;
  std::function<Deep()> make;
};

std::vector<Cure> cures() {
  const auto with_sigmoid = [](const Tensor& x) { return sigmoid(x); };
  const auto with_relu = [](const Tensor& x) { return relu(x); };
  return {{"sigmoid", [=] { return Deep(with_sigmoid); }},
          {"relu, He init",
           [=] {
             Deep net(with_relu);
             for (nn::Linear& layer : net.linear)
               nn::init::kaiming_normal_(layer.weight, 0, nn::init::FanMode::fan_in, "relu");
             return net;
           }},
          {"Glorot init x 4",  // makes up for the slope of 1/4
           [=] {
             Deep net(with_sigmoid);
             for (nn::Linear& layer : net.linear) nn::init::xavier_normal_(layer.weight, 4);
             return net;
           }},
          {"skip connections", [=] { return Deep(with_sigmoid, true); }},
          {"batch norm", [=] { return Deep(with_sigmoid, false, true); }}};
}

void draw_slopes(const Pictures& pictures) {
  const viz::Numbers x = between(-6, 6, 401);
  viz::Figure figure(1, 2);
  figure.axes(0, 0).plot(x, slopes_of([](const Tensor& v) { return sigmoid(v); }, x),
                         {.label = "sigmoid: at most 1/4"});
  figure.axes(0, 0).plot(x, slopes_of([](const Tensor& v) { return relu(v); }, x),
                         {.label = "relu: 0 or 1"});
  figure.axes(0, 0).set_title("Slopes").set_xlabel("x").set_ylabel("slope");
  figure.axes(0, 0).set_ylim(-0.05, 1.3).legend(viz::Legend::top_left);
  std::vector<double> bounds;
  const std::vector<std::string> counts = {"1", "2", "3", "5", "10"};
  for (const std::string& n : counts) bounds.push_back(sigmoid_bound(std::stoi(n)));
  figure.axes(0, 1).bar(counts, bounds, {.color = viz::color_of_curve(0)});
  figure.axes(0, 1).set_yscale(viz::Scale::log).set_ylim(1e-7, 1);
  figure.axes(0, 1).set_title("The largest slope of n sigmoids: 0.25ⁿ");
  figure.axes(0, 1).set_xlabel("n (layers)").set_ylabel("slope");
  pictures.save("vanishing_gradients_slopes.svg", figure);
}

void draw(const Pictures& pictures) {
  draw_slopes(pictures);
  viz::Figure figure({.width = 680});
  for (const Cure& cure : cures()) {
    xgrad::manual_seed(1);
    Deep net = cure.make();
    figure.axes().plot(gradient_sizes(net), {.label = cure.name, .marker = viz::Marker::circle});
  }
  figure.axes().set_yscale(viz::Scale::log).set_title("Five networks of ten layers");
  figure.axes().set_xlabel("layer").set_ylabel("mean |gradient|").legend(viz::Legend::outside);
  pictures.save("vanishing_gradients_layers.svg", figure);
}

int main(int argc, char** argv) {
  fmt::print("The slope of 5 sigmoids in a row is at most {:.10f}, of 10 at most {:.2e}\n\n",
             sigmoid_bound(5), sigmoid_bound(layers));
  std::vector<std::vector<double>> sizes;
  fmt::print("{:<8}", "layer");
  for (const Cure& cure : cures()) {
    xgrad::manual_seed(1);
    Deep net = cure.make();
    sizes.push_back(gradient_sizes(net));
    fmt::print("{:>20}", cure.name);
  }
  fmt::print("\n");
  for (std::size_t layer = 0; layer < layers; ++layer) {
    fmt::print("{:<8}", layer);
    for (const auto& column : sizes) fmt::print("{:20.2e}", column[layer]);
    fmt::print("\n");
  }
  fmt::print("{:<8}", "0 / 9");
  for (const auto& column : sizes) fmt::print("{:20.2e}", column.front() / column.back());

  xgrad::manual_seed(1);
  Deep net = cures().front().make();
  gradient_sizes(net);
  fmt::print("\n\ngradient_report of the sigmoid network:\n\n{}", xgrad::gradient_report(net));
  return draw_pictures(argc, argv, draw);
}
