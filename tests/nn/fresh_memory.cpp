#include <memory>

#include <xgrad/xgrad.hpp>

#include "support/page_faults.hpp"

using namespace xgrad;
using test::check_page_faults;

namespace {

using Step = std::function<void()>;

// A step of training, given what computes the loss.
template <class Optimizer>
Step training(Optimizer optimizer, std::function<Tensor()> loss) {
  const auto shared = std::make_shared<Optimizer>(std::move(optimizer));
  return [=] {
    shared->zero_grad();
    loss().backward();
    shared->step();
  };
}

template <class Optimizer, class Options>
Step perceptron(const Options& options) {
  nn::Sequential net(nn::Linear(64, 256), nn::BatchNorm1d(256), nn::ReLU(), nn::Dropout(0.1),
                     nn::Linear(256, 10));
  return training(Optimizer(net.parameters(), options),
                  [net, x = randn({128, 64}), y = randint(0, 10, {128})]() mutable {
                    return cross_entropy(net(x), y);
                  });
}

Step lenet() {
  nn::Sequential net(nn::Conv2d(1, 6, 5, {.padding = 2}), nn::ReLU(), nn::MaxPool2d(2),
                     nn::Conv2d(6, 16, 5), nn::BatchNorm2d(16), nn::ReLU(), nn::AvgPool2d(2),
                     nn::Flatten(), nn::Linear(400, 84), nn::ReLU(), nn::Linear(84, 10));
  return training(optim::SGD(net.parameters(), {.lr = 0.01, .momentum = 0.9}),
                  [net, x = randn({16, 1, 28, 28}), y = randint(0, 10, {16})]() mutable {
                    return cross_entropy(net(x), y);
                  });
}

Step lstm() {
  const nn::LSTM net(16, 64, {.num_layers = 2, .batch_first = true});
  return training(optim::Adam(net.parameters()),
                  [net, x = randn({16, 20, 16})] { return net(x).output.square().mean(); });
}

// Predicts the next of 16 words, in 8 texts at once.
Step transformer() {
  const nn::Embedding words(100, 64);
  const nn::TransformerEncoderLayer block(64, 4, {.dim_feedforward = 256, .batch_first = true});
  const nn::Linear head(64, 100);
  std::vector<Tensor> all;
  for (const auto& part : {words.parameters(), block.parameters(), head.parameters()})
    all.insert(all.end(), part.begin(), part.end());
  const Tensor mask = nn::Transformer::generate_square_subsequent_mask(16);
  return training(optim::AdamW(all, {.clip_norm = 1.0}),
                  [=, x = randint(0, 100, {8, 16}), y = randint(0, 100, {8 * 16})] {
                    const Tensor h = block(words(x), {.src_mask = mask, .is_causal = true});
                    return cross_entropy(head(h).flatten(0, 1), y);
                  });
}

// Samples of 1 kB, as many as an epoch needs that does not end: each epoch starts a thread, whose
// stack is fresh.
struct Ramps {
  std::int64_t size() const { return std::int64_t{1} << 20; }
  data::Batch get(std::span<const std::int64_t> indices) const {
    const Tensor first = tensor(std::vector<float>(indices.begin(), indices.end())).unsqueeze(1);
    return {first + arange(256), first - arange(256)};
  }
};

// Batches of 512 kB.
Step loaded(int prefetch) {
  data::DataLoader loader(Ramps(), {.batch_size = 512, .prefetch = prefetch});
  const auto batches = std::make_shared<decltype(loader)>(std::move(loader));
  const auto at = std::make_shared<decltype(batches->begin())>(batches->begin());
  const nn::Linear net(256, 256);
  return training(optim::SGD(net.parameters()), [=] {
    const data::Batch batch = **at;
    ++*at;
    return mse_loss(net(batch.inputs), batch.targets);
  });
}

}  // namespace

TEST_CASE("steps of training map no fresh memory", "[nn][memory]") {
  const optim::SGDOptions momentum{.lr = 0.01, .momentum = 0.9};
  check_page_faults({{"SGD", [=] { return perceptron<optim::SGD>(momentum); }},
                     {"Adam", [] { return perceptron<optim::Adam>(optim::AdamOptions()); }},
                     {"LeNet", lenet},
                     {"LSTM", lstm},
                     {"transformer", transformer}});
}

TEST_CASE("training on a loader maps no fresh memory", "[nn][data][memory]") {
  check_page_faults({{"without a thread", [] { return loaded(0); }},
                     {"with a thread", [] { return loaded(2); }}});
}
