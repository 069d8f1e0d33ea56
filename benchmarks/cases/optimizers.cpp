// Steps of optimizers: four large parameters, 1.6 M elements, and a hundred of 64 elements.
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "../suite.hpp"

namespace bench {
namespace {

using xgrad::Tensor;
namespace optim = xgrad::optim;

using Sizes = std::vector<std::vector<std::int64_t>>;

Sizes large() { return {{1024, 784}, {1024}, {784, 1024}, {784}}; }
Sizes small() { return Sizes(100, {64}); }

// The parameters, in [-1, 1), then their gradients.
std::vector<Input> inputs_of(const Sizes& sizes) {
  std::vector<Input> all;
  for (int part = 0; part < 2; ++part)
    for (const auto& s : sizes) all.push_back({s});
  return all;
}

template <class Make>
Made made(const Sizes& sizes, Make make) {
  const std::vector<Input> inputs = inputs_of(sizes);
  Tensors parameters;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    Tensor p = filled(inputs[i], i).requires_grad_();
    p.set_grad(filled(inputs[sizes.size() + i], sizes.size() + i));
    parameters.push_back(p);
  }
  const auto optimizer = make(parameters);
  return {{[optimizer] { optimizer->step(); },
           [parameters] {
             Answer all;
             for (const Tensor& p : parameters) all.push_back(digest(p.detach()));
             return all;
           }},
          {inputs, false, {}, {}}};
}

// `moments`: buffers of the parameters' size that a step reads and writes.
template <class Make>
void add_optimizer(Cases& to, const std::string& name, int moments, Make make) {
  for (const bool is_large : {true, false}) {
    const Sizes sizes = is_large ? large() : small();
    Case c;
    c.group = "optimizers";
    c.name = fmt::format("{}, {}", name, is_large ? "1.6 M" : "100 of 64");
    c.unit = "us";
    c.per_call = 1e3;
    c.verified_calls = 3;
    if (is_large) {
      double bytes = 0;
      for (const Input& input : inputs_of(sizes)) bytes += 2 * static_cast<double>(input.numel());
      c.traffic = [=] { return Traffic{bytes * (2 + moments), bytes * (1 + moments)}; };
    }
    c.make = [=] { return made(sizes, make); };
    to.push_back(std::move(c));
  }
}

template <class Optimizer, class Options>
auto maker(Options options) {
  return [options](const Tensors& p) { return std::make_shared<Optimizer>(p, options); };
}

}  // namespace

Cases optimizer_cases() {
  Cases all;
  add_optimizer(all, "SGD", 0, maker<optim::SGD>(optim::SGDOptions{.lr = 0.01}));
  add_optimizer(all, "SGD, momentum", 1,
                maker<optim::SGD>(optim::SGDOptions{.lr = 0.01, .momentum = 0.9}));
  add_optimizer(
      all, "SGD, momentum, clipped norm", 1,
      maker<optim::SGD>(optim::SGDOptions{.lr = 0.01, .momentum = 0.9, .clip_norm = 1.0}));
  add_optimizer(all, "Adam", 2, maker<optim::Adam>(optim::AdamOptions{}));
  add_optimizer(all, "AdamW", 2, maker<optim::AdamW>(optim::AdamWOptions{}));
  add_optimizer(all, "RMSprop", 1, maker<optim::RMSprop>(optim::RMSpropOptions{}));
  add_optimizer(all, "Adagrad", 1, maker<optim::Adagrad>(optim::AdagradOptions{}));
  return all;
}

}  // namespace bench
