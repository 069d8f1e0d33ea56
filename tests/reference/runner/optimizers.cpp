// The steps that PyTorch takes, for each optimizer: parameters after every one, buffers after the
// last.
#include <map>
#include <memory>
#include <type_traits>
#include <utility>

#include <xgrad/xgrad.hpp>

#include "reference/runner/not_built.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/reference.hpp"

using namespace xgrad;
using test::Json;

namespace {

// Their turn comes with an issue of its own.
const std::vector<std::string> not_built{"NAdam", "RAdam", "Adamax", "Rprop", "ASGD"};

std::vector<Tensor> tensors_from(const Json& list) {
  std::vector<Tensor> tensors;
  for (const Json& j : list) tensors.push_back(j.is_null() ? Tensor() : test::tensor_from(j));
  return tensors;
}

// The parameters of each group of a case.
using Groups = std::vector<std::vector<Tensor>>;
Groups groups_of(const Json& c, const std::vector<Tensor>& params) {
  Groups groups;
  for (const Json& g : c.at("groups")) {
    std::vector<Tensor>& group = groups.emplace_back();
    for (const Json& i : g.at("params")) group.push_back(params[i.get<std::size_t>()]);
  }
  return groups;
}

template <class Optimizer>
std::unique_ptr<optim::Optimizer> make(const Groups& groups) {
  using Group =
      typename std::remove_reference_t<decltype(std::declval<Optimizer>().groups())>::value_type;
  std::vector<Group> all;
  for (const std::vector<Tensor>& params : groups) all.push_back({params});
  return std::make_unique<Optimizer>(all);
}
const std::map<std::string, std::unique_ptr<optim::Optimizer> (*)(const Groups&)> optimizers{
    {"SGD", make<optim::SGD>},         {"Adam", make<optim::Adam>},
    {"AdamW", make<optim::AdamW>},     {"RMSprop", make<optim::RMSprop>},
    {"Adagrad", make<optim::Adagrad>}, {"Adadelta", make<optim::Adadelta>},
};

// An option of PyTorch's is an entry of the state, or two, as betas.
void set_option(StateDict& state, const std::string& name, const Json& value) {
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i)
      set_option(state, name + "." + std::to_string(i), value[i]);
  } else if (value.is_boolean()) {
    state.set(name, value.get<bool>());
  } else {
    state.set(name, value.get<double>());
  }
}
void set_options(optim::Optimizer& optimizer, const Json& c) {
  StateDict state = optimizer.state_dict();
  for (std::size_t i = 0; i < c.at("groups").size(); ++i)
    for (const Json* const options : {&c.at("kwargs"), &c.at("groups")[i].at("kwargs")})
      for (const auto& [name, value] : options->items())
        set_option(state, "param_groups." + std::to_string(i) + "." + name, value);
  optimizer.load_state_dict(state);
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

// The cases count parameters in their own order, states through the groups.
void check_buffers(const Json& c, const StateDict& state) {
  std::size_t number = 0;
  for (const Json& group : c.at("groups"))
    for (const Json& i : group.at("params")) {
      const StateDict own = state.below("state." + std::to_string(number++));
      for (const auto& [name, value] : c.at("state")[i.get<std::size_t>()].items()) {
        INFO(name << " of parameter " << i);
        if (value.is_null())
          CHECK(!own.contains(name));
        else if (value.is_object())
          CHECK(test::all_close(own.get<Tensor>(name), test::tensor_from(value), 1e-12));
        else
          CHECK(own.get<Tensor>(name).item<double>() == value.get<double>());
      }
    }
}

// Half of the run by one optimizer, half by another that got its state.
void check_run(const Json& c, std::unique_ptr<optim::Optimizer> (*make_one)(const Groups&)) {
  std::vector<Tensor> params = start_of(c);
  const Groups groups = groups_of(c, params);
  auto optimizer = make_one(groups);
  set_options(*optimizer, c);
  const std::size_t steps = c.at("grads").size();
  for (std::size_t step = 0; step < steps; ++step) {
    if (step == steps / 2) {
      const auto before = std::exchange(optimizer, make_one(groups));
      optimizer->load_state_dict(before->state_dict());
    }
    set_gradients(params, c.at("grads")[step]);
    optimizer->step();
    for (std::size_t i = 0; i < params.size(); ++i)
      CHECK(test::all_close(params[i].detach(), test::tensor_from(c.at("params")[step][i]), 1e-12));
  }
  check_buffers(c, optimizer->state_dict());
}

void check_case(const Json& c) {
  const auto name = c.at("optimizer").get<std::string>();
  if (const auto at = optimizers.find(name); at != optimizers.end())
    check_run(c, at->second);
  else if (!test::is_listed(not_built, name))
    FAIL("there is no optimizer " << name);
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
