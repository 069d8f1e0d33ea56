#include <torch/torch.h>

#include <cmath>
#include <memory>

#include "models.hpp"

namespace rival {
namespace {

using torch::Tensor;
namespace nn = torch::nn;
namespace F = torch::nn::functional;

struct Data {
  std::vector<Tensor> inputs, targets;
};
Data tensors_of(const Batches& b) {
  Data all;
  for (const auto& x : b.images) all.inputs.push_back(torch::tensor(x).view(b.input_shape));
  for (const auto& x : b.characters) all.inputs.push_back(torch::tensor(x).view(b.input_shape));
  for (const auto& t : b.targets) all.targets.push_back(torch::tensor(t).view(b.target_shape));
  return all;
}

void set_start(nn::Module& model, const std::vector<Parameter>& start) {
  at::set_num_threads(1);
  const torch::NoGradGuard guard;
  auto own = model.named_parameters();
  TORCH_CHECK(own.size() == start.size(), "the models have different parameters");
  for (const Parameter& p : start) {
    Tensor& to = own[p.name];
    to.copy_(torch::tensor(p.elements).view(to.sizes()));
  }
}

template <class Model, class Optimizer, class Loss>
Step step_of(Model model, Optimizer optimizer, double clip_norm, Loss loss_of, Data data) {
  struct State {
    Model model;
    Optimizer optimizer;
    std::vector<Tensor> parameters;
    Data data;
    std::size_t next = 0;
  };
  const auto parameters = model->parameters();
  auto s = std::make_shared<State>(
      State{std::move(model), std::move(optimizer), parameters, std::move(data)});
  return [s, clip_norm, loss_of] {
    const std::size_t i = s->next;
    s->next = (i + 1) % s->data.inputs.size();
    s->optimizer.zero_grad();
    const Tensor loss = loss_of(s->model, s->data.inputs[i], s->data.targets[i]);
    loss.backward();
    if (clip_norm > 0) nn::utils::clip_grad_norm_(s->parameters, clip_norm);
    s->optimizer.step();
    return loss.template item<double>();
  };
}

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

template <class Model>
Tensor loss_of_text(Model& model, const Tensor& characters, const Tensor& next) {
  return F::cross_entropy(model->forward(characters).flatten(0, 1), next.flatten());
}

}  // namespace

Step lenet(const std::vector<Parameter>& start, const Batches& batches) {
  LeNet model;
  set_start(*model, start);
  torch::optim::AdamW optimizer(model->parameters(),
                                torch::optim::AdamWOptions(2e-3).weight_decay(0.01));
  return step_of(
      model, std::move(optimizer), 0,
      [](LeNet& m, const Tensor& x, const Tensor& t) { return F::cross_entropy(m->forward(x), t); },
      tensors_of(batches));
}

Step char_rnn(const std::vector<Parameter>& start, const Batches& batches,
              std::int64_t vocabulary) {
  CharRnn model(vocabulary);
  set_start(*model, start);
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(3e-3));
  return step_of(model, std::move(optimizer), 1, &loss_of_text<CharRnn>, tensors_of(batches));
}

Step gpt(const std::vector<Parameter>& start, const Batches& batches, std::int64_t vocabulary) {
  Gpt model(vocabulary);
  set_start(*model, start);
  torch::optim::AdamW optimizer(model->parameters(),
                                torch::optim::AdamWOptions(1e-3).weight_decay(0.1));
  return step_of(model, std::move(optimizer), 1, &loss_of_text<Gpt>, tensors_of(batches));
}

}  // namespace rival
