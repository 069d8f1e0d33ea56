// A training process that tests kill: process FOLDER. It resumes from the last checkpoint in the
// folder and, when training is over, writes final.safetensors with all that training has changed.
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

using namespace xgrad;

namespace {

constexpr std::uint64_t epochs = 6;

struct Net : nn::Layer<Net> {
  nn::Linear hidden = child("hidden", nn::Linear(2, 32));
  nn::BatchNorm1d norm = child("norm", nn::BatchNorm1d(32));
  nn::Dropout dropout = child("dropout", nn::Dropout(0.3));
  nn::Linear output = child("output", nn::Linear(32, 2));
  Tensor forward(const Tensor& x) { return output(dropout(relu(norm(hidden(x))))); }
};

struct Training {
  Net model;
  optim::Adam optimizer{model.parameters(), {.lr = 0.01}};
  optim::OneCycleLR scheduler{optimizer, 0.02, {.total_steps = 200}};
  data::DataLoader<> loader{
      data::TensorDataset(data::make_moons(150, {.noise = 0.1, .random_state = 3})),
      {.batch_size = 8, .shuffle = true, .seed = 5}};
  std::int64_t steps = 0;
  double losses = 0;

  io::Checkpoint checkpoint() {
    return {.model = model,
            .optimizer = optimizer,
            .scheduler = scheduler,
            .generator = default_generator(),
            .loader = loader,
            .extra = {{"steps", steps}, {"losses", losses}}};
  }

  void resume(const std::filesystem::path& pattern) {
    const auto last = io::last_checkpoint(pattern);
    if (!last) return;
    const StateDict extra = io::load_checkpoint(*last, checkpoint());
    steps = extra.get<std::int64_t>("steps");
    losses = extra.get<double>("losses");
  }

  void step(const data::Batch& batch) {
    optimizer.zero_grad();
    const Tensor loss = cross_entropy(model(batch.inputs), batch.targets);
    loss.backward();
    optimizer.step();
    scheduler.step();
    losses += loss.item<double>();
    ++steps;
  }
};

void train(const std::filesystem::path& folder) {
  manual_seed(11);
  Training training;
  training.resume(folder / "step-*.safetensors");
  while (training.loader.epoch() < epochs)
    for (const data::Batch& batch : training.loader) {
      training.step(batch);
      if (training.steps % 2 != 0) continue;
      io::save_checkpoint(folder / fmt::format("step-{}.safetensors", training.steps),
                          training.checkpoint());
      io::keep_last(folder / "step-*.safetensors", 2);
    }
  io::save_checkpoint(folder / "final.safetensors", training.checkpoint());
}

}  // namespace

int main(int, char** arguments) {
  try {
    train(arguments[1]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
