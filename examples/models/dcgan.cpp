// dcgan: a generator of handwritten digits, and a discriminator that tells them from real ones
// (Radford et al., ICLR 2016).
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "arguments.hpp"

using namespace xgrad;

constexpr std::int64_t noise = 64;

nn::Sequential generator() {
  return nn::Sequential(nn::Unflatten(1, {noise, 1, 1}),
                        nn::ConvTranspose2d(noise, 64, 7, {.bias = false}), nn::BatchNorm2d(64),
                        nn::ReLU(),
                        nn::ConvTranspose2d(64, 32, 4, {.stride = 2, .padding = 1, .bias = false}),
                        nn::BatchNorm2d(32), nn::ReLU(),
                        nn::ConvTranspose2d(32, 1, 4, {.stride = 2, .padding = 1}), nn::Sigmoid());
}
nn::Sequential discriminator() {
  return nn::Sequential(nn::Conv2d(1, 32, 4, {.stride = 2, .padding = 1}), nn::LeakyReLU(0.2),
                        nn::Conv2d(32, 64, 4, {.stride = 2, .padding = 1, .bias = false}),
                        nn::BatchNorm2d(64), nn::LeakyReLU(0.2), nn::Flatten(),
                        nn::Linear(64 * 7 * 7, 1));
}
// Normal with standard deviation 0.02, as in the paper.
void start(nn::Sequential& model) {
  model.apply([](nn::Module& m) {
    if (auto* conv = m.as<nn::Conv2d>()) nn::init::normal_(conv->weight, 0, 0.02);
    if (auto* conv = m.as<nn::ConvTranspose2d>()) nn::init::normal_(conv->weight, 0, 0.02);
  });
}

Tensor loss(const Tensor& logits, double target) {
  return binary_cross_entropy_with_logits(logits, full(logits.shape(), target));
}

// How far two sets of images are apart: the Fréchet distance between normal distributions with
// their means and covariances, of images reduced to 7 x 7 pixels (Heusel et al., NIPS 2017).
struct Statistics {
  explicit Statistics(const Tensor& images) {
    const Tensor small = avg_pool2d(images, 4).flatten(1).to(float64);
    mean = small.mean(0);
    const Tensor centred = small - mean;
    covariance = matmul(centred.t(), centred) / (small.size(0) - 1);
  }
  Tensor mean, covariance;
};
Tensor square_root(const Tensor& symmetric) {
  const auto [values, vectors] = linalg::eigh(symmetric);
  return matmul(vectors * sqrt(clamp_min(values, 0)), vectors.t());
}
double frechet_distance(const Statistics& a, const Statistics& b) {
  const Tensor root = square_root(a.covariance);
  const Tensor product = matmul(matmul(root, b.covariance), root);
  const Tensor spread = diagonal(a.covariance + b.covariance - 2 * square_root(product)).sum();
  return (square(a.mean - b.mean).sum() + spread).item<double>();
}

double distance_from(const Statistics& real, nn::Sequential& make) {
  const NoGrad guard;
  make.eval();
  const Statistics generated(make(randn({2000, noise})));
  make.train();
  return frechet_distance(real, generated);
}

int main(int argc, char** argv) {
  Arguments arguments(argc, argv, "Trains a generator of digits on MNIST.");
  const std::string folder = arguments.text("--data", "data/mnist", "folder of the IDX files");
  const int epochs = arguments.integer("--epochs", 5, "passes through the training data");
  const double at_most = arguments.number("--at-most", 1e30, "fail above this distance");
  arguments.check();

  manual_seed(1);
  data::DataLoader loader(data::Mnist(folder), {.batch_size = 64, .shuffle = true, .seed = 1});
  const data::Batch test = data::Mnist(folder, data::Mnist::Part::test).all();
  const Statistics real(test.inputs.reshape({-1, 1, 28, 28}));
  nn::Sequential make = generator(), judge = discriminator();
  start(make);
  start(judge);
  optim::Adam make_step(make.parameters(), {.lr = 2e-4, .betas = {0.5, 0.999}});
  optim::Adam judge_step(judge.parameters(), {.lr = 2e-4, .betas = {0.5, 0.999}});
  double distance = distance_from(real, make);
  fmt::print("untrained: distance {:.3f} of generated from real digits\n", distance);
  for (int epoch = 1; epoch <= epochs; ++epoch) {
    for (auto [images, labels] : loader) {
      const Tensor fake = make(randn({images.size(0), noise}));
      judge_step.zero_grad();
      (loss(judge(images.reshape({-1, 1, 28, 28})), 1) + loss(judge(fake.detach()), 0)).backward();
      judge_step.step();
      make_step.zero_grad();
      loss(judge(fake), 1).backward();
      make_step.step();
    }
    distance = distance_from(real, make);
    fmt::print("epoch {:2}: distance {:.3f}\n", epoch, distance);
  }
  return !(distance <= at_most);
}
