#include "libtorch.hpp"

namespace bench {
namespace {

using torch::Tensor;
namespace nn = torch::nn;
namespace optim = torch::optim;
namespace F = torch::nn::functional;

constexpr std::size_t verified = 50;

template <class Optimizer, class Options>
std::function<Work(const Setup&)> classifier(const std::vector<int64_t>& sizes, Options options,
                                             double clip_norm = 0) {
  return [=](const Setup& setup) {
    nn::Sequential net;
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
      net->push_back(nn::Linear(sizes[i], sizes[i + 1]));
      if (i + 2 < sizes.size()) net->push_back(nn::ReLU());
    }
    return trained(
        net, Optimizer(net->parameters(), options), clip_norm,
        [](const Tensor& y, const Tensor& t) { return F::cross_entropy(y, t); }, setup, verified);
  };
}

Work deep_sigmoid(const Setup& setup) {
  nn::Sequential net;
  for (int i = 0; i < 10; ++i) {
    net->push_back(nn::Linear(100, 100));
    net->push_back(nn::Sigmoid());
  }
  return trained(
      net, optim::SGD(net->parameters(), optim::SGDOptions(0.1)), 0,
      [](const Tensor& y, const Tensor& t) { return torch::mse_loss(y, t); }, setup, verified);
}

}  // namespace

Works mlp_works() {
  const std::vector<int64_t> small{784, 128, 10}, large{784, 1024, 1024, 10};
  return {
      {"784-128-10, batch 64, SGD", classifier<optim::SGD>(small, optim::SGDOptions(0.1))},
      {"784-128-10, batch 64, momentum, clipped norm",
       classifier<optim::SGD>(small, optim::SGDOptions(0.1).momentum(0.9), 1)},
      {"784-128-10, batch 64, Adam", classifier<optim::Adam>(small, optim::AdamOptions())},
      {"784-1024-1024-10, batch 256, SGD", classifier<optim::SGD>(large, optim::SGDOptions(0.1))},
      {"ten Linear(100) and Sigmoid, batch 32, SGD", deep_sigmoid}};
}

}  // namespace bench
