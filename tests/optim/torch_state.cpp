// States that PyTorch's optimizers have saved: tests/optim/files/make.py.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/optimizers.hpp"

using namespace xgrad;
using test::throws;

namespace {

const StateDict& saved() {
  static const StateDict all = io::load_torch(XGRAD_TEST_TORCH_STATES);
  return all;
}

// What make.py trains.
struct Training {
  Tensor w, v, unused = ones({2}, {.dtype = float64, .requires_grad = true});
  std::unique_ptr<optim::Optimizer> optimizer;

  Training(const StateDict& from, const std::string& method)
      : w(from.get<Tensor>("w").requires_grad_()),
        v(from.get<Tensor>("v").requires_grad_()),
        optimizer(test::optimizers().at(method)({{w, unused}, {v}})) {}

  double step() {
    const Tensor x = arange(12, {.dtype = float64}).reshape({6, 2}) / 6 - 1;
    const Tensor y = arange(6, {.dtype = float64}) / 3 - 1;
    optimizer->zero_grad();
    const Tensor loss = (matmul(x.matmul(w).tanh(), v) - y).square().mean();
    loss.backward();
    optimizer->step();
    return loss.item<double>();
  }
};

const std::vector<std::string> names{
    "SGD",   "SGD.momentum", "SGD.nesterov", "Adam",     "Adam.amsgrad", "AdamW", "NAdam",
    "RAdam", "Adamax",       "Adagrad",      "Adadelta", "RMSprop",      "Rprop", "ASGD"};
std::string method_of(const std::string& name) { return name.substr(0, name.find('.')); }

StateDict with(StateDict state, const std::string& name, const StateDict::Value& value) {
  state.set(name, value);
  return state;
}
StateDict without(StateDict state, const std::string& name) {
  CHECK(state.erase(name));
  return state;
}

}  // namespace

TEST_CASE("training goes on from PyTorch's optimizer", "[optim][pytorch]") {
  for (const std::string& name : names) DYNAMIC_SECTION(name) {
      const StateDict theirs = saved().below(name).clone();
      Training training(theirs, method_of(name));
      optim::load_torch_state(*training.optimizer, theirs.below("optimizer"));
      // PyTorch keeps some numbers of NAdam and ASGD as float32.
      const double tolerance = name == "NAdam" || name == "ASGD" ? 1e-7 : 1e-12;
      std::vector<double> losses(5);
      for (double& loss : losses) loss = training.step();
      CHECK(test::all_close(tensor(losses), theirs.get<Tensor>("losses"), 0, tolerance));
    }
}

TEST_CASE("without PyTorch's state the losses are others", "[optim][pytorch]") {
  const StateDict theirs = saved().below("Adam").clone();
  Training training(theirs, "Adam");
  training.step();
  CHECK(std::abs(training.step() - theirs.get<Tensor>("losses")[1].item<double>()) > 1e-4);
}

TEST_CASE("PyTorch's options, steps and numbers come in their forms", "[optim][pytorch]") {
  const StateDict theirs = saved().below("Adam.optimizer");
  Training training(saved().below("Adam").clone(), "Adam");
  optim::Optimizer& adam = *training.optimizer;
  const auto loaded = [&](const StateDict& state) {
    optim::load_torch_state(adam, state);
    return adam.state_dict();
  };
  const StateDict ours = loaded(theirs);
  CHECK(ours.get<double>("param_groups.1.lr") == 0.025);
  CHECK(ours.get<double>("param_groups.0.betas.1") == 0.95);
  CHECK(test::same_bits(ours.get<Tensor>("state.0.step"), tensor(4)));
  CHECK_FALSE(ours.contains("state.1.step"));
  // Integers before PyTorch 1.12; a rate in a tensor where it is captured.
  const auto step = [&](const StateDict::Value& value) {
    return loaded(with(theirs, "state.2.step", value)).get<Tensor>("state.2.step");
  };
  CHECK(test::same_bits(step(std::int64_t{7}), tensor(7)));
  CHECK(test::same_bits(step(tensor(9.0)), tensor(9)));
  const Tensor rate = tensor(0.125, {.dtype = float32});
  CHECK(loaded(with(theirs, "param_groups.0.lr", rate)).get<double>("param_groups.0.lr") == 0.125);
  CHECK(loaded(with(theirs, "param_groups.0.initial_lr", 0.5))
            .get<double>("param_groups.0.initial_lr") == 0.5);
  // What the file lacks stays.
  loaded(with(theirs, "param_groups.0.maximize", true));
  CHECK(loaded(without(theirs, "param_groups.0.maximize")).get<bool>("param_groups.0.maximize"));
  // Newer versions name the parameters, and the kind of decay.
  CHECK_FALSE(loaded(with(theirs, "param_groups.0.param_names.0", std::string("weight")))
                  .contains("param_groups.0.param_names.0"));
  loaded(with(theirs, "param_groups.0.decoupled_weight_decay", false));
  CHECK(throws<ValueError>(
      [&] { loaded(with(theirs, "param_groups.0.decoupled_weight_decay", true)); },
      {"load_torch_state", "decoupled_weight_decay is bool true", "AdamW"}));
}

TEST_CASE("a state that is not PyTorch's, or of another optimizer, is refused",
          "[optim][pytorch]") {
  const StateDict theirs = saved().below("Adam.optimizer");
  Training training(saved().below("Adam").clone(), "Adam");
  const auto refuses = [&](const StateDict& state, std::initializer_list<std::string> words) {
    const StateDict before = training.optimizer->state_dict().clone();
    const auto load = [&] { optim::load_torch_state(*training.optimizer, state); };
    CHECK(throws<ValueError>(load, words));
    CHECK(throws<ValueError>(load, {"torch_state.cpp"}));
    CHECK(training.optimizer->state_dict().size() == before.size());
  };
  refuses({}, {"load_torch_state", "param_groups.0.params.0", "below(\"optimizer\")"});
  refuses(saved().below("Adam"), {"param_groups.0.params.0"});
  refuses(training.optimizer->state_dict(), {"param_groups.0.params.0"});
  refuses(saved().below("RMSprop.optimizer"), {"square_avg", "exp_avg"});
  refuses(saved().below("SGD.momentum.optimizer"), {"momentum_buffer"});
  refuses(with(theirs, "param_groups.1.params.0", 5), {"'param_groups.1.params.0'", "5"});
  refuses(with(theirs, "param_groups.1.params.1", 3), {"[2, 1]", "[2, 2]"});
  refuses(with(theirs, "param_groups.99999999999.params.0", 3), {"param_groups.99999999999"});
  refuses(with(theirs, "param_groups.99999999999999999999.params.0", 3), {"param_groups.9999"});
  refuses(without(theirs, "param_groups.1.params.0"), {"[2, 1]", "[2]"});
  refuses(with(theirs, "param_groups.0.novel", 1.0), {"param_groups.0.novel"});
  refuses(with(theirs, "param_groups.0.lr", std::string("fast")), {"param_groups.0.lr", "fast"});
  refuses(with(theirs, "param_groups.0.betas.0", 1.5), {"betas", "1.5"});
  refuses(with(theirs, "state.0.step", 2.5), {"'state.0.step'", "2.5"});
  refuses(with(theirs, "state.0.step", tensor({1.0, 2.0})), {"'state.0.step'"});
  refuses(with(theirs, "state.0.step", tensor(-1.0)), {"'state.0.step'"});
  refuses(with(theirs, "state.0.exp_avg", zeros({3, 2}, {.dtype = float64})),
          {"state.0.exp_avg", "[3, 2]", "[2, 3]"});
  refuses(without(theirs, "state.0.exp_avg"), {"state.0.exp_avg"});
  refuses(with(theirs, "state.9.exp_avg", ones({2})), {"state.9.exp_avg"});
  refuses(with(theirs, "stray", 1), {"stray"});
  optim::LBFGS lbfgs({training.w});
  CHECK(throws<ValueError>([&] { optim::load_torch_state(lbfgs, theirs); }, {"LBFGS"}));
}
