// mnist: a network with one hidden layer learns handwritten digits.
//
// 784 pixels, 128 hidden units with ReLU, 10 classes; cross entropy, SGD with momentum and gradient
// clipping; a learning rate that falls linearly to 0.
#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <xgrad/xgrad.hpp>

#include "mnist_pictures.hpp"
#include "mnist_report.hpp"
#include "terminal.hpp"

using xgrad::Tensor;
namespace data = xgrad::data;
namespace metrics = xgrad::metrics;

namespace {

struct Options {
  std::string folder;
  int epochs = 5;
  std::int64_t batch = 32;
  double lr = 0.1;
  std::uint64_t seed = 1;
  int threads = xgrad::num_threads();
  double at_least = 0;           // percent; with a lower test accuracy the program fails
  std::string pictures, report;  // folders, or empty
};

struct Mlp : xgrad::nn::Layer<Mlp> {
  xgrad::nn::Linear hidden = child("hidden", xgrad::nn::Linear(784, 128));
  xgrad::nn::Linear output = child("output", xgrad::nn::Linear(128, 10));
  Tensor forward(const Tensor& x) { return output(relu(hidden(x))); }
};

Tensor predict(Mlp& model, const Tensor& images) {
  const xgrad::NoGrad guard;
  return model(images).argmax(1);
}

struct Score {
  double loss, accuracy;  // nats, percent
};

// Trains for one epoch, while the learning rate falls linearly. Returns the mean over its batches.
Score train_epoch(Mlp& model, xgrad::optim::SGD& optimizer, data::DataLoader<>& loader, double lr,
                  double lr_after, data::Progress& progress, MnistReport& report) {
  const double fall = (lr - lr_after) / static_cast<double>(loader.size());
  double& lr_now = optimizer.groups().front().options.lr;
  lr_now = lr;
  metrics::Mean mean_loss;
  metrics::Accuracy right;
  for (auto [images, labels] : loader) {
    optimizer.zero_grad();
    const Tensor scores = model(images);
    const Tensor loss = cross_entropy(scores, labels);
    loss.backward();
    optimizer.step();
    report.see_batch(loss.item<double>(), lr_now);
    lr_now = std::max(0.0, lr_now - fall);
    mean_loss.update(loss.item<double>(), static_cast<double>(images.size(0)));
    right.update(scores.detach(), labels);
    progress.set("loss", mean_loss.compute());
    progress.add(images.size(0));
  }
  return {mean_loss.compute(), 100 * right.compute()};
}

Score score(Mlp& model, const data::Batch& test) {
  const xgrad::NoGrad guard;
  const Tensor scores = model(test.inputs);
  metrics::Accuracy right;
  right.update(scores, test.targets);
  return {cross_entropy(scores, test.targets).item<double>(), 100 * right.compute()};
}

// Up to two digits that were classified correctly, and up to two that were not.
void show_digits(const data::Batch& test, const Tensor& predicted) {
  std::vector<std::int64_t> chosen;
  for (const bool right : {true, false}) {
    int found = 0;
    for (std::int64_t i = 0; i < predicted.numel() && found < 2; ++i) {
      const bool hit = predicted.data<std::int64_t>()[i] == test.targets.data<std::int64_t>()[i];
      if (hit == right) chosen.push_back(i), ++found;
    }
  }
  constexpr int width = 30;
  std::vector<std::vector<std::string>> blocks;
  for (const std::int64_t i : chosen) {
    blocks.push_back(drawn_digit(test.inputs.data<float>() + i * 784));
    blocks.back().push_back(fmt::format("predicted {}, true {}", predicted.data<std::int64_t>()[i],
                                        test.targets.data<std::int64_t>()[i]));
  }
  fmt::print("\nDigits and predictions\n{}", side_by_side(blocks, width));
}

int train(const Options& o) {
  xgrad::set_num_threads(o.threads);
  xgrad::manual_seed(o.seed);
  const data::Batch test = data::Mnist(o.folder, data::Mnist::Part::test).all();
  data::Mnist digits(o.folder);
  const std::int64_t samples = digits.size();
  fmt::print("{} training and {} test digits from {}\n", samples, test.targets.numel(), o.folder);
  data::DataLoader loader(std::move(digits),
                          {.batch_size = o.batch, .shuffle = true, .seed = o.seed});
  Mlp model;
  xgrad::optim::SGD optimizer(model.parameters(), {.lr = o.lr, .momentum = 0.9, .clip_norm = 1.0});
  fmt::print("{}\n\n", model);
  MnistPictures pictures(o.pictures);
  pictures.see_weights(0, model.hidden.weight);
  MnistReport report(o.report);
  report.begin(model, test.inputs.narrow(0, 0, std::min(o.batch, test.inputs.size(0))),
               {{"lr", o.lr}, {"momentum", 0.9}, {"batch size", o.batch}, {"epochs", o.epochs}});
  double accuracy = 0;
  for (int epoch = 1; epoch <= o.epochs; ++epoch) {
    data::Progress progress(fmt::format("epoch {}/{}", epoch, o.epochs), samples);
    const double lr = o.lr * (o.epochs - epoch + 1) / o.epochs;
    const double lr_after = o.lr * (o.epochs - epoch) / o.epochs;
    const Score training = train_epoch(model, optimizer, loader, lr, lr_after, progress, report);
    const Score validation = score(model, test);
    accuracy = validation.accuracy;
    progress.finish(fmt::format("loss {:.4f}, test accuracy {:.2f} %", training.loss, accuracy));
    pictures.see_gradients(model);
    pictures.see_weights(epoch, model.hidden.weight);
    pictures.see_epoch({training.loss, validation.loss, training.accuracy, accuracy});
    report.see_epoch(accuracy, model.hidden.weight);
  }
  const Tensor predicted = predict(model, test.inputs);
  metrics::ConfusionMatrix confusion(10);
  confusion.update(predicted, test.targets);
  fmt::print("\nConfusion matrix of the test set\n{}", confusion.to_string());
  show_digits(test, predicted);
  pictures.finish(test, predicted, confusion);
  report.finish();
  fmt::print("\nTest accuracy {:.2f} %\n", accuracy);
  if (accuracy >= o.at_least) return EXIT_SUCCESS;
  fmt::print(stderr, "the test accuracy is below the required {} %\n", o.at_least);
  return EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  Options o;
  CLI::App app("Trains a small network on MNIST and shows what it learned.");
  app.add_option("--data", o.folder, "folder with the IDX files, plain or .gz")->required();
  app.add_option("--epochs", o.epochs, "passes through the training data")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--batch", o.batch, "samples in a batch")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--lr", o.lr, "initial learning rate; it falls linearly to 0")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--seed", o.seed, "seed for the weights and the shuffling")->capture_default_str();
  app.add_option("--threads", o.threads, "number of threads")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--at-least", o.at_least, "fail if the test accuracy is below this, in percent");
  app.add_option("--pictures", o.pictures, "folder to draw pictures of the training into");
  app.add_option("--report", o.report, "folder to record the training into; report.html shows it");
  CLI11_PARSE(app, argc, argv);
  try {
    return train(o);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return EXIT_FAILURE;
  }
}
