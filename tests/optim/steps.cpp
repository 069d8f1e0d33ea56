// What the steps of all optimizers have in common, and which options they take.
#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/optimizers.hpp"

using namespace xgrad;

TEST_CASE("every optimizer steps every length by one rule, clipped in the step or before",
          "[optim]") {
  const auto run = [](const std::string& name, std::int64_t n, bool fused) {
    const Shape shape = name == "Muon" ? Shape{n, 3} : Shape{n};
    std::vector<Tensor> params{test::uniform(shape, -1, 1, 1).requires_grad_()};
    const auto optimizer = test::make_optimizer(name, params);
    test::set_options(*optimizer, 0, {{"lr", 0.1}});
    if (fused) test::set_options(*optimizer, 0, {{"clip_norm", 0.7}, {"clip_value", 0.6}});
    for (unsigned step = 0; step < 3; ++step) {
      params[0].set_grad(test::uniform(shape, -1, 1, 10 + step));
      if (!fused) {
        optim::clip_grad_value_(params, 0.6);
        optim::clip_grad_norm_(params, 0.7);
      }
      optimizer->step();
    }
    return params[0].detach();
  };
  for (const auto& [name, make] : test::optimizers())
    for (const std::int64_t n : {0, 1, 7, 16, 17, 33}) {
      INFO(name << " " << n);
      CHECK(test::all_close(run(name, n, true), run(name, n, false), 1e-12));
    }
}

TEST_CASE("every element is stepped by the same rule, wherever it lies", "[optim]") {
  for (const auto& [name, make] : test::optimizers()) {
    if (name == "Muon") continue;  // whose steps are of matrices
    Tensor whole = test::leaf({37}, -1, 1, 1), one = whole.detach()[35].clone().requires_grad_();
    const auto many = test::make_optimizer(name, {whole}),
               single = test::make_optimizer(name, {one});
    for (unsigned step = 0; step < 4; ++step) {
      const Tensor g = test::uniform({37}, -1, 1, 10 + step);
      whole.set_grad(g);
      one.set_grad(g[35].clone());
      many->step();
      single->step();
    }
    INFO(name);
    CHECK(test::all_close(whole.detach()[35], one.detach(), 1e-15));
  }
}

TEST_CASE("maximizing is minimizing along the other gradient", "[optim]") {
  for (const auto& [name, make] : test::optimizers()) {
    Tensor up = test::leaf({5, 4}, -1, 1, 1), down = up.detach().clone().requires_grad_();
    const auto climbs = test::make_optimizer(name, {up}),
               falls = test::make_optimizer(name, {down});
    test::set_options(*climbs, 0, {{"maximize", true}});
    for (unsigned step = 0; step < 3; ++step) {
      const Tensor g = test::uniform({5, 4}, -1, 1, 10 + step);
      up.set_grad(g);
      down.set_grad(-g);
      climbs->step();
      falls->step();
    }
    INFO(name);
    CHECK(test::same_bits(up.detach(), down.detach()));
  }
}

TEST_CASE("a bare number is the learning rate, empty braces are the defaults", "[optim]") {
  const std::vector<Tensor> p{ones({2, 2}, {.requires_grad = true})};
  const auto rate = [](const auto& optimizer) { return optimizer.groups()[0].options.lr; };
  CHECK(rate(optim::SGD(p, 0.5)) == 0.5);
  CHECK(rate(optim::SGD(p, 1)) == 1);
  CHECK(rate(optim::SGD(p, 0.5F)) == 0.5);
  CHECK(rate(optim::SGD(p, {})) == 1e-3);
  CHECK(rate(optim::SGD(p, {0.25})) == 0.25);
  CHECK(rate(optim::SGD(p, {.lr = 0.25})) == 0.25);
  CHECK(rate(optim::SGD({p[0]}, 0.5)) == 0.5);
  CHECK(rate(optim::SGD({{p, {.lr = 0.25}}})) == 0.25);
  CHECK(rate(optim::Adam(p, 0.5)) + rate(optim::AdamW(p, 0.5)) + rate(optim::NAdam(p, 0.5)) +
            rate(optim::RAdam(p, 0.5)) + rate(optim::Adamax(p, 0.5)) +
            rate(optim::Adagrad(p, 0.5)) + rate(optim::Adadelta(p, 0.5)) +
            rate(optim::RMSprop(p, 0.5)) + rate(optim::Rprop(p, 0.5)) + rate(optim::ASGD(p, 0.5)) +
            rate(optim::Lion(p, 0.5)) + rate(optim::Muon(p, 0.5)) + rate(optim::LBFGS(p, 0.5)) ==
        6.5);
  const int line = __LINE__ + 1;
  CHECK(test::throws<ValueError>([&] { optim::SGD(p, -1); },
                                 {"lr is -1", "steps.cpp:" + std::to_string(line)}));
}

TEST_CASE("a step can call a closure for the loss", "[optim]") {
  Tensor w = tensor(3.0).requires_grad_();
  optim::SGD optimizer({w}, 0.25);
  const NoGrad guard;  // the closure's graph is recorded all the same
  const Tensor loss = optimizer.step([&] {
    optimizer.zero_grad();
    const Tensor square = w * w;
    square.backward();
    return square;
  });
  CHECK(loss.item<double>() == 9);
  CHECK(w.item<double>() == 1.5);
}

TEST_CASE("options that cannot be are refused by every optimizer", "[optim]") {
  const std::vector<Tensor> p{ones({1}, {.requires_grad = true})};
  using test::throws;
  CHECK(throws<ValueError>([&] { optim::Adam(p, {.lr = -1}); }, {"Adam", "lr is -1"}));
  CHECK(throws<ValueError>([&] { optim::Adam(p, {.betas = {1.0, 0.9}}); }, {"betas is 1"}));
  CHECK(throws<ValueError>([&] { optim::AdamW(p, {.eps = -1}); }, {"AdamW", "eps"}));
  CHECK(throws<ValueError>([&] { optim::SGD(p, {.momentum = 1, .dampening = NAN}); },
                           {"SGD", "dampening is nan"}));
  CHECK(throws<ValueError>([&] { optim::RMSprop(p, {.alpha = -1}); }, {"RMSprop", "alpha"}));
  CHECK(throws<ValueError>([&] { optim::RMSprop(p, {.momentum = -1}); }, {"momentum"}));
  CHECK(throws<ValueError>([&] { optim::Adagrad(p, {.lr_decay = -1}); }, {"Adagrad", "lr_decay"}));
  CHECK(throws<ValueError>([&] { optim::Adagrad(p, {.initial_accumulator_value = -1}); },
                           {"initial_accumulator_value"}));
  CHECK(throws<ValueError>([&] { optim::Adadelta(p, {.rho = 1.5}); }, {"Adadelta", "rho is 1.5"}));
  CHECK(throws<ValueError>([&] { optim::NAdam(p, {.momentum_decay = -1}); },
                           {"NAdam", "momentum_decay is -1"}));
  CHECK(throws<ValueError>([&] { optim::NAdam(p, {.betas = {1.0, 0.9}}); }, {"betas is 1"}));
  CHECK(throws<ValueError>([&] { optim::RAdam(p, {.eps = -1}); }, {"RAdam", "eps is -1"}));
  CHECK(throws<ValueError>([&] { optim::Adamax(p, {.betas = {0.9, NAN}}); }, {"Adamax", "nan"}));
  CHECK(throws<ValueError>(
      [&] {
        optim::Rprop(p, {.etas = {0.5, 1}});
      },
      {"Rprop", "the second of etas is 1", "above 1"}));
  CHECK(throws<ValueError>([&] { optim::Rprop(p, {.etas = {0, 1.2}}); }, {"the first of etas"}));
  CHECK(throws<ValueError>(
      [&] {
        optim::Rprop(p, {.step_sizes = {1, 0.5}});
      },
      {"the second of step_sizes is 0.5"}));
  CHECK(throws<ValueError>([&] { optim::Rprop(p, {.step_sizes = {-1, 0.5}}); }, {"is -1"}));
  CHECK(throws<ValueError>([&] { optim::ASGD(p, {.lambd = -1}); }, {"ASGD", "lambd"}));
  CHECK(throws<ValueError>([&] { optim::ASGD(p, {.alpha = NAN}); }, {"alpha is nan"}));
  CHECK(throws<ValueError>([&] { optim::ASGD(p, {.t0 = -1}); }, {"t0 is -1"}));
  CHECK(throws<ValueError>([&] { optim::Lion(p, {.betas = {0.9, 1}}); }, {"Lion", "betas is 1"}));
  CHECK(throws<GraphError>([&] { optim::Adam({p[0] * 2}); }, {"Adam", "leaves"}));
}

TEST_CASE("momentum begins as the first gradient, whatever the dampening", "[optim][sgd]") {
  // torch.optim.SGD([w], lr=1, momentum=0.5, dampening=0.25), two gradients of 1
  Tensor w = zeros({1}, {.requires_grad = true});
  optim::SGD optimizer({w}, {.lr = 1, .momentum = 0.5, .dampening = 0.25});
  for (const float expected : {-1.F, -2.25F}) {
    w.set_grad(ones({1}));
    optimizer.step();
    CHECK(w.item<float>() == expected);
  }
}

TEST_CASE("norms of gradients around 1e20 and 1e-25 keep their digits", "[optim][clip]") {
  for (const float size : {1e20F, 1e-25F}) {
    const Tensor w = zeros({2000}, {.requires_grad = true});
    Tensor(w).set_grad(full({2000}, size));
    const double norm = static_cast<double>(size) * std::sqrt(2000.0);
    CHECK(test::all_close(optim::clip_grad_norm_(w, norm), tensor(norm), 0, 1e-6));
    if (size > 1) {
      optim::clip_grad_norm_(w, norm / 4);
      CHECK(test::all_close(w.grad(), full({2000}, size / 4), 0, 1e-6));
    }
  }
}
