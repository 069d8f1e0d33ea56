// resume: a training that may be killed at any moment, and goes on when it is started again. It
// ends with the same bits as one that was not killed.
#include <csignal>
#include <filesystem>
#include <functional>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "arguments.hpp"

using namespace xgrad;

struct Mlp : nn::Layer<Mlp> {
  nn::Sequential layers =
      child("layers", nn::Sequential(nn::Linear(784, 100), nn::BatchNorm1d(100), nn::ReLU(),
                                     nn::Dropout(0.3), nn::Linear(100, 10)));
  Tensor forward(const Tensor& images) { return layers(images); }
};

double percent_right(Mlp& model, const data::Batch& test) {
  const NoGrad guard;
  model.eval();
  const Tensor right = model(test.inputs).argmax(1) == test.targets;
  return 100 * right.to(float64).mean().item<double>();
}

// A number that another bit anywhere in the model's state changes.
std::size_t digest(const Mlp& model) {
  std::string bytes;
  for (const auto& [name, value] : model.state_dict()) {
    const Tensor numbers = std::get<Tensor>(value).to(float64);
    const auto raw = std::as_bytes(numbers.span<double>());
    bytes.append(reinterpret_cast<const char*>(raw.data()), raw.size());
  }
  return std::hash<std::string>()(bytes);
}

int main(int argc, char** argv) {
  Arguments arguments(argc, argv, "Trains on MNIST, and goes on where it was killed.");
  const std::string data = arguments.text("--data", "data/mnist_subset", "IDX files");
  const std::string run = arguments.text("--run", "run", "folder of the checkpoints");
  const int epochs = arguments.integer("--epochs", 3, "passes through the training data");
  const int every = arguments.integer("--every", 20, "steps between two checkpoints");
  const int kill_at = arguments.integer("--kill-at", -1, "after this step, end by SIGKILL");
  const double at_least = arguments.number("--at-least", 0, "fail below this accuracy, in percent");
  arguments.check();

  manual_seed(1);
  data::DataLoader loader(data::Mnist(data), {.batch_size = 64, .shuffle = true, .seed = 1});
  Mlp model;
  optim::AdamW optimizer(model.parameters(), {.lr = 2e-3});
  optim::CosineAnnealingLR scheduler(optimizer, epochs * loader.size());
  const io::Checkpoint checkpoint{.model = model,
                                  .optimizer = optimizer,
                                  .scheduler = scheduler,
                                  .generator = default_generator(),  // of dropout
                                  .loader = loader};

  std::filesystem::create_directories(run);
  const std::string pattern = run + "/step-*.safetensors";
  if (const auto last = io::last_checkpoint(pattern)) {
    io::load_checkpoint(*last, checkpoint);
    fmt::print("going on from {}\n", last->string());
  }
  while (loader.epoch() < static_cast<std::uint64_t>(epochs))
    for (auto [images, labels] : loader) {
      optimizer.zero_grad();
      cross_entropy(model(images), labels).backward();
      optimizer.step();
      scheduler.step();
      const std::int64_t step = scheduler.last_epoch();  // counts the calls of scheduler.step()
      if (step == kill_at) std::raise(SIGKILL);
      if (step % every != 0) continue;
      io::save_checkpoint(fmt::format("{}/step-{}.safetensors", run, step), checkpoint);
      io::keep_last(pattern, 3);
    }

  const double percent = percent_right(model, data::Mnist(data, data::Mnist::Part::test).all());
  fmt::print("test accuracy {:.2f} %, digest of the weights {:016x}\n", percent, digest(model));
  return percent < at_least;
}
