#include "libtorch.hpp"

namespace bench {
namespace {

using torch::Tensor;

Work chain(const Setup& setup) {
  struct State {
    Tensor x, w, b, ones, gradient;
  };
  auto s = std::make_shared<State>(State{filled(setup.inputs[0], 0).requires_grad_(),
                                         filled(setup.inputs[1], 1),
                                         filled(setup.inputs[2], 2),
                                         {},
                                         {}});
  s->w.set_requires_grad(setup.inputs[1].differentiable);
  s->b.set_requires_grad(setup.inputs[2].differentiable);
  s->ones = torch::ones_like(s->x);
  return {[s] {
            Tensor y = s->x;
            for (int i = 0; i < 1000; ++i) y = y * s->w + s->b;
            y.backward(s->ones);
            s->gradient = s->x.grad();
            y = Tensor();
            for (Tensor* t : {&s->x, &s->w, &s->b}) t->mutable_grad() = Tensor();
          },
          [s] { return Answer{digest(s->gradient)}; }};
}

Work xor_step(const Setup& setup) {
  struct State {
    Tensor x, target, loss;
    torch::nn::Linear first{2, 4}, second{4, 1};
    Tensors parameters;
    std::unique_ptr<torch::optim::SGD> optimizer;
  };
  const auto o = torch::TensorOptions().dtype(
      setup.inputs[0].type == Input::Type::float64 ? torch::kFloat64 : torch::kFloat32);
  auto s = std::make_shared<State>();
  s->x = torch::tensor({{0., 0.}, {0., 1.}, {1., 0.}, {1., 1.}}, o);
  s->target = torch::tensor({{0.}, {1.}, {1.}, {0.}}, o);
  for (auto* layer : {&s->first, &s->second}) {
    (*layer)->to(o.dtype().toScalarType());
    for (Tensor& p : (*layer)->parameters()) {
      const torch::NoGradGuard guard;
      const std::size_t i = s->parameters.size() + 1;
      p.copy_(filled(setup.inputs[i], i));
      s->parameters.push_back(p);
    }
  }
  s->optimizer = std::make_unique<torch::optim::SGD>(s->parameters, torch::optim::SGDOptions(0.5));
  return {[s] {
            for (Tensor& p : s->parameters) p.mutable_grad() = Tensor();
            s->loss = torch::mse_loss(torch::sigmoid(s->second(torch::sigmoid(s->first(s->x)))),
                                      s->target);
            s->loss.backward();
            s->optimizer->step();
          },
          [s] { return Answer{digest(s->loss)}; }};
}

Work micrograd(const Setup&) {
  auto gradient = std::make_shared<Tensor>();
  const auto o = torch::TensorOptions().dtype(torch::kFloat64).requires_grad(true);
  return {[gradient, o] {
            Tensor a = torch::tensor(-4.0, o), b = torch::tensor(2.0, o);
            Tensor c = a + b, d = a * b + b * b * b;
            c = c + (c + 1);
            c = c + (1 + c + (-a));
            d = d + (d * 2 + (b + a).relu());
            d = d + (3 * d + (b - a).relu());
            Tensor e = c - d, f = e * e, g = f / 2.0;
            g = g + 10.0 / f;
            g.backward();
            *gradient = a.grad();
          },
          [gradient] { return Answer{digest(*gradient)}; }};
}

}  // namespace

Works overhead_works() {
  Works all{
      {"XOR step", xor_step}, {"XOR step, float64", xor_step}, {"micrograd's README", micrograd}};
  for (const std::string size : {"1", "16x16"})
    for (const std::string type : {"", ", float64"})
      for (const std::string leaves : {"", ", leaves"})
        all["chain " + size + type + leaves] = chain;
  return all;
}

}  // namespace bench
