// resnet: a residual network (He et al., CVPR 2016) on images of CIFAR's shape. The images are made
// up: each class is a direction and frequency of stripes, in noise.
#include <numbers>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "arguments.hpp"

using namespace xgrad;

struct Block : nn::Layer<Block> {
  Block(std::int64_t in, std::int64_t out, std::int64_t stride) {
    body = child("body",
                 nn::Sequential(
                     nn::Conv2d(in, out, 3, {.stride = stride, .padding = 1, .bias = false}),
                     nn::BatchNorm2d(out), nn::ReLU(),
                     nn::Conv2d(out, out, 3, {.padding = 1, .bias = false}), nn::BatchNorm2d(out)));
    if (stride != 1 || in != out)
      shortcut = child("shortcut",
                       nn::Sequential(nn::Conv2d(in, out, 1, {.stride = stride, .bias = false}),
                                      nn::BatchNorm2d(out)));
  }
  Tensor forward(const Tensor& x) const { return relu(body(x) + shortcut(x)); }

  nn::Sequential body, shortcut;  // without modules: the identity
};

nn::Sequential resnet(std::int64_t classes) {
  return nn::Sequential(nn::Conv2d(3, 16, 3, {.padding = 1, .bias = false}), nn::BatchNorm2d(16),
                        nn::ReLU(), Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2),
                        nn::AdaptiveAvgPool2d(1), nn::Flatten(), nn::Linear(64, classes));
}

// 32 x 32 pixels in three colours: stripes of a random phase and colour, and as much noise.
data::Batch stripes(std::int64_t n) {
  constexpr double pi = std::numbers::pi;
  const Tensor labels = randint(0, 10, {n}), c = labels.to(float32).reshape({n, 1, 1, 1});
  const Tensor direction = fmod(c, 5) * (pi / 5), frequency = where(c < 5, 0.5, 1.1);
  const Tensor at = arange(32, {.dtype = float32}), x = at.reshape({1, 1, 1, 32}),
               y = at.reshape({1, 1, 32, 1});
  const Tensor phase = rand({n, 1, 1, 1}) * (2 * pi), colour = randn({n, 3, 1, 1});
  const Tensor waves = sin(frequency * (x * cos(direction) + y * sin(direction)) + phase);
  return {colour * waves + randn({n, 3, 32, 32}), labels};
}

double percent_right(nn::Sequential& model, const data::Batch& test) {
  const NoGrad guard;
  model.eval();
  const Tensor right = model(test.inputs).argmax(1) == test.targets;
  model.train();
  return 100 * right.to(float64).mean().item<double>();
}

int main(int argc, char** argv) {
  Arguments arguments(argc, argv, "Trains a residual network on synthetic images.");
  const int steps = arguments.integer("--steps", 200, "training steps");
  const double at_least = arguments.number("--at-least", 0, "fail below this accuracy, in percent");
  arguments.check();

  manual_seed(1);
  const data::Batch test = stripes(500);
  nn::Sequential model = resnet(10);
  optim::SGD optimizer(model.parameters(), {.lr = 0.1, .momentum = 0.9, .weight_decay = 1e-4});
  for (int step = 1; step <= steps; ++step) {
    const auto [images, labels] = stripes(32);
    optimizer.zero_grad();
    const Tensor loss = cross_entropy(model(images), labels);
    loss.backward();
    optimizer.step();
    if (step % 20 == 0) fmt::print("step {:4}: loss {:.3f}\n", step, loss.item<double>());
  }
  const double accuracy = percent_right(model, test);
  fmt::print("test accuracy {:.1f} %\n", accuracy);
  return accuracy < at_least;
}
