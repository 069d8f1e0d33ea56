// What all optimizers have in common: their state, their options, the lengths they step.
#include <cmath>
#include <limits>
#include <memory>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/optimizers.hpp"
#include "support/reference.hpp"

using namespace xgrad;

namespace {

using Params = std::vector<Tensor>;
using test::Json;
using test::same_bits;
using test::throws;

// An optimizer, and options for it.
struct Kind {
  std::string name;
  Json options;
};

// Every optimizer with every option.
std::vector<Kind> kinds() {
  const Json clip{
      {"clip_norm", 0.5}, {"clip_value", 0.1}, {"maximize", true}, {"nonfinite", "skip"}};
  std::vector<Kind> all{
      {"SGD", {{"lr", 0.3}, {"momentum", 0.9}}},
      {"SGD", {{"momentum", 0.9}, {"dampening", 0.25}}},
      {"SGD", {{"momentum", 0.9}, {"weight_decay", 0.1}, {"nesterov", true}}},
      {"Adam", {{"lr", 0.1}, {"betas", {0.8, 0.99}}, {"eps", 1e-3}}},
      {"Adam", {{"weight_decay", 0.1}, {"amsgrad", true}}},
      {"AdamW", {{"weight_decay", 0.3}, {"amsgrad", true}}},
      {"NAdam", {{"betas", {0.8, 0.9}}, {"eps", 1e-3}, {"momentum_decay", 0.1}}},
      {"NAdam", {{"weight_decay", 0.1}, {"decoupled_weight_decay", true}}},
      {"RAdam", {{"betas", {0.8, 0.9}}, {"eps", 1e-3}, {"weight_decay", 0.1}}},
      {"RAdam", {{"weight_decay", 0.1}, {"decoupled_weight_decay", true}}},
      {"Adamax", {{"betas", {0.8, 0.9}}, {"eps", 1e-3}, {"weight_decay", 0.1}}},
      {"RMSprop", {{"alpha", 0.8}, {"eps", 1e-3}, {"momentum", 0.9}}},
      {"RMSprop", {{"weight_decay", 0.1}, {"centered", true}}},
      {"RMSprop", {{"momentum", 0.5}, {"centered", true}, {"clip_value", 0.1}}},
      {"Adagrad", {{"lr_decay", 0.1}, {"initial_accumulator_value", 0.5}}},
      {"Adagrad", {{"weight_decay", 0.1}, {"eps", 1e-3}}},
      {"Adadelta", {{"lr", 0.5}, {"rho", 0.8}, {"eps", 1e-3}, {"weight_decay", 0.1}}},
      {"Rprop", {{"lr", 0.1}, {"etas", {0.3, 1.5}}, {"step_sizes", {0.01, 0.5}}}},
      {"ASGD", {{"lambd", 0.1}, {"alpha", 0.5}, {"t0", 1.0}, {"weight_decay", 0.1}}},
      {"Lion", {{"betas", {0.8, 0.9}}, {"weight_decay", 0.1}}},
      {"Muon", {{"momentum", 0.5}, {"nesterov", false}, {"weight_decay", 0.0}, {"ns_steps", 3}}},
      {"Muon",
       {{"ns_coefficients", {1.5, -0.5, 0.0}}, {"eps", 1e-3}, {"adjust_lr_fn", "match_rms_adamw"}}},
  };
  for (const auto& [name, make] : test::optimizers()) {
    all.push_back({name, Json::object()});
    all.push_back({name, clip});
  }
  return all;
}

// In two groups, the second with half of the first's rate.
std::unique_ptr<optim::Optimizer> optimizer_of(const Kind& kind, const Params& params,
                                               bool with_options) {
  test::OptimizerGroups groups(2);
  for (std::size_t i = 0; i < params.size(); ++i)
    if (kind.name != "Muon" || params[i].dim() == 2) groups[i < 2 ? 0 : 1].push_back(params[i]);
  auto optimizer = test::optimizers().at(kind.name)(groups);
  if (!with_options) return optimizer;
  for (const std::size_t group : {0U, 1U}) test::set_options(*optimizer, group, kind.options);
  const auto lr = optimizer->state_dict().get<double>("param_groups.1.lr");
  test::set_options(*optimizer, 1, {{"lr", lr / 2}});
  return optimizer;
}

// Of several shapes, 0-d and empty ones among them, and of both types.
Params some_params() {
  return {test::leaf({17, 3}, -1, 1, 1, float32), test::leaf({}, -1, 1, 2, float64),
          test::leaf({5}, -1, 1, 3, float64), test::leaf({0, 2}, -1, 1, 4, float32),
          test::leaf({2, 2}, -1, 1, 5, float32)};
}
void step(optim::Optimizer& optimizer, const Params& params, unsigned number) {
  for (std::size_t i = 0; i + 1 < params.size(); ++i)  // the last one never has a gradient
    Tensor(params[i]).set_grad(test::uniform(
        params[i].shape(), -1, 1, 100 * number + static_cast<unsigned>(i), params[i].dtype()));
  optimizer.step();
}

}  // namespace

TEST_CASE("an optimizer with a loaded state takes the same steps bit for bit", "[optim][state]") {
  const unsigned before = GENERATE(0U, 1U, 3U);
  for (const Kind& k : kinds()) {
    const Params ours = some_params(), theirs = some_params();
    const auto one = optimizer_of(k, ours, true), other = optimizer_of(k, theirs, false);
    for (unsigned i = 0; i < before; ++i) step(*one, ours, i);
    if (before > 1) step(*other, theirs, 77);  // what it has is replaced
    for (std::size_t i = 0; i < ours.size(); ++i) Tensor(theirs[i]).assign(ours[i].detach());
    const StateDict state = one->state_dict();
    INFO(k.name << k.options.dump() << " after " << before << " steps, " << state.size()
                << " entries");
    other->load_state_dict(state);
    CHECK(same_bits(other->state_dict(), state));
    for (unsigned i = 10; i < 13; ++i) {
      step(*one, ours, i);
      step(*other, theirs, i);
    }
    for (std::size_t i = 0; i < ours.size(); ++i)
      CHECK(same_bits(ours[i].detach(), theirs[i].detach()));
    CHECK(same_bits(other->state_dict(), one->state_dict()));
  }
}

TEST_CASE("a state has PyTorch's names", "[optim][state]") {
  const Params p{ones({3}, {.requires_grad = true}), ones({}, {.requires_grad = true})};
  optim::Adam optimizer(
      std::vector<optim::AdamGroup>{{{p[0]}, {.lr = 0.1}}, {{p[1]}, {.clip_norm = 2.0}}});
  const auto names_of = [](const StateDict& state) {
    std::vector<std::string> names;
    for (const auto& entry : state) names.push_back(entry.name);
    return names;
  };
  CHECK(names_of(optimizer.state_dict()) ==
        std::vector<std::string>{
            "optimizer", "param_groups.0.num_params", "param_groups.0.lr",
            "param_groups.0.weight_decay", "param_groups.0.maximize", "param_groups.0.betas.0",
            "param_groups.0.betas.1", "param_groups.0.eps", "param_groups.0.amsgrad",
            "param_groups.1.num_params", "param_groups.1.lr", "param_groups.1.weight_decay",
            "param_groups.1.maximize", "param_groups.1.clip_norm", "param_groups.1.betas.0",
            "param_groups.1.betas.1", "param_groups.1.eps", "param_groups.1.amsgrad"});
  Tensor(p[1]).set_grad(ones({}));
  optimizer.step();
  optimizer.step();
  const StateDict state = optimizer.state_dict();
  CHECK(names_of(state.below("state")) ==
        std::vector<std::string>{"1.step", "1.exp_avg", "1.exp_avg_sq"});
  CHECK(state.get<std::string>("optimizer") == "Adam");
  CHECK(state.get<double>("param_groups.0.lr") == 0.1);
  CHECK(state.get<double>("param_groups.1.clip_norm") == 2);
  CHECK(!state.get<bool>("param_groups.0.amsgrad"));
  CHECK(same_bits(state.get<Tensor>("state.1.step"), tensor(2)));
  CHECK(same_bits(optimizer.state(p[1], "step"), tensor(2)));
  CHECK(!optimizer.state(p[0], "step").defined());
}

TEST_CASE("a state shares storage with its optimizer, a loaded optimizer does not with the state",
          "[optim][state]") {
  const Params p = some_params(), q = some_params();
  optim::Adam one(p), other(q);
  step(one, p, 1);
  const StateDict state = one.state_dict(), kept = state.clone();
  other.load_state_dict(state);
  step(one, p, 2);
  CHECK(!same_bits(state, kept));
  CHECK(same_bits(state, one.state_dict()));
  CHECK(same_bits(other.state_dict(), kept));
}

TEST_CASE("a state that does not fit changes nothing", "[optim][state]") {
  Tensor w = ones({3}, {.requires_grad = true}), b = ones({2}, {.requires_grad = true});
  optim::Adam optimizer({w, b}, {.lr = 0.1});
  w.set_grad(ones({3}));
  optimizer.step();
  const StateDict state = optimizer.state_dict().clone();
  optimizer.step();
  optimizer.groups()[0].options.lr = 0.2;
  const StateDict now = optimizer.state_dict().clone();
  const auto refused = [&](const StateDict& wrong, std::initializer_list<std::string> parts) {
    CHECK(throws<ValueError>([&] { optimizer.load_state_dict(wrong); }, {"load_state_dict"}));
    CHECK(throws<ValueError>([&] { optimizer.load_state_dict(wrong); }, parts));
    CHECK(same_bits(optimizer.state_dict(), now));
  };
  const auto with = [&](const char* name, const StateDict::Value& value) {
    StateDict wrong = state;
    wrong.set(name, value);
    return wrong;
  };
  const auto without = [&](const char* name) {
    StateDict wrong = state;
    CHECK(wrong.erase(name));
    return wrong;
  };

  const int line = __LINE__ + 1;
  CHECK(
      throws<ValueError>([&] { optimizer.load_state_dict({}); },
                         {"Adam", "'optimizer' is missing", "state.cpp:" + std::to_string(line)}));
  refused(with("optimizer", "AdamW"), {"Adam", "'AdamW'"});
  refused(with("optimizer", 1), {"'optimizer' is missing"});
  refused(without("param_groups.0.num_params"), {"sizes [2]", "the state have []"});
  refused(with("param_groups.0.num_params", 1), {"sizes [2]", "the state have [1]"});
  refused(with("param_groups.1.num_params", 1), {"the state have [2, 1]"});

  refused(without("param_groups.0.eps"), {"does not fit Adam", "missing: param_groups.0.eps"});
  refused(without("state.0.step"), {"missing: state.0.step"});
  refused(without("state.0.exp_avg"), {"missing: state.0.exp_avg"});
  refused(with("param_groups.0.nesterov", true), {"unexpected: param_groups.0.nesterov"});
  refused(with("param_groups.1.lr", 0.1), {"unexpected: param_groups.1.lr"});
  refused(with("state.0.sum", ones({3})), {"unexpected: state.0.sum"});
  refused(with("state.2.step", tensor(1)), {"unexpected: state.2.step"});
  refused(with("state.0.exp_avg", ones({4})), {"state.0.exp_avg: expected", "[3]", "[4]"});
  refused(with("state.0.exp_avg", ones({3}, {.dtype = float64})), {".to(float32)"});
  refused(with("state.0.exp_avg_sq", 0.0), {"found double 0"});
  refused(with("state.0.step", 1), {"expected Tensor [] int64, found std::int64_t 1"});
  refused(with("state.0.step", tensor(1.0)), {".to(int64)"});
  refused(with("state.0.step", tensor(-1)), {"state.0.step", "0 to 2^53", "found -1"});
  refused(with("state.0.step", tensor(std::numeric_limits<std::int64_t>::max())),
          {"9223372036854775807"});
  refused(with("param_groups.0.lr", "0.1"), {"lr: expected double, found std::string '0.1'"});
  refused(with("param_groups.0.amsgrad", 1), {"amsgrad: expected bool, found std::int64_t 1"});
  refused(with("param_groups.0.clip_norm", false), {"clip_norm: expected double"});

  refused(with("param_groups.0.lr", -1), {"Adam: lr is -1", "at least 0"});
  refused(with("param_groups.0.betas.1", NAN), {"betas is nan"});
  refused(with("param_groups.0.clip_norm", -2.0), {"clip_norm is -2"});

  StateDict wrong = with("state.0.exp_avg", ones({4}));
  wrong.erase("param_groups.0.eps");
  wrong.set("epoch", 3);
  refused(wrong, {"\n  state.0.exp_avg: expected Tensor [3] float32, found Tensor [4] float32",
                  "\n  missing: param_groups.0.eps", "\n  unexpected: epoch"});
  optimizer.load_state_dict(state);
  CHECK(same_bits(optimizer.state_dict(), state));
}

TEST_CASE("options set since the last step are part of the state", "[optim][state]") {
  Tensor w = ones({3}, {.requires_grad = true}), v = w.detach().clone().requires_grad_();
  const auto run = [](optim::SGD& optimizer, Tensor& p, float size) {
    p.set_grad(full({3}, size));
    optimizer.step();
  };
  optim::SGD one({w}, {.lr = 0.5}), other({v});
  run(one, w, 1);
  one.groups()[0].options.momentum = 0.9;  // its buffer comes with the next step
  one.groups()[0].options.clip_value = 0.5;
  v.assign(w.detach());
  other.load_state_dict(one.state_dict());
  CHECK(other.groups()[0].options.momentum == 0.9);
  for (const float size : {3.F, 0.25F}) {
    run(one, w, size);
    run(other, v, size);
    CHECK(same_bits(w.detach(), v.detach()));
  }
  one.groups()[0].options.clip_value.reset();
  one.groups()[0].options.momentum = 0;  // the buffer stays
  other.load_state_dict(one.state_dict());
  CHECK(!other.groups()[0].options.clip_value);
  CHECK(same_bits(other.state_dict(), one.state_dict()));
}
