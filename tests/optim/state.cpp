// What all optimizers have in common: their state, their options, the lengths they step.
#include <cmath>
#include <limits>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("a state is a copy, and one that does not fit changes nothing", "[optim][state]") {
  Tensor w = ones({3}, {.requires_grad = true}), b = ones({2}, {.requires_grad = true});
  optim::Adam optimizer({w, b}, {.lr = 0.1});
  const auto step = [&] {
    w.set_grad(ones({3}));
    optimizer.step();
  };
  step();
  const optim::OptimizerState state = optimizer.state_dict();
  const Tensor kept = state.state[0].buffers.at("exp_avg").clone();
  step();
  CHECK(test::same_bits(state.state[0].buffers.at("exp_avg"), kept));
  CHECK(state.state[0].step == 1);
  CHECK(state.state[1].step == 0);
  CHECK(state.state[1].buffers.empty());  // b never had a gradient

  const Tensor now = optimizer.state(w, "exp_avg").clone();
  const auto refused = [&](const optim::OptimizerState& wrong, const char* why) {
    CHECK(test::throws<ValueError>([&] { optimizer.load_state_dict(wrong); }, {"Adam", why}));
    CHECK(test::same_bits(optimizer.state(w, "exp_avg"), now));
  };
  optim::OptimizerState wrong = state;
  wrong.groups.clear();
  refused(wrong, "1 groups, the state has 0");
  wrong = state;
  wrong.groups[0].params.pop_back();
  refused(wrong, "2 parameters");
  wrong = state;
  wrong.groups[0].options.erase("eps");
  refused(wrong, "'eps'");
  wrong = state;
  wrong.state[0].buffers["exp_avg"] = ones({4});
  refused(wrong, "'exp_avg'");
  wrong = state;
  wrong.state[0].buffers["sum"] = ones({3});
  refused(wrong, "'sum'");
  wrong = state;
  wrong.state.pop_back();
  refused(wrong, "missing");
  const auto with_option = [&](const char* name, double value) {
    optim::OptimizerState other = state;
    other.groups[0].options[name] = value;
    return other;
  };
  refused(with_option("lr", -1), "lr is -1");
  refused(with_option("beta2", NAN), "betas is nan");
  refused(with_option("clip_norm", -2), "clip_norm is -2");
  refused(with_option("amsgrad", 0.5), "'amsgrad' is 0.5");
  wrong = with_option("lr", 0.5);
  wrong.state[1].step = -1;
  refused(wrong, "step is -1");
  wrong.state[1].step = std::numeric_limits<std::int64_t>::max();
  refused(wrong, "step is 9223372036854775807");
  CHECK(optimizer.groups()[0].options.lr == 0.1);
  optimizer.load_state_dict(state);
  CHECK(test::same_bits(optimizer.state(w, "exp_avg"), kept));
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
  CHECK(throws<GraphError>([&] { optim::Adam({p[0] * 2}); }, {"Adam", "leaves"}));
}

TEST_CASE("every optimizer steps every length by one rule, clipped in the step or before",
          "[optim]") {
  const auto run = [](auto make, std::int64_t n, bool fused) {
    std::vector<Tensor> params{test::uniform({n}, -1, 1, 1).requires_grad_()};
    auto optimizer = make(params, fused);
    for (unsigned step = 0; step < 3; ++step) {
      params[0].set_grad(test::uniform({n}, -1, 1, 10 + step));
      if (!fused) {
        optim::clip_grad_value_(params, 0.6);
        optim::clip_grad_norm_(params, 0.7);
      }
      optimizer.step();
    }
    return params[0].detach();
  };
  const auto check = [&](auto make) {
    for (const std::int64_t n : {0, 1, 7, 16, 17, 33})
      CHECK(test::all_close(run(make, n, true), run(make, n, false), 1e-12));
  };
  check([](const std::vector<Tensor>& p, bool fused) {
    optim::AdamOptions o{.lr = 0.1, .amsgrad = true};
    if (fused) o.clip_norm = 0.7, o.clip_value = 0.6;
    return optim::Adam(p, o);
  });
  check([](const std::vector<Tensor>& p, bool fused) {
    optim::RMSpropOptions o{.lr = 0.1, .momentum = 0.9, .centered = true};
    if (fused) o.clip_norm = 0.7, o.clip_value = 0.6;
    return optim::RMSprop(p, o);
  });
  check([](const std::vector<Tensor>& p, bool fused) {
    optim::AdagradOptions o{.lr = 0.1};
    if (fused) o.clip_norm = 0.7, o.clip_value = 0.6;
    return optim::Adagrad(p, o);
  });
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
