// The steps that PyTorch takes, for each optimizer: parameters after every one, buffers after the
// last.
#include <functional>
#include <memory>

#include <xgrad/xgrad.hpp>

#include "reference/runner/not_built.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference.hpp"

using namespace xgrad;
using test::Json;

namespace {

// Their turn comes with an issue of its own.
const std::vector<std::string> not_built{"NAdam", "RAdam", "Adamax", "Adadelta", "Rprop", "ASGD"};

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
      const StateDict state = optimizer->state_dict();
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
  if (!test::is_listed(not_built, name)) FAIL("there is no optimizer " << name);
}

}  // namespace

TEST_CASE("optimizers take PyTorch's steps, across saving and loading their state",
          "[pytorch][optim]") {
  const Json data = test::read_reference("optimizers.json");
  test::tell_not_built("optimizers.json", "LBFGS", not_built);
  int number = 0;
  for (const Json& c : data.at("cases")) {
    DYNAMIC_SECTION(++number << " " << c.at("optimizer").get<std::string>() << " "
                             << c.at("kwargs").dump() << c.at("groups").dump()) {
      check_case(c);
    }
  }
}
