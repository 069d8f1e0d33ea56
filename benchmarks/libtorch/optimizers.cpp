#include "libtorch.hpp"

namespace bench {
namespace {

namespace optim = torch::optim;

// The first half of the inputs are parameters, the second their gradients.
template <class Optimizer, class Options>
std::function<Work(const Setup&)> steps(Options options, double clip_norm = 0) {
  return [=](const Setup& setup) -> Work {
    const std::size_t n = setup.inputs.size() / 2;
    auto parameters = std::make_shared<Tensors>();
    Tensors gradients;
    for (std::size_t i = 0; i < n; ++i) {
      parameters->push_back(filled(setup.inputs[i], i).set_requires_grad(true));
      gradients.push_back(filled(setup.inputs[n + i], n + i));
      parameters->back().mutable_grad() = gradients.back();
    }
    auto optimizer = std::make_shared<Optimizer>(*parameters, options);
    return {[=] {
              if (clip_norm > 0) torch::nn::utils::clip_grad_norm_(*parameters, clip_norm);
              optimizer->step();
            },
            [parameters] {
              Answer all;
              for (const torch::Tensor& p : *parameters) all.push_back(digest(p));
              return all;
            }};
  };
}

}  // namespace

Works optimizer_works() {
  Works all;
  for (const std::string size : {", 1.6 M", ", 100 of 64"}) {
    all["SGD" + size] = steps<optim::SGD>(optim::SGDOptions(0.01));
    all["SGD, momentum" + size] = steps<optim::SGD>(optim::SGDOptions(0.01).momentum(0.9));
    all["SGD, momentum, clipped norm" + size] =
        steps<optim::SGD>(optim::SGDOptions(0.01).momentum(0.9), 1);
    all["Adam" + size] = steps<optim::Adam>(optim::AdamOptions());
    all["AdamW" + size] = steps<optim::AdamW>(optim::AdamWOptions());
    all["RMSprop" + size] = steps<optim::RMSprop>(optim::RMSpropOptions());
    all["Adagrad" + size] = steps<optim::Adagrad>(optim::AdagradOptions());
  }
  return all;
}

}  // namespace bench
