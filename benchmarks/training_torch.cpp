#include <torch/torch.h>

#include <memory>

#include "training.hpp"

namespace rival {
namespace {

std::vector<torch::Tensor> started(torch::nn::Sequential& net) {
  at::set_num_threads(1);
  torch::NoGradGuard guard;
  for (auto& p : net->named_parameters()) {
    const int64_t fan_in = p.value().dim() == 2 ? p.value().size(1) : 100;
    float* const elements = p.value().data_ptr<float>();
    for (int64_t k = 0; k < p.value().numel(); ++k) elements[k] = start(k, fan_in);
  }
  return net->parameters();
}

struct State {
  torch::nn::Sequential net;
  std::vector<torch::Tensor> parameters, inputs, targets;
  std::unique_ptr<torch::optim::Optimizer> optimizer;
  bool clip = false;
  std::size_t at = 0;
  double first_loss = 0;

  template <class Loss>
  void step(Loss loss_of) {
    net->zero_grad(true);
    torch::Tensor loss = loss_of(net->forward(inputs[at]), targets[at]);
    loss.backward();
    if (clip) torch::nn::utils::clip_grad_norm_(parameters, 1.0);
    optimizer->step();
    if (first_loss == 0) first_loss = loss.template item<double>();
    at = (at + 1) % inputs.size();
  }
};

}  // namespace

Work mlp128(const Digits& d, Method method) {
  auto s = std::make_shared<State>();
  s->net = torch::nn::Sequential(torch::nn::Linear(784, 128), torch::nn::ReLU(),
                                 torch::nn::Linear(128, 10));
  s->parameters = started(s->net);
  s->clip = method == Method::momentum;
  if (method == Method::adam)
    s->optimizer = std::make_unique<torch::optim::Adam>(s->parameters);
  else
    s->optimizer = std::make_unique<torch::optim::SGD>(
        s->parameters,
        torch::optim::SGDOptions(0.1).momentum(method == Method::momentum ? 0.9 : 0));
  const auto images = torch::tensor(d.images).view({Digits::batches, Digits::batch, 784});
  const auto labels = torch::tensor(d.labels).view({Digits::batches, Digits::batch});
  for (int i = 0; i < Digits::batches; ++i) {
    s->inputs.push_back(images[i].clone());
    s->targets.push_back(labels[i].clone());
  }
  return {[s] {
            s->step([](const torch::Tensor& y, const torch::Tensor& t) {
              return torch::nn::functional::cross_entropy(y, t);
            });
          },
          [s] { return s->first_loss; }};
}

Work deep(const std::vector<float>& x, const std::vector<float>& target) {
  auto s = std::make_shared<State>();
  for (int i = 0; i < 10; ++i) {
    s->net->push_back(torch::nn::Linear(100, 100));
    s->net->push_back(torch::nn::Sigmoid());
  }
  s->parameters = started(s->net);
  s->optimizer = std::make_unique<torch::optim::SGD>(s->parameters, torch::optim::SGDOptions(0.1));
  s->inputs.push_back(torch::tensor(x).view({32, 100}));
  s->targets.push_back(torch::tensor(target).view({32, 100}));
  return {[s] {
            s->step([](const torch::Tensor& y, const torch::Tensor& t) {
              return torch::mse_loss(y, t);
            });
          },
          [s] { return s->first_loss; }};
}

}  // namespace rival
