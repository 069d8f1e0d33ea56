// lenet: LeNet-5 learns handwritten digits (LeCun et al., 1998), with ReLU and max pooling.
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "arguments.hpp"

using namespace xgrad;

struct LeNet : nn::Layer<LeNet> {
  nn::Sequential features =
      child("features",
            nn::Sequential(nn::Conv2d(1, 6, 5, {.padding = 2}), nn::ReLU(), nn::MaxPool2d(2),
                           nn::Conv2d(6, 16, 5), nn::ReLU(), nn::MaxPool2d(2), nn::Flatten()));
  nn::Sequential classifier =
      child("classifier", nn::Sequential(nn::Linear(400, 120), nn::ReLU(), nn::Linear(120, 84),
                                         nn::ReLU(), nn::Linear(84, 10)));
  Tensor forward(const Tensor& images) {
    return classifier(features(images.reshape({-1, 1, 28, 28})));
  }
};

double percent_right(LeNet& model, const data::Batch& test) {
  const NoGrad guard;
  model.eval();
  const Tensor right = model(test.inputs).argmax(1) == test.targets;
  model.train();
  return 100 * right.to(float64).mean().item<double>();
}

int main(int argc, char** argv) {
  Arguments arguments(argc, argv, "Trains LeNet-5 on MNIST.");
  const std::string folder = arguments.text("--data", "data/mnist", "folder of the IDX files");
  const int epochs = arguments.integer("--epochs", 10, "passes through the training data");
  const double at_least = arguments.number("--at-least", 0, "fail below this accuracy, in percent");
  arguments.check();

  manual_seed(1);
  data::DataLoader loader(data::Mnist(folder), {.batch_size = 64, .shuffle = true, .seed = 1});
  const data::Batch test = data::Mnist(folder, data::Mnist::Part::test).all();
  LeNet model;
  optim::AdamW optimizer(model.parameters(), {.lr = 2e-3, .weight_decay = 0.01});
  optim::PolynomialLR schedule(optimizer, epochs * loader.size());  // falls linearly to 0
  double accuracy = 0;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    for (auto [images, labels] : loader) {
      optimizer.zero_grad();
      cross_entropy(model(images), labels).backward();
      optimizer.step();
      schedule.step();
    }
    accuracy = percent_right(model, test);
    fmt::print("epoch {:2}: test accuracy {:.2f} %\n", epoch, accuracy);
  }
  return accuracy < at_least;
}
