// Training steps of dense networks: forward, backward and optimizer.
#include <xgrad/xgrad.hpp>

#include "../suite.hpp"
#include "training.hpp"

namespace bench {
namespace {

using xgrad::Tensor;
namespace nn = xgrad::nn;
namespace optim = xgrad::optim;

constexpr int verified = 50;

// Made-up digits: four pixels in five are 0.
std::vector<Batch> digits(std::int64_t size, int count) {
  const Input grey{{size * 784}, 0, 1}, lit{{size * 784}, 0, 1};
  const Input label{{size}, 0, 10, Input::Type::int64};
  std::vector<Batch> all;
  for (int b = 0; b < count; ++b) {
    Batch batch{{size, 784}, {size}, {}, {}, {}, {}};
    for (std::int64_t k = 0; k < size * 784; ++k)
      batch.images.push_back(
          lit.at(k, static_cast<std::size_t>(2 * b)) < 0.8
              ? 0.0F
              : static_cast<float>(grey.at(k, static_cast<std::size_t>(2 * b + 1))));
    for (std::int64_t k = 0; k < size; ++k)
      batch.classes.push_back(
          static_cast<std::int64_t>(label.at(k, 1000 + static_cast<std::size_t>(b))));
    all.push_back(std::move(batch));
  }
  return all;
}

nn::Sequential net_of(const std::vector<std::int64_t>& sizes, bool sigmoid) {
  xgrad::manual_seed(1);
  nn::Sequential net;
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    net.append(nn::Linear(sizes[i], sizes[i + 1]));
    if (sigmoid)
      net.append(nn::Sigmoid());
    else if (i + 2 < sizes.size())
      net.append(nn::ReLU());
  }
  return net;
}

Tensor entropy(const Tensor& y, const Tensor& t) { return cross_entropy(y, t); }
Tensor squares(const Tensor& y, const Tensor& t) { return mse_loss(y, t); }

template <class Optimizer, class Options>
Case classifier(const std::string& name, const std::vector<std::int64_t>& sizes,
                std::int64_t batch_size, int batches, Options options) {
  return training_case("mlp", name, verified, [=] {
    const nn::Sequential net = net_of(sizes, false);
    return trained(net, Optimizer(net.parameters(), options), digits(batch_size, batches), entropy,
                   verified);
  });
}

Case deep_sigmoid() {
  return training_case("mlp", "ten Linear(100) and Sigmoid, batch 32, SGD", verified, [] {
    const nn::Sequential net = net_of(std::vector<std::int64_t>(11, 100), true);
    Batch batch{{32, 100}, {32, 100}, std::vector<float>(3200), std::vector<float>(3200), {}, {}};
    Input{{3200}}.fill(batch.images.data(), 0);
    Input{{3200}, 0, 1}.fill(batch.numbers.data(), 1);
    return trained(net, optim::SGD(net.parameters(), {.lr = 0.1}), {batch}, squares, verified);
  });
}

}  // namespace

Cases mlp_cases() {
  const std::vector<std::int64_t> small{784, 128, 10}, large{784, 1024, 1024, 10};
  return {
      classifier<optim::SGD>("784-128-10, batch 64, SGD", small, 64, 64,
                             optim::SGDOptions{.lr = 0.1}),
      classifier<optim::SGD>("784-128-10, batch 64, momentum, clipped norm", small, 64, 64,
                             optim::SGDOptions{.lr = 0.1, .momentum = 0.9, .clip_norm = 1.0}),
      classifier<optim::Adam>("784-128-10, batch 64, Adam", small, 64, 64, optim::AdamOptions{}),
      classifier<optim::SGD>("784-1024-1024-10, batch 256, SGD", large, 256, 16,
                             optim::SGDOptions{.lr = 0.1}),
      deep_sigmoid()};
}

}  // namespace bench
