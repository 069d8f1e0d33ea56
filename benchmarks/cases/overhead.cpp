// What an op costs beyond its arithmetic: recorded, swept, freed.
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "../suite.hpp"

namespace bench {
namespace {

using xgrad::Tensor;

// y = x, then 1000 times y = y * w + b; backward from ones; graph and gradients freed: 2000 ops.
// Leaves: w and b want gradients too.
Made chain(const std::vector<std::int64_t>& sizes, Input::Type type, bool leaves) {
  const auto constant = [&](double value) { return Input{sizes, value, value, type}; };
  struct State {
    Tensor x, w, b, ones, gradient;
  };
  Setup setup{{constant(0.5), constant(0.999), constant(0.001)}, true, {}, {}};
  setup.inputs[1].differentiable = setup.inputs[2].differentiable = leaves;
  auto s = std::make_shared<State>(State{filled(setup.inputs[0], 0).requires_grad_(),
                                         filled(setup.inputs[1], 1).requires_grad_(leaves),
                                         filled(setup.inputs[2], 2).requires_grad_(leaves),
                                         {},
                                         {}});
  s->ones = xgrad::ones_like(s->x);
  return {{[s] {
             Tensor y = s->x;
             for (int i = 0; i < 1000; ++i) y = y * s->w + s->b;
             y.backward(s->ones);
             s->gradient = s->x.grad();
             y = Tensor();
             for (Tensor* t : {&s->x, &s->w, &s->b}) t->zero_grad();
           },
           [s] { return Answer{digest(s->gradient)}; }},
          setup};
}

// The 2-4-1 network on 4 samples: sigmoid twice, mean squared error, SGD with lr 0.5.
Made xor_step(Input::Type type) {
  struct State {
    Tensor x, target, loss;
    xgrad::nn::Linear first, second;
    xgrad::optim::SGD optimizer;
  };
  const Setup setup{{{{4, 2}, 0, 1, type},
                     {{4, 2}, -1, 1, type},
                     {{4}, -1, 1, type},
                     {{1, 4}, -1, 1, type},
                     {{1}, -1, 1, type}},
                    true,
                    {},
                    {}};
  const xgrad::DType dtype = type == Input::Type::float64 ? xgrad::float64 : xgrad::float32;
  const xgrad::nn::Linear first(2, 4, {.dtype = dtype}), second(4, 1, {.dtype = dtype});
  const Tensors parameters{first.weight, first.bias, second.weight, second.bias};
  {
    const xgrad::NoGrad guard;
    for (std::size_t i = 0; i < 4; ++i)
      Tensor(parameters[i]).copy_(filled(setup.inputs[i + 1], i + 1));
  }
  const xgrad::TensorOptions o{.dtype = dtype};
  auto s = std::make_shared<State>(State{xgrad::tensor({{0., 0.}, {0., 1.}, {1., 0.}, {1., 1.}}, o),
                                         xgrad::tensor({{0.}, {1.}, {1.}, {0.}}, o),
                                         {},
                                         first,
                                         second,
                                         xgrad::optim::SGD(parameters, {.lr = 0.5})});
  return {{[s] {
             s->optimizer.zero_grad();
             s->loss = mse_loss(sigmoid(s->second(sigmoid(s->first(s->x)))), s->target);
             s->loss.backward();
             s->optimizer.step();
           },
           [s] { return Answer{digest(s->loss.detach())}; }},
          setup};
}

// The expression of micrograd's README, leaves made anew, forward and backward.
Made micrograd() {
  auto gradient = std::make_shared<Tensor>();
  return {{[gradient] {
             const xgrad::TensorOptions o{.dtype = xgrad::float64, .requires_grad = true};
             Tensor a = xgrad::tensor(-4.0, o), b = xgrad::tensor(2.0, o);
             Tensor c = a + b, d = a * b + b * b * b;
             c = c + (c + 1);
             c = c + (1 + c + (-a));
             d = d + (d * 2 + relu(b + a));
             d = d + (3 * d + relu(b - a));
             Tensor e = c - d, f = e * e, g = f / 2.0;
             g = g + 10.0 / f;
             g.backward();
             *gradient = a.grad();
           },
           [gradient] { return Answer{digest(*gradient)}; }},
          {}};
}

Case named(const std::string& name, const std::string& unit, double per_call, double tolerance,
           std::function<Made()> make) {
  Case c;
  c.group = "overhead";
  c.name = name;
  c.unit = unit;
  c.per_call = per_call;
  c.tolerance = tolerance;
  c.make = std::move(make);
  return c;
}

}  // namespace

Cases overhead_cases() {
  Cases all;
  for (const std::vector<std::int64_t>& sizes : {std::vector<std::int64_t>{1}, {16, 16}})
    for (const bool leaves : {false, true})
      for (const auto type : {Input::Type::float32, Input::Type::float64})
        all.push_back(named(
            fmt::format("chain {}{}{}", sizes.size() == 1 ? "1" : "16x16",
                        type == Input::Type::float64 ? ", float64" : "", leaves ? ", leaves" : ""),
            "ns/op", 2000, type == Input::Type::float64 ? 1e-10 : 1e-3,
            [=] { return chain(sizes, type, leaves); }));
  for (const auto type : {Input::Type::float32, Input::Type::float64})
    all.push_back(named(type == Input::Type::float64 ? "XOR step, float64" : "XOR step", "us", 1e3,
                        1e-4, [type] { return xor_step(type); }));
  all.push_back(named("micrograd's README", "us", 1e3, 1e-12, micrograd));
  return all;
}

}  // namespace bench
