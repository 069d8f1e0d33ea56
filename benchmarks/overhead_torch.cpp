#include <torch/torch.h>

#include <memory>

#include "overhead.hpp"

namespace rival {
namespace {

at::TensorOptions options(bool float64) {
  at::set_num_threads(1);
  return torch::TensorOptions().dtype(float64 ? torch::kFloat64 : torch::kFloat32);
}

}  // namespace

Work chain(int rows, int columns, bool float64, bool leaf) {
  struct State {
    torch::Tensor x, w, b, seed;
    double result = 0;
  };
  const auto o = options(float64);
  const std::vector<int64_t> shape =
      rows == 0 ? std::vector<int64_t>{columns} : std::vector<int64_t>{rows, columns};
  auto s = std::make_shared<State>();
  s->x = torch::full(shape, 0.5, o).requires_grad_(true);
  s->w = torch::full(shape, 0.999, o).requires_grad_(leaf);
  s->b = torch::full(shape, 0.001, o).requires_grad_(leaf);
  s->seed = torch::ones(shape, o);
  return {[s] {
            torch::Tensor y = s->x;
            for (int i = 0; i < 1000; ++i) y = y * s->w + s->b;
            y.backward(s->seed);
            s->result = s->x.grad().view(-1)[0].item<double>();
            y = torch::Tensor();
            for (torch::Tensor* t : {&s->x, &s->w, &s->b}) t->mutable_grad() = torch::Tensor();
          },
          [s] { return s->result; }};
}

Work xor_step(bool float64) {
  struct State {
    torch::Tensor x, t, loss;
    torch::nn::Linear first{2, 4}, second{4, 1};
    std::unique_ptr<torch::optim::SGD> optimizer;
  };
  const auto o = options(float64);
  auto s = std::make_shared<State>();
  s->x = torch::tensor({{0., 0.}, {0., 1.}, {1., 0.}, {1., 1.}}, o);
  s->t = torch::tensor({{0.}, {1.}, {1.}, {0.}}, o);
  std::vector<torch::Tensor> parameters;
  for (auto* layer : {&s->first, &s->second}) {
    (*layer)->to(o.dtype().toScalarType());
    for (auto& p : (*layer)->parameters()) {
      torch::NoGradGuard guard;
      for (int64_t k = 0; k < p.numel(); ++k)
        p.view(-1)[k] = xor_start(static_cast<int>(k), static_cast<int>(p.numel()));
      parameters.push_back(p);
    }
  }
  s->optimizer = std::make_unique<torch::optim::SGD>(parameters, torch::optim::SGDOptions(0.5));
  return {[s] {
            for (auto& group : s->optimizer->param_groups())
              for (auto& p : group.params()) p.mutable_grad() = torch::Tensor();
            s->loss =
                torch::mse_loss(torch::sigmoid(s->second(torch::sigmoid(s->first(s->x)))), s->t);
            s->loss.backward();
            s->optimizer->step();
          },
          [s] { return s->loss.item<double>(); }};
}

Work micrograd() {
  auto result = std::make_shared<double>(0);
  const auto o = options(true).requires_grad(true);
  return {[result, o] {
            torch::Tensor a = torch::tensor(-4.0, o), b = torch::tensor(2.0, o);
            torch::Tensor c = a + b, d = a * b + b * b * b;
            c = c + (c + 1);
            c = c + (1 + c + (-a));
            d = d + (d * 2 + (b + a).relu());
            d = d + (3 * d + (b - a).relu());
            torch::Tensor e = c - d, f = e * e, g = f / 2.0;
            g = g + 10.0 / f;
            g.backward();
            *result = a.grad().item<double>();
          },
          [result] { return *result; }};
}

}  // namespace rival
