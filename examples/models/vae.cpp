// vae: a variational autoencoder of handwritten digits (Kingma and Welling, ICLR 2014).
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "arguments.hpp"

using namespace xgrad;

constexpr std::int64_t latent = 20;

struct Vae : nn::Layer<Vae> {
  struct Result {
    Tensor logits, mean, log_variance;
  };
  nn::Linear hidden = child("hidden", nn::Linear(784, 400));
  nn::Linear statistics = child("statistics", nn::Linear(400, 2 * latent));
  nn::Sequential decoder =
      child("decoder", nn::Sequential(nn::Linear(latent, 400), nn::ReLU(), nn::Linear(400, 784)));

  Result forward(const Tensor& images) {
    const auto parts = chunk(statistics(relu(hidden(images))), 2, 1);
    const Tensor mean = parts[0], log_variance = parts[1];
    const Tensor z = mean + exp(0.5 * log_variance) * randn(mean.shape());
    return {decoder(z), mean, log_variance};
  }
};

// What coding an image costs, in nats: the negative evidence lower bound.
Tensor cost(Vae& model, const Tensor& images) {
  const auto [logits, mean, log_variance] = model(images);
  const Tensor pixels =
      binary_cross_entropy_with_logits(logits, images, {.reduction = Reduction::sum});
  const Tensor divergence = 0.5 * (square(mean) + exp(log_variance) - 1 - log_variance).sum();
  return (pixels + divergence) / images.size(0);
}

int main(int argc, char** argv) {
  Arguments arguments(argc, argv, "Trains a variational autoencoder on MNIST.");
  const std::string folder = arguments.text("--data", "data/mnist", "folder of the IDX files");
  const int epochs = arguments.integer("--epochs", 10, "passes through the training data");
  const double at_most = arguments.number("--at-most", 1e30, "fail above this cost, in nats");
  arguments.check();

  manual_seed(1);
  data::DataLoader loader(data::Mnist(folder), {.batch_size = 128, .shuffle = true, .seed = 1});
  const data::Batch test = data::Mnist(folder, data::Mnist::Part::test).all();
  Vae model;
  optim::Adam optimizer(model.parameters(), {.lr = 1e-3});
  double nats = 0;
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    for (auto [images, labels] : loader) {
      optimizer.zero_grad();
      cost(model, images).backward();
      optimizer.step();
    }
    const NoGrad guard;
    nats = cost(model, test.inputs).item<double>();
    fmt::print("epoch {:2}: {:.2f} nats per test image\n", epoch, nats);
  }
  return !(nats <= at_most);
}
