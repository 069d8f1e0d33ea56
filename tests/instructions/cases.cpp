#include "instructions/cases.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <xgrad/xgrad.hpp>

namespace xgrad::test {
namespace {

using Work = std::function<void()>;

Tensor leaf(double value) { return full({1}, value, {.dtype = float32, .requires_grad = true}); }

// 100 times y = y * w + b, swept and freed: 200 ops.
Work chain(bool leaves) {
  return [x = leaf(0.5), w = leaf(0.999).requires_grad_(leaves),
          b = leaf(0.001).requires_grad_(leaves), ones = ones({1})] {
    Tensor y = x;
    for (int i = 0; i < 100; ++i) y = y * w + b;
    y.backward(ones);
    for (const Tensor& t : {x, w, b}) Tensor(t).zero_grad();
  };
}

// The same forward alone.
Work chain_without_gradients() {
  return [x = leaf(0.5), w = leaf(0.999), b = leaf(0.001)] {
    const NoGrad guard;
    Tensor y = x;
    for (int i = 0; i < 100; ++i) y = y * w + b;
  };
}

// The 2-4-1 network on 4 samples; its products are too small for BLAS.
Work xor_step() {
  manual_seed(1);
  const nn::Linear first(2, 4), second(4, 1);
  const Tensor x = tensor({{0., 0.}, {0., 1.}, {1., 0.}, {1., 1.}}, {.dtype = float32});
  const Tensor target = tensor({{0.}, {1.}, {1.}, {0.}}, {.dtype = float32});
  optim::SGD optimizer({first.weight, first.bias, second.weight, second.bias}, {.lr = 0.5});
  return [=]() mutable {
    optimizer.zero_grad();
    mse_loss(sigmoid(second(sigmoid(first(x)))), target).backward();
    optimizer.step();
  };
}

// The expression of micrograd's README.
void micrograd() {
  const TensorOptions o{.dtype = float64, .requires_grad = true};
  const Tensor a = tensor(-4.0, o), b = tensor(2.0, o);
  Tensor c = a + b, d = a * b + b * b * b;
  c = c + (c + 1);
  c = c + (1 + c + (-a));
  d = d + (d * 2 + relu(b + a));
  d = d + (3 * d + relu(b - a));
  const Tensor e = c - d, f = e * e;
  const Tensor g = f / 2.0 + 10.0 / f;
  g.backward();
}

Work elementwise() {
  manual_seed(1);
  return [x = randn({1024}).requires_grad_(), y = randn({1024}).requires_grad_()] {
    (abs(x) * y + relu(x - y) / 2).sum().backward();
    for (const Tensor& t : {x, y}) Tensor(t).zero_grad();
  };
}

Work sums() {
  manual_seed(1);
  return [x = randn({32, 32}).requires_grad_()] {
    (x.sum(0) + x.sum(1) + x.mean(0, true)).sum().backward();
    Tensor(x).zero_grad();
  };
}

Work indexing() {
  manual_seed(1);
  return [x = randn({16, 16}).requires_grad_(), rows = tensor({3, 1, 4, 1})] {
    const Tensor part = x.index({Slice(2, 14, 3), Slice(0, 8)}) + x.index({rows, Slice(8)});
    (part + x[5].index({Slice(8)})).sum().backward();
    Tensor(x).zero_grad();
  };
}

Work adam_step() {
  manual_seed(1);
  std::vector<Tensor> parameters;
  for (int i = 1; i <= 10; ++i) {
    parameters.push_back(randn({i, 3}).requires_grad_());
    parameters.back().set_grad(randn({i, 3}));
  }
  return [optimizer = optim::Adam(parameters)]() mutable { optimizer.step(); };
}

// From the thread's cache.
void creation() {
  std::vector<Tensor> kept;
  for (int i = 0; i < 50; ++i) kept.push_back(zeros({1 + i}));
}

Work modules() {
  manual_seed(1);
  return [net = nn::Sequential(nn::ReLU(), nn::LeakyReLU(0.1), nn::Hardtanh(), nn::Softsign(),
                               nn::Hardsigmoid(), nn::Identity()),
          x = randn({8, 8})] { net(x); };
}

Work hooks() {
  const Tensor x = leaf(0.5);
  register_post_accumulate_grad_hook(x, [](const Tensor&) {}).release();
  return [=] {
    Tensor y = x;
    for (int i = 0; i < 20; ++i) {
      y = y * x;
      y.register_hook([](const Tensor&) {}).release();
    }
    y.backward();
    Tensor(x).zero_grad();
  };
}

}  // namespace

const std::vector<InstructionCase>& instruction_cases() {
  static const std::vector<InstructionCase> all{
      {"chain", 50, [] { return chain(false); }},
      {"chain_of_leaves", 50, [] { return chain(true); }},
      {"chain_without_gradients", 100, chain_without_gradients},
      {"xor_step", 200, xor_step},
      {"micrograd", 200, [] { return micrograd; }},
      {"elementwise", 50, elementwise},
      {"sums", 50, sums},
      {"indexing", 200, indexing},
      {"adam_step", 200, adam_step},
      {"creation", 200, [] { return creation; }},
      {"modules", 200, modules},
      {"hooks", 100, hooks}};
  return all;
}

const InstructionCase& instruction_case(const std::string& name) {
  const auto& all = instruction_cases();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& c) { return c.name == name; });
  if (found == all.end()) throw std::out_of_range("there is no case " + name);
  return *found;
}

}  // namespace xgrad::test
