// finetune: a network that PyTorch trained on the digits 0 to 5 learns the digits 6 to 9 from few
// images. Its last layer is replaced, and the rest is frozen.
#include <fmt/format.h>

#include <xgrad/nn/format.hpp>
#include <xgrad/xgrad.hpp>

#include "arguments.hpp"

using namespace xgrad;

// The network of from_pytorch.py, with another number of classes.
struct Net : nn::Layer<Net> {
  explicit Net(std::int64_t classes) : head(child("head", nn::Linear(256, classes))) {}

  Tensor forward(const Tensor& x) { return head(features(x.view(-1, 1, 28, 28))); }

  nn::Sequential features =
      child("features", nn::Sequential(nn::Conv2d(1, 8, 5), nn::BatchNorm2d(8), nn::ReLU(),
                                       nn::MaxPool2d(2), nn::Conv2d(8, 16, 5), nn::BatchNorm2d(16),
                                       nn::ReLU(), nn::MaxPool2d(2), nn::Flatten()));
  nn::Linear head;
};

// The first images of the digits 6 to 9, which become the classes 0 to 3.
data::Batch digits(const std::string& folder, data::Mnist::Part part, std::int64_t count) {
  const auto [images, labels] = data::Mnist(folder, part).all();
  const Tensor chosen = (labels >= 6).nonzero().flatten().index({Slice(0, count)});
  return {images.index({chosen}), labels.index({chosen}) - 6};
}

void train(Net& model, const data::Batch& samples, int epochs) {
  data::DataLoader loader(data::TensorDataset(samples),
                          {.batch_size = 20, .shuffle = true, .seed = 1});
  optim::AdamW optimizer(model.parameters(), {.lr = 3e-3});
  optim::CosineAnnealingLR scheduler(optimizer, epochs);
  for (int epoch = 0; epoch < epochs; ++epoch) {
    for (auto [images, labels] : loader) {
      optimizer.zero_grad();
      cross_entropy(model(images), labels).backward();
      optimizer.step();
    }
    scheduler.step();
  }
}

double percent_right(Net& model, const data::Batch& test) {
  const NoGrad guard;
  model.eval();
  const Tensor right = model(test.inputs).argmax(1) == test.targets;
  return 100 * right.to(float64).mean().item<double>();
}

int main(int argc, char** argv) {
  Arguments arguments(argc, argv, "Fine-tunes a network that PyTorch has trained.");
  const std::string folder = arguments.text("--data", "data/mnist_subset", "IDX files");
  const std::string weights = arguments.text("--weights", "examples/models/pretrained/digits.pth",
                                             "file of torch.save, or none");
  const int count = arguments.integer("--images", 40, "training images");
  const int epochs = arguments.integer("--epochs", 40, "passes through them");
  const std::string out =
      arguments.text("--save", "", "save the weights to this .safetensors file");
  const double at_least = arguments.number("--at-least", 0, "fail below this accuracy, in percent");
  arguments.check();

  manual_seed(1);
  const data::Batch samples = digits(folder, data::Mnist::Part::train, count);
  const data::Batch test = digits(folder, data::Mnist::Part::test, 1000);
  Net model(4);
  if (weights != "none") {
    // The last layer has another size, so it keeps its random weights.
    fmt::print("{}", model.load_state_dict(io::load_torch(weights), {.strict = false}));
    model.requires_grad_(false, "features.*");
    model.features.eval();  // batch norm keeps its statistics, too
  }
  train(model, samples, epochs);
  const double percent = percent_right(model, test);
  fmt::print("{} training images: test accuracy {:.2f} %\n", samples.inputs.size(0), percent);
  if (!out.empty()) io::save_safetensors(out, model.state_dict(), {{"format", "pt"}});
  return percent < at_least;
}
