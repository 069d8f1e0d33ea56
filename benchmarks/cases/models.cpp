// Training steps of the examples lenet, char_rnn and gpt, and of a larger convolutional network.
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "../../examples/models/arguments.hpp"
#include "../suite.hpp"
#include "training.hpp"

// Their `main`s, in a namespace and never called, are functions without a return.
#pragma GCC diagnostic ignored "-Wreturn-type"

namespace lenet_example {
#include "../../examples/models/lenet.cpp"
}
namespace char_rnn_example {
#include "../../examples/models/char_rnn.cpp"
}
namespace gpt_example {
#include "../../examples/models/gpt.cpp"
}

namespace bench {
namespace {

using namespace xgrad;

constexpr int verified = 200, few_verified = 20;

std::vector<std::int64_t> sizes_of(const Tensor& x) { return {x.shape().begin(), x.shape().end()}; }
template <class T>
std::vector<T> elements_of(const Tensor& x) {
  const auto all = x.span<T>();
  return {all.begin(), all.end()};
}

Batch plain(const data::Batch& b) {
  Batch to{sizes_of(b.inputs), sizes_of(b.targets), {}, {}, {}, {}};
  if (b.inputs.dtype() == float32)
    to.images = elements_of<float>(b.inputs);
  else
    to.characters = elements_of<std::int64_t>(b.inputs);
  to.classes = elements_of<std::int64_t>(b.targets);
  return to;
}

template <class Dataset>
std::vector<Batch> first_batches(const Dataset& dataset, std::int64_t size, int count) {
  std::vector<Batch> batches;
  for (const data::Batch& b : data::DataLoader(
           dataset, {.batch_size = size, .shuffle = true, .drop_last = true, .seed = 1})) {
    batches.push_back(plain(b));
    if (static_cast<int>(batches.size()) == count) break;
  }
  return batches;
}

std::vector<Batch> digits(int count) {
  return first_batches(data::Mnist(XGRAD_BENCH_DATA "/mnist_subset"), 64, count);
}
data::CharText characters() {
  return data::CharText(data::read_text(XGRAD_BENCH_DATA "/text/shakespeare.txt"), 64);
}

Tensor entropy(const Tensor& y, const Tensor& t) { return cross_entropy(y, t); }
Tensor entropy_of_text(const Tensor& y, const Tensor& t) {
  return cross_entropy(flatten(y, 0, 1), flatten(t));
}

Made lenet() {
  manual_seed(1);
  const lenet_example::LeNet model;
  return trained(model, optim::AdamW(model.parameters(), {.lr = 2e-3, .weight_decay = 0.01}),
                 digits(verified), entropy, verified);
}
Made cnn32() {
  manual_seed(1);
  const nn::Sequential model(nn::Conv2d(1, 32, 3), nn::ReLU(), nn::Conv2d(32, 64, 3), nn::ReLU(),
                             nn::MaxPool2d(2), nn::Flatten(), nn::Linear(9216, 128), nn::ReLU(),
                             nn::Linear(128, 10));
  std::vector<Batch> batches = digits(few_verified);
  for (Batch& b : batches) b.input_shape = {64, 1, 28, 28};
  return trained(model, optim::SGD(model.parameters(), {.lr = 0.05}), batches, entropy,
                 few_verified);
}
Made char_rnn() {
  manual_seed(1);
  const data::CharText text = characters();
  const char_rnn_example::CharRnn model(text.vocab_size());
  return trained(
      model, optim::Adam(model.parameters(), {.lr = 3e-3, .clip_norm = 1.0}),
      first_batches(text, 32, verified),
      [](const auto& y, const Tensor& t) { return entropy_of_text(y.first, t); }, verified);
}
Made gpt() {
  manual_seed(1);
  const data::CharText text = characters();
  const gpt_example::Gpt model(gpt_example::Sizes{.vocabulary = text.vocab_size()});
  return trained(
      model, optim::AdamW(model.parameters(), {.lr = 1e-3, .weight_decay = 0.1, .clip_norm = 1.0}),
      first_batches(text, 16, verified), entropy_of_text, verified);
}

Case model(const std::string& group, const std::string& name, int steps, Made (*make)()) {
  Case c = training_case(group, name, steps, make);
  c.seconds = 0.5;
  return c;
}

}  // namespace

Cases cnn_cases() {
  return {model("cnn", "lenet, batch 64, AdamW", verified, lenet),
          model("cnn", "conv 32, conv 64, batch 64, SGD", few_verified, cnn32)};
}

Cases sequence_cases() {
  return {model("sequence", "char_rnn, batch 32, Adam, clipped norm", verified, char_rnn),
          model("sequence", "gpt, batch 16, AdamW, clipped norm", verified, gpt)};
}

}  // namespace bench
