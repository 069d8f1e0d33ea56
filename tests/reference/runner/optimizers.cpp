// The steps that PyTorch takes, for each optimizer: parameters after every one, buffers after the
// last.
#include <memory>
#include <utility>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/optimizers.hpp"
#include "support/reference.hpp"

using namespace xgrad;
using test::Json;

namespace {

std::vector<Tensor> tensors_from(const Json& list) {
  std::vector<Tensor> tensors;
  for (const Json& j : list) tensors.push_back(j.is_null() ? Tensor() : test::tensor_from(j));
  return tensors;
}

test::OptimizerGroups groups_of(const Json& c, const std::vector<Tensor>& params) {
  test::OptimizerGroups groups;
  for (const Json& g : c.at("groups")) {
    std::vector<Tensor>& group = groups.emplace_back();
    for (const Json& i : g.at("params")) group.push_back(params[i.get<std::size_t>()]);
  }
  return groups;
}

void set_options(optim::Optimizer& optimizer, const Json& c) {
  for (std::size_t i = 0; i < c.at("groups").size(); ++i)
    for (const Json* const options : {&c.at("kwargs"), &c.at("groups")[i].at("kwargs")})
      test::set_options(optimizer, i, *options);
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
void check_case(const Json& c) {
  const test::MakeOptimizer make_one = test::optimizers().at(c.at("optimizer").get<std::string>());
  std::vector<Tensor> params = start_of(c);
  const test::OptimizerGroups groups = groups_of(c, params);
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

// The functions that LBFGS minimizes, of all parameters as one vector.
Tensor objective(const Json& o, const std::vector<Tensor>& params) {
  std::vector<Tensor> parts;
  for (const Tensor& p : params) parts.push_back(p.reshape({p.numel()}));
  const Tensor x = cat(parts);
  const std::int64_t n = x.numel();
  if (o.at("name") == "rosenbrock") {
    const Tensor a = narrow(x, 0, 0, n - 1), b = narrow(x, 0, 1, n - 1), off = b - square(a);
    return (100 * square(off) + square(1 - a)).sum();
  }
  if (o.at("name") == "quadratic")
    return 0.5 * dot(x, mv(test::tensor_from(o.at("A")), x)) - dot(test::tensor_from(o.at("b")), x);
  const Tensor w = narrow(x, 0, 0, n - 1), bias = narrow(x, 0, n - 1, 1);
  const Tensor margin = test::tensor_from(o.at("y")) * (mv(test::tensor_from(o.at("X")), w) + bias);
  return log1p(exp(-margin)).mean() + 0.01 * dot(w, w);
}

void check_lbfgs(const Json& c) {
  std::vector<Tensor> params = start_of(c);
  std::unique_ptr<optim::Optimizer> optimizer = test::make_optimizer("LBFGS", params);
  test::set_options(*optimizer, 0, c.at("kwargs"));
  const std::size_t steps = c.at("params").size();
  for (std::size_t step = 0; step < steps; ++step) {
    if (step == steps / 2) {
      const auto before = std::exchange(optimizer, test::make_optimizer("LBFGS", params));
      optimizer->load_state_dict(before->state_dict());
    }
    const Tensor loss = optimizer->step([&] {
      optimizer->zero_grad();
      const Tensor value = objective(c.at("objective"), params);
      value.backward();
      return value;
    });
    INFO("step " << step);
    CHECK(loss.item<double>() ==
          Approx(c.at("losses")[step].get<double>()).epsilon(1e-9).margin(1e-12));
    for (std::size_t i = 0; i < params.size(); ++i)
      // The line search makes much of the last digits of sums, which depend on their order.
      CHECK(test::all_close(params[i].detach(), test::tensor_from(c.at("params")[step][i]), 1e-11));
    const StateDict state = optimizer->state_dict().below("state.0");
    CHECK(state.get<std::int64_t>("func_evals") == c.at("func_evals")[step].get<std::int64_t>());
    CHECK(state.get<std::int64_t>("n_iter") == c.at("n_iter")[step].get<std::int64_t>());
  }
}

}  // namespace

TEST_CASE("optimizers take PyTorch's steps, across saving and loading their state",
          "[pytorch][optim]") {
  const Json data = test::read_reference("optimizers.json");
  int number = 0;
  for (const Json& c : data.at("cases")) {
    DYNAMIC_SECTION(++number << " " << c.at("optimizer").get<std::string>() << " "
                             << c.at("kwargs").dump() << c.at("groups").dump()) {
      check_case(c);
    }
  }
}

TEST_CASE("LBFGS takes PyTorch's iterations, across saving and loading its state",
          "[pytorch][optim]") {
  const Json data = test::read_reference("optimizers.json");
  int number = 0;
  for (const Json& c : data.at("lbfgs")) {
    DYNAMIC_SECTION(++number << " " << c.at("objective").at("name").get<std::string>() << " "
                             << c.at("kwargs").dump()) {
      check_lbfgs(c);
    }
  }
}
