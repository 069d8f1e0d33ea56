// The steps that PyTorch takes, for each optimizer: parameters after every one, buffers after the
// last.
#include <functional>
#include <memory>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference.hpp"

using namespace xgrad;
using test::Json;

namespace {

template <class T>
void read(const Json& j, const char* name, T& value) {
  if (j.contains(name)) value = j.at(name).get<T>();
}
template <class Options>
void read_common(const Json& j, Options& o) {
  read(j, "lr", o.lr);
  read(j, "weight_decay", o.weight_decay);
  read(j, "maximize", o.maximize);
}
void read_options(const Json& j, optim::SGDOptions& o) {
  read(j, "momentum", o.momentum);
  read(j, "dampening", o.dampening);
  read(j, "nesterov", o.nesterov);
}
template <class Options>
requires requires(Options o) { o.amsgrad; }
void read_options(const Json& j, Options& o) {
  read(j, "betas", o.betas);
  read(j, "eps", o.eps);
  read(j, "amsgrad", o.amsgrad);
}
void read_options(const Json& j, optim::RMSpropOptions& o) {
  read(j, "alpha", o.alpha);
  read(j, "eps", o.eps);
  read(j, "momentum", o.momentum);
  read(j, "centered", o.centered);
}
void read_options(const Json& j, optim::AdagradOptions& o) {
  read(j, "lr_decay", o.lr_decay);
  read(j, "initial_accumulator_value", o.initial_accumulator_value);
  read(j, "eps", o.eps);
}

std::vector<Tensor> tensors_from(const Json& list) {
  std::vector<Tensor> tensors;
  for (const Json& j : list) tensors.push_back(j.is_null() ? Tensor() : test::tensor_from(j));
  return tensors;
}

template <class Options>
std::vector<optim::ParamGroup<Options>> groups_of(const Json& c,
                                                  const std::vector<Tensor>& params) {
  std::vector<optim::ParamGroup<Options>> groups;
  for (const Json& g : c.at("groups")) {
    Json all = c.at("kwargs");
    all.update(g.at("kwargs"));
    optim::ParamGroup<Options>& group = groups.emplace_back();
    read_common(all, group.options);
    read_options(all, group.options);
    for (const Json& i : g.at("params")) group.params.push_back(params[i.get<std::size_t>()]);
  }
  return groups;
}

std::vector<Tensor> start_of(const Json& c) {
  std::vector<Tensor> params = tensors_from(c.at("start"));
  for (Tensor& p : params) p.requires_grad_();
  return params;
}

void set_gradients(std::vector<Tensor>& params, const Json& step) {
  const auto gradients = tensors_from(step);
  for (std::size_t i = 0; i < params.size(); ++i) params[i].set_grad(gradients[i]);
}

void check_buffers(const Json& expected, const Tensor& p,
                   const std::function<Tensor(std::string)>& state) {
  for (const auto& [name, value] : expected.items()) {
    INFO(name << " of " << to_string(p));
    if (value.is_object())
      CHECK(test::all_close(state(name), test::tensor_from(value), 1e-12));
    else if (value.is_null())
      CHECK(!state(name).defined());
  }
}

// Half of the run by one optimizer, half by another that got its state.
template <class Optimizer, class Options>
void check_run(const Json& c) {
  std::vector<Tensor> params = start_of(c);
  auto optimizer = std::make_unique<Optimizer>(groups_of<Options>(c, params));
  const std::size_t steps = c.at("grads").size();
  for (std::size_t step = 0; step < steps; ++step) {
    if (step == steps / 2) {
      const optim::OptimizerState state = optimizer->state_dict();
      optimizer = std::make_unique<Optimizer>(groups_of<Options>(c, params));
      for (auto& group : optimizer->groups()) group.options.lr = 77;  // the state has the right one
      optimizer->load_state_dict(state);
    }
    set_gradients(params, c.at("grads")[step]);
    optimizer->step();
    for (std::size_t i = 0; i < params.size(); ++i)
      CHECK(test::all_close(params[i].detach(), test::tensor_from(c.at("params")[step][i]), 1e-12));
  }
  for (std::size_t i = 0; i < params.size(); ++i)
    check_buffers(c.at("state")[i], params[i],
                  [&](const std::string& name) { return optimizer->state(params[i], name); });
}

void check_case(const Json& c) {
  const auto name = c.at("optimizer").get<std::string>();
  if (name == "SGD") return check_run<optim::SGD, optim::SGDOptions>(c);
  if (name == "Adam") return check_run<optim::Adam, optim::AdamOptions>(c);
  if (name == "AdamW") return check_run<optim::AdamW, optim::AdamWOptions>(c);
  if (name == "RMSprop") return check_run<optim::RMSprop, optim::RMSpropOptions>(c);
  if (name == "Adagrad") return check_run<optim::Adagrad, optim::AdagradOptions>(c);
  FAIL("there is no optimizer " << name);
}

}  // namespace

TEST_CASE("optimizers take PyTorch's steps, across saving and loading their state", "[optim]") {
  const Json data = test::read_reference("optimizers.json");
  int number = 0;
  for (const Json& c : data.at("cases")) {
    DYNAMIC_SECTION(++number << " " << c.at("optimizer").get<std::string>() << " "
                             << c.at("kwargs").dump() << c.at("groups").dump()) {
      check_case(c);
    }
  }
}

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
  optimizer.load_state_dict(state);
  CHECK(test::same_bits(optimizer.state(w, "exp_avg"), kept));
}

TEST_CASE("options that cannot be are refused by every optimizer", "[optim]") {
  const std::vector<Tensor> p{ones({1}, {.requires_grad = true})};
  using test::throws;
  CHECK(throws<ValueError>([&] { optim::Adam(p, {.lr = -1}); }, {"Adam", "lr is -1"}));
  CHECK(throws<ValueError>([&] { optim::Adam(p, {.betas = {1.0, 0.9}}); }, {"betas is 1"}));
  CHECK(throws<ValueError>([&] { optim::AdamW(p, {.eps = -1}); }, {"AdamW", "eps"}));
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
