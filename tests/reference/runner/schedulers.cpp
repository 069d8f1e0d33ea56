// The learning rates that PyTorch's schedulers set, and the momenta, step by step.
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/reference.hpp"

using namespace xgrad;
using test::Json;

namespace {

// A case's optimizer: a parameter for each group.
std::unique_ptr<optim::Optimizer> optimizer_of(const Json& j) {
  const Json &lr = j.at("lr"), &kwargs = j.at("kwargs");
  const auto make = [&]<class Optimizer, class Options>(Options options) {
    std::vector<optim::ParamGroup<Options>> groups;
    for (const Json& rate : lr) {
      options.lr = rate;
      groups.push_back({{zeros({1}, {.requires_grad = true})}, options});
    }
    return std::unique_ptr<optim::Optimizer>(std::make_unique<Optimizer>(groups));
  };
  if (j.at("optimizer") == "Adam")
    return make.template operator()<optim::Adam>(optim::AdamOptions());
  return make.template operator()<optim::SGD>(
      optim::SGDOptions{.momentum = kwargs.value("momentum", 0.0)});
}

optim::PerGroup per_group(const Json& j) {
  return j.is_array() ? optim::PerGroup(j.get<std::vector<double>>()) : j.get<double>();
}

// The cases' functions of an epoch.
const std::map<std::string, optim::LRLambda> functions{
    {"0.95 ** epoch", [](auto epoch) { return std::pow(0.95, epoch); }},
    {"1 / (1 + 0.5 * epoch)",
     [](auto epoch) { return 1 / (1 + 0.5 * static_cast<double>(epoch)); }},
    {"min(1, (epoch + 1) / 10)",
     [](auto epoch) { return std::min(1.0, static_cast<double>(epoch + 1) / 10); }},
    {"0.97", [](auto) { return 0.97; }},
};
template <class S>
S by_functions(optim::Optimizer& o, const Json& j) {
  if (j.is_string()) return S(o, functions.at(j));
  std::vector<optim::LRLambda> each;
  for (const Json& f : j) each.push_back(functions.at(f));
  return S(o, each);
}

optim::CyclicLR cyclic(optim::Optimizer& o, const Json& k) {
  optim::CyclicLROptions options;
  options.step_size_up = k.at("step_size_up");
  options.mode = k.value("mode", options.mode);
  options.gamma = k.value("gamma", options.gamma);
  options.cycle_momentum = k.value("cycle_momentum", true);
  return {o, per_group(k.at("base_lr")), per_group(k.at("max_lr")), options};
}
optim::OneCycleLR one_cycle(optim::Optimizer& o, const Json& k) {
  optim::OneCycleLROptions options;
  options.total_steps = k.at("total_steps").get<std::int64_t>();
  options.pct_start = k.value("pct_start", options.pct_start);
  options.anneal_strategy = k.value("anneal_strategy", options.anneal_strategy);
  options.div_factor = k.value("div_factor", options.div_factor);
  options.final_div_factor = k.value("final_div_factor", options.final_div_factor);
  options.three_phase = k.value("three_phase", false);
  return {o, per_group(k.at("max_lr")), options};
}

// A schedule by its name and the keyword arguments of PyTorch's class.
using Make = optim::AnyScheduler (*)(optim::Optimizer&, const Json&);
const std::map<std::string, Make> makers{
    {"StepLR",
     [](auto& o, const Json& k) -> optim::AnyScheduler {
       return optim::StepLR(o, k.at("step_size").get<int>(), k.value("gamma", 0.1));
     }},
    {"MultiStepLR",
     [](auto& o, const Json& k) -> optim::AnyScheduler {
       return optim::MultiStepLR(o, k.at("milestones"), k.value("gamma", 0.1));
     }},
    {"ExponentialLR",
     [](auto& o, const Json& k) -> optim::AnyScheduler {
       return optim::ExponentialLR(o, k.at("gamma"));
     }},
    {"PolynomialLR",
     [](auto& o, const Json& k) -> optim::AnyScheduler {
       return optim::PolynomialLR(o, k.value("total_iters", 5), k.value("power", 1.0));
     }},
    {"ConstantLR",
     [](auto& o, const Json& k) -> optim::AnyScheduler {
       return optim::ConstantLR(o, k.value("factor", 1.0 / 3), k.value("total_iters", 5));
     }},
    {"LinearLR",
     [](auto& o, const Json& k) -> optim::AnyScheduler {
       return optim::LinearLR(o, {k.value("start_factor", 1.0 / 3), k.value("end_factor", 1.0),
                                  k.value("total_iters", 5)});
     }},
    {"CosineAnnealingLR",
     [](auto& o, const Json& k) -> optim::AnyScheduler {
       return optim::CosineAnnealingLR(o, k.at("T_max").get<int>(), k.value("eta_min", 0.0));
     }},
    {"CosineAnnealingWarmRestarts",
     [](auto& o, const Json& k) -> optim::AnyScheduler {
       return optim::CosineAnnealingWarmRestarts(o, k.at("T_0").get<int>(), k.value("T_mult", 1),
                                                 k.value("eta_min", 0.0));
     }},
    {"CyclicLR", [](auto& o, const Json& k) -> optim::AnyScheduler { return cyclic(o, k); }},
    {"OneCycleLR", [](auto& o, const Json& k) -> optim::AnyScheduler { return one_cycle(o, k); }},
    {"LambdaLR",
     [](auto& o, const Json& k) -> optim::AnyScheduler {
       return by_functions<optim::LambdaLR>(o, k.at("lr_lambda"));
     }},
    {"MultiplicativeLR",
     [](auto& o, const Json& k) -> optim::AnyScheduler {
       return by_functions<optim::MultiplicativeLR>(o, k.at("lr_lambda"));
     }},
};

// A schedule of either kind; the metric is for ReduceLROnPlateau alone.
struct Running {
  std::unique_ptr<optim::Schedule> schedule;
  std::function<void(double metric)> step;
};
template <class S>
Running running(S schedule) {
  auto owned = std::make_unique<S>(std::move(schedule));
  S* const raw = owned.get();
  return {std::move(owned), [raw](double) { raw->step(); }};
}

Running plateau(optim::Optimizer& o, const Json& k) {
  optim::ReduceLROnPlateauOptions options;
  options.mode = k.value("mode", options.mode);
  options.factor = k.value("factor", options.factor);
  options.patience = k.value("patience", options.patience);
  options.threshold = k.value("threshold", options.threshold);
  options.threshold_mode = k.value("threshold_mode", options.threshold_mode);
  options.cooldown = k.value("cooldown", options.cooldown);
  options.min_lr = k.value("min_lr", 0.0);
  auto owned = std::make_unique<optim::ReduceLROnPlateau>(o, options);
  auto* const raw = owned.get();
  return {std::move(owned), [raw](double metric) { raw->step(metric); }};
}

optim::AnyScheduler make(optim::Optimizer& o, const Json& c) {
  return makers.at(c.at("scheduler"))(o, c.at("kwargs"));
}
// As a schedule of one, for one type of all.
Running make_running(optim::Optimizer& o, const Json& c) {
  const std::string name = c.at("scheduler");
  if (name == "ReduceLROnPlateau") return plateau(o, c.at("kwargs"));
  std::vector<optim::AnyScheduler> parts;
  if (c.contains("schedulers"))
    for (const Json& part : c.at("schedulers")) parts.push_back(make(o, part));
  if (name == "SequentialLR")
    return running(optim::SequentialLR(o, parts, c.at("kwargs").at("milestones")));
  if (name == "ChainedScheduler") return running(optim::ChainedScheduler(parts));
  return running(optim::ChainedScheduler({make(o, c)}));
}

void check_rates(const Json& c, std::size_t t, const optim::Schedule& schedule) {
  const auto groups = schedule.optimizer().scheduled_groups();
  const std::vector<double> last = schedule.get_last_lr();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    INFO("step " << t << ", group " << i);
    CHECK(std::abs(groups[i].lr - c.at("lr")[t][i].get<double>()) <= 1e-12);
    CHECK(last[i] == groups[i].lr);
    if (c.contains("momentum"))
      CHECK(std::abs(*groups[i].momentum - c.at("momentum")[t][i].get<double>()) <= 1e-12);
  }
}

// Half of the run by one optimizer and schedule, half by others that got their states.
void check_case(const Json& c) {
  auto optimizer = optimizer_of(c.at("optimizer"));
  Running running = make_running(*optimizer, c);
  check_rates(c, 0, *running.schedule);
  const auto steps = c.at("steps").get<std::size_t>();
  for (std::size_t t = 0; t < steps; ++t) {
    if (t == steps / 2) {
      auto next = optimizer_of(c.at("optimizer"));
      Running resumed = make_running(*next, c);
      resumed.schedule->load_state_dict(running.schedule->state_dict());
      next->load_state_dict(optimizer->state_dict());
      running = std::move(resumed);
      optimizer = std::move(next);
    }
    optimizer->step();
    running.step(c.contains("metrics") ? c.at("metrics")[t].get<double>() : 0);
    check_rates(c, t + 1, *running.schedule);
  }
}

}  // namespace

TEST_CASE("schedulers set PyTorch's learning rates, across saving and loading their state",
          "[pytorch][schedulers]") {
  const Json data = test::read_reference("schedulers.json");
  int number = 0;
  for (const Json& c : data.at("cases")) {
    DYNAMIC_SECTION(++number << " " << c.at("scheduler").get<std::string>() << " "
                             << c.at("kwargs").dump()) {
      check_case(c);
    }
  }
}
