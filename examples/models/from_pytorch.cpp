// from_pytorch: trains the network of from_pytorch.py, and compares scores and losses with those of
// PyTorch from the same weights. docs/from_pytorch.md shows the two side by side.
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "arguments.hpp"

using namespace xgrad;

struct Net : nn::Layer<Net> {
  explicit Net(std::int64_t classes) : head(child("head", nn::Linear(256, classes))) {}

  Tensor forward(const Tensor& x) { return head(features(x.view(-1, 1, 28, 28))); }

  nn::Sequential features =
      child("features", nn::Sequential(nn::Conv2d(1, 8, 5), nn::BatchNorm2d(8), nn::ReLU(),
                                       nn::MaxPool2d(2), nn::Conv2d(8, 16, 5), nn::BatchNorm2d(16),
                                       nn::ReLU(), nn::MaxPool2d(2), nn::Flatten()));
  nn::Linear head;
};

data::Batch digits(const std::string& folder, data::Mnist::Part part) {
  const auto [images, labels] = data::Mnist(folder, part).all();
  const Tensor few = labels < 6;
  return {images.index({few}), labels.index({few})};
}

std::vector<double> train(Net& model, data::DataLoader<>& loader, int epochs) {
  std::vector<double> losses;
  optim::AdamW optimizer(model.parameters(), {.lr = 2e-3, .weight_decay = 0.01});
  optim::PolynomialLR scheduler(optimizer, epochs * loader.size());
  model.train();
  for (int epoch = 0; epoch < epochs; ++epoch)
    for (auto [x, y] : loader) {
      optimizer.zero_grad();
      const Tensor loss = cross_entropy(model(x), y);
      loss.backward();
      optimizer.step();
      scheduler.step();
      losses.push_back(loss.item<double>());
    }
  return losses;
}

double accuracy(Net& model, const data::Batch& test) {
  model.eval();
  const NoGrad guard;
  const Tensor right = model(test.inputs).argmax(1) == test.targets;
  return 100 * right.to(float64).mean().item<double>();
}

double difference(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

// From PyTorch's weights: PyTorch's scores of the test digits, and its losses of two epochs.
bool same_numbers(const std::string& folder, const data::Batch& test) {
  const StateDict theirs = io::load_npz(folder + "/numbers.npz");
  Net model(6);
  model.load_state_dict(io::load_torch(folder + "/digits.pth"));
  model.eval();
  const Tensor scores = model(test.inputs).detach();

  model.load_state_dict(io::load_torch(folder + "/before.pth"));
  data::DataLoader loader(data::TensorDataset(test), {.batch_size = 64});
  const Tensor losses = tensor(train(model, loader, 2));
  const double of_scores = difference(scores, theirs.get<Tensor>("scores"));
  const double of_losses = difference(losses, theirs.get<Tensor>("losses"));
  fmt::print("largest difference from PyTorch: scores {:.1e}, losses {:.1e}\n", of_scores,
             of_losses);
  return of_scores < 1e-4 && of_losses < 1e-4;
}

int main(int argc, char** argv) {
  Arguments arguments(argc, argv, "Trains as from_pytorch.py does, and compares numbers with it.");
  const std::string folder = arguments.text("--data", "data/mnist_subset", "IDX files");
  const std::string theirs = arguments.text("--pretrained", "examples/models/pretrained",
                                            "folder of digits.pth and numbers.npz");
  const std::string out =
      arguments.text("--save", "", "save the weights to this .safetensors file");
  const double at_least = arguments.number("--at-least", 0, "fail below this accuracy, in percent");
  arguments.check();

  manual_seed(1);
  data::DataLoader loader(data::TensorDataset(digits(folder, data::Mnist::Part::train)),
                          {.batch_size = 64, .shuffle = true, .seed = 1});
  const data::Batch test = digits(folder, data::Mnist::Part::test);
  Net model(6);
  train(model, loader, 8);
  const double percent = accuracy(model, test);
  fmt::print("test accuracy {:.2f} %\n", percent);
  if (!out.empty()) io::save_safetensors(out, model.state_dict(), {{"format", "pt"}});
  return !same_numbers(theirs, test) || percent < at_least;
}
