// The examples lenet, char_rnn and gpt, and a larger convolutional network.
#include <cmath>

#include "libtorch.hpp"

namespace bench {
namespace {

using torch::Tensor;
namespace nn = torch::nn;
namespace optim = torch::optim;
namespace F = torch::nn::functional;

constexpr std::size_t verified = 200, few_verified = 20;

struct LeNetImpl : nn::Module {
  LeNetImpl() {
    register_module("features", features);
    register_module("classifier", classifier);
  }
  Tensor forward(const Tensor& images) {
    return classifier->forward(features->forward(images.view({-1, 1, 28, 28})));
  }
  nn::Sequential features{nn::Conv2d(nn::Conv2dOptions(1, 6, 5).padding(2)),
                          nn::ReLU(),
                          nn::MaxPool2d(2),
                          nn::Conv2d(6, 16, 5),
                          nn::ReLU(),
                          nn::MaxPool2d(2),
                          nn::Flatten()};
  nn::Sequential classifier{nn::Linear(400, 120), nn::ReLU(), nn::Linear(120, 84), nn::ReLU(),
                            nn::Linear(84, 10)};
};
TORCH_MODULE(LeNet);

struct CharRnnImpl : nn::Module {
  explicit CharRnnImpl(int64_t vocabulary)
      : table(vocabulary, 64),
        lstm(nn::LSTMOptions(64, 256).batch_first(true)),
        head(256, vocabulary) {
    register_module("table", table);
    register_module("lstm", lstm);
    register_module("head", head);
  }
  Tensor forward(const Tensor& characters) {
    return head(std::get<0>(lstm->forward(table(characters))));
  }
  nn::Embedding table;
  nn::LSTM lstm;
  nn::Linear head;
};
TORCH_MODULE(CharRnn);

constexpr int64_t context = 64, width = 128, heads = 4, layers = 4;

struct SelfAttentionImpl : nn::Module {
  SelfAttentionImpl() {
    register_module("qkv", qkv);
    register_module("output", output);
  }
  Tensor forward(const Tensor& x) {
    const int64_t n = x.size(0), t = x.size(1);
    const Tensor parts = qkv(x).view({n, t, 3, heads, width / heads}).permute({2, 0, 3, 1, 4});
    Tensor scores =
        parts[0].matmul(parts[1].transpose(-2, -1)) / std::sqrt(static_cast<double>(width / heads));
    scores = scores.masked_fill(mask.slice(0, 0, t).slice(1, 0, t), -INFINITY);
    const Tensor y = torch::softmax(scores, -1).matmul(parts[2]);
    return output(y.transpose(1, 2).reshape({n, t, width}));
  }
  nn::Linear qkv{width, 3 * width}, output{width, width};
  Tensor mask = torch::ones({context, context}, torch::kBool).triu(1);
};
TORCH_MODULE(SelfAttention);

struct BlockImpl : nn::Module {
  BlockImpl() {
    register_module("attention", attention);
    register_module("mlp", mlp);
  }
  Tensor forward(const Tensor& x) {
    const Tensor h = x + attention->forward(x);
    return h + mlp->forward(h);
  }
  nn::Sequential attention{nn::LayerNorm(nn::LayerNormOptions({width})), SelfAttention()};
  nn::Sequential mlp{nn::LayerNorm(nn::LayerNormOptions({width})), nn::Linear(width, 4 * width),
                     nn::GELU(), nn::Linear(4 * width, width)};
};
TORCH_MODULE(Block);

struct GptImpl : nn::Module {
  explicit GptImpl(int64_t vocabulary)
      : tokens(vocabulary, width),
        head(nn::LayerNorm(nn::LayerNormOptions({width})),
             nn::Linear(nn::LinearOptions(width, vocabulary).bias(false))) {
    register_module("tokens", tokens);
    positions = register_parameter("positions", torch::zeros({context, width}));
    for (int64_t i = 0; i < layers; ++i) blocks->push_back(Block());
    register_module("blocks", blocks);
    register_module("head", head);
  }
  Tensor forward(const Tensor& characters) {
    Tensor x = tokens(characters) + positions.slice(0, 0, characters.size(1));
    for (const auto& block : *blocks) x = block->as<Block>()->forward(x);
    return head->forward(x);
  }
  nn::Embedding tokens;
  Tensor positions;
  nn::ModuleList blocks;
  nn::Sequential head;
};
TORCH_MODULE(Gpt);

Tensor entropy(const Tensor& y, const Tensor& t) { return F::cross_entropy(y, t); }
Tensor entropy_of_text(const Tensor& y, const Tensor& t) {
  return F::cross_entropy(y.flatten(0, 1), t.flatten());
}

int64_t vocabulary_of(const Setup& setup) {  // of the first parameter, the table of embeddings
  for (const Parameter& p : setup.parameters)
    if (p.name == "table.weight")
      return static_cast<int64_t>(p.elements.size()) / 64;
    else if (p.name == "tokens.weight")
      return static_cast<int64_t>(p.elements.size()) / width;
  throw std::invalid_argument("the model has no embedding");
}

Work lenet(const Setup& setup) {
  LeNet model;
  return trained(model,
                 optim::AdamW(model->parameters(), optim::AdamWOptions(2e-3).weight_decay(0.01)), 0,
                 entropy, setup, verified);
}
Work cnn32(const Setup& setup) {
  nn::Sequential model(nn::Conv2d(1, 32, 3), nn::ReLU(), nn::Conv2d(32, 64, 3), nn::ReLU(),
                       nn::MaxPool2d(2), nn::Flatten(), nn::Linear(9216, 128), nn::ReLU(),
                       nn::Linear(128, 10));
  return trained(model, optim::SGD(model->parameters(), optim::SGDOptions(0.05)), 0, entropy, setup,
                 few_verified);
}
Work char_rnn(const Setup& setup) {
  CharRnn model(vocabulary_of(setup));
  return trained(model, optim::Adam(model->parameters(), optim::AdamOptions(3e-3)), 1,
                 entropy_of_text, setup, verified);
}
Work gpt(const Setup& setup) {
  Gpt model(vocabulary_of(setup));
  return trained(model,
                 optim::AdamW(model->parameters(), optim::AdamWOptions(1e-3).weight_decay(0.1)), 1,
                 entropy_of_text, setup, verified);
}

}  // namespace

Works model_works() {
  return {{"lenet, batch 64, AdamW", lenet},
          {"conv 32, conv 64, batch 64, SGD", cnn32},
          {"char_rnn, batch 32, Adam, clipped norm", char_rnn},
          {"gpt, batch 16, AdamW, clipped norm", gpt}};
}

}  // namespace bench
