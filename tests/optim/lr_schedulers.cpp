// What each schedule promises beside PyTorch's numbers, which tests/reference/runner checks.
#include <cmath>
#include <functional>
#include <memory>
#include <numbers>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/optimizers.hpp"

using namespace xgrad;

namespace {

using test::same_bits;
using test::throws;
using Rates = std::vector<double>;

Tensor leaf() { return ones({2}, {.requires_grad = true}); }
optim::SGD sgd(Rates lrs = {0.1}, double momentum = 0) {
  std::vector<optim::SGDGroup> groups;
  for (const double lr : lrs) groups.push_back({{leaf()}, {.lr = lr, .momentum = momentum}});
  return optim::SGD(groups);
}

// The rates of the first group after 0, 1, ... steps.
Rates rates(optim::LRScheduler& scheduler, int steps) {
  Rates all{scheduler.get_last_lr()[0]};
  for (int i = 0; i < steps; ++i) {
    scheduler.step();
    all.push_back(scheduler.get_last_lr()[0]);
  }
  return all;
}
void check_rates(optim::LRScheduler&& scheduler, int steps,
                 const std::function<double(double)>& expected) {
  const Rates found = rates(scheduler, steps);
  for (std::size_t i = 0; i < found.size(); ++i) {
    INFO("step " << i);
    CHECK(found[i] == Approx(expected(static_cast<double>(i))).margin(1e-12));
  }
  CHECK(scheduler.last_epoch() == steps);
}

using Maker = std::function<std::unique_ptr<optim::LRScheduler>(optim::Optimizer&)>;
struct Kind {
  std::string name;
  Maker make;
};
template <class S, class... Args>
Kind kind(const char* name, Args... args) {
  return {name, [=](optim::Optimizer& o) { return std::make_unique<S>(o, args...); }};
}

std::vector<Kind> kinds() {
  using namespace optim;
  const LRLambda f = [](auto epoch) { return 1 / (1 + 0.1 * static_cast<double>(epoch)); };
  return {
      kind<StepLR>("StepLR", 3, 0.5),
      kind<MultiStepLR>("MultiStepLR", std::vector<std::int64_t>{2, 2, 7}, 0.5),
      kind<ExponentialLR>("ExponentialLR", 0.9),
      kind<PolynomialLR>("PolynomialLR", 12, 2.0),
      kind<ConstantLR>("ConstantLR", 0.5, 4),
      kind<LinearLR>("LinearLR", LinearLROptions{.start_factor = 0.1, .total_iters = 6}),
      kind<CosineAnnealingLR>("CosineAnnealingLR", 4, 0.01),
      kind<CosineAnnealingWarmRestarts>("CosineAnnealingWarmRestarts", 2, 2, 0.001),
      kind<CyclicLR>("CyclicLR", PerGroup(0.01), PerGroup({0.1, 0.2}),
                     CyclicLROptions{.step_size_up = 3, .cycle_momentum = false}),
      kind<OneCycleLR>("OneCycleLR", PerGroup(0.5),
                       OneCycleLROptions{.total_steps = 40, .cycle_momentum = false}),
      kind<LambdaLR>("LambdaLR", f),
      kind<MultiplicativeLR>("MultiplicativeLR", f),
      kind<SWALR>("SWALR", PerGroup(0.02), SWALROptions{.anneal_epochs = 5}),
      {"SequentialLR",
       [](Optimizer& o) {
         return std::make_unique<SequentialLR>(warmup(o, 3, StepLR(o, 2, 0.5)));
       }},
      {"ChainedScheduler",
       [](Optimizer& o) {
         return std::make_unique<ChainedScheduler>(
             std::vector<AnyScheduler>{ConstantLR(o, 0.1, 4), ExponentialLR(o, 0.9)});
       }},
  };
}

// One of each optimizer, with two groups; LBFGS, which has one, is combined with another.
std::vector<std::function<std::unique_ptr<optim::Optimizer>()>> optimizers() {
  const auto matrix = [] { return ones({2, 2}, {.requires_grad = true}); };
  std::vector<std::function<std::unique_ptr<optim::Optimizer>()>> all{[=] {
    return std::make_unique<optim::Combined>(optim::SGD({matrix()}, 0.1),
                                             optim::LBFGS({matrix()}, 0.02));
  }};
  for (const auto& entry : test::optimizers())
    all.push_back([make = entry.second, matrix] {
      auto optimizer = make({{matrix()}, {matrix()}});
      const auto groups = optimizer->scheduled_groups();
      groups[0].lr = 0.1, groups[1].lr = 0.02;
      return optimizer;
    });
  return all;
}

Rates lrs_of(optim::Optimizer& optimizer) {
  Rates all;
  for (const optim::ScheduledGroup& g : optimizer.scheduled_groups()) all.push_back(g.lr);
  return all;
}

}  // namespace

TEST_CASE("every schedule drives every optimizer, and a resumed one goes on as if uninterrupted",
          "[optim][schedule]") {
  for (const Kind& k : kinds())
    for (const auto& make : optimizers())
      for (const int before : {0, 1, 3, 8}) {
        INFO(k.name << ", resumed after " << before);
        const auto whole = make(), first = make(), second = make();
        const auto a = k.make(*whole), b = k.make(*first), c = k.make(*second);
        for (int i = 0; i < before; ++i) a->step(), b->step();
        for (int i = 0; i < 2; ++i) c->step();  // what it has is replaced
        const StateDict schedule = b->state_dict(), optimizer = first->state_dict();
        c->load_state_dict(schedule);
        second->load_state_dict(optimizer);
        CHECK(same_bits(c->state_dict(), schedule));
        for (int i = 0; i < 12; ++i) {
          a->step(), c->step();
          CHECK(lrs_of(*whole) == lrs_of(*second));
          CHECK(a->get_last_lr() == lrs_of(*whole));
        }
        CHECK(same_bits(a->state_dict(), c->state_dict()));
        CHECK(a->last_epoch() == before + 12);
      }
}

TEST_CASE("schedules are what their formulas say", "[optim][schedule]") {
  using namespace optim;
  const double base = 0.1;
  SGD o = sgd({base});
  const auto fresh = [&]() -> SGD& { return o = sgd({base}); };
  check_rates(StepLR(fresh(), 4, 0.5), 20,
              [&](double t) { return base * std::pow(0.5, std::floor(t / 4)); });
  check_rates(MultiStepLR(fresh(), {0, 3, 7}, 0.5), 10,
              [&](double t) { return base * std::pow(0.5, 1 + (t >= 3) + (t >= 7)); });
  check_rates(ExponentialLR(fresh(), 0.9), 10, [&](double t) { return base * std::pow(0.9, t); });
  check_rates(PolynomialLR(fresh(), 8, 2), 12,
              [&](double t) { return base * std::pow(std::max(0.0, 1 - t / 8), 2); });
  check_rates(ConstantLR(fresh(), 0.25, 3), 6, [&](double t) { return t < 3 ? base / 4 : base; });
  check_rates(LinearLR(fresh(), {.start_factor = 0.2, .end_factor = 0.6, .total_iters = 4}), 8,
              [&](double t) { return base * (0.2 + 0.4 * std::min(1.0, t / 4)); });
  check_rates(CosineAnnealingLR(fresh(), 5, 0.01), 25, [&](double t) {
    return 0.01 + (base - 0.01) * (1 + std::cos(std::numbers::pi * t / 5)) / 2;
  });
  check_rates(CosineAnnealingWarmRestarts(fresh(), 2, 3), 7, [&](double t) {
    return base * (1 + std::cos(std::numbers::pi * (t < 2 ? t / 2 : std::fmod(t - 2, 6) / 6))) / 2;
  });
  check_rates(CyclicLR(fresh(), 0.01, 0.05, {.step_size_up = 2, .step_size_down = 4}), 18,
              [&](double t) {
                const double x = std::fmod(t, 6);
                return 0.01 + 0.04 * (x <= 2 ? x / 2 : (6 - x) / 4);
              });
  check_rates(LambdaLR(fresh(), [](auto t) { return t + 1; }), 5,
              [&](double t) { return base * (t + 1); });
  check_rates(MultiplicativeLR(fresh(), [](auto) { return 0.5; }), 5,
              [&](double t) { return base * std::pow(0.5, t); });
  check_rates(SWALR(fresh(), 0.5, {.anneal_epochs = 4}), 8, [&](double t) {
    const double share = (1 - std::cos(std::numbers::pi * std::min(1.0, t / 4))) / 2;
    return base + (0.5 - base) * share;
  });
  check_rates(SWALR(fresh(), 0.5, {.anneal_epochs = 4, .anneal_strategy = "linear"}), 8,
              [&](double t) { return base + (0.5 - base) * std::min(1.0, t / 4); });
  check_rates(SWALR(fresh(), 0.5, {.anneal_epochs = 0}), 3, [&](double) { return 0.5; });
}

TEST_CASE("one cycle begins, peaks and ends where it should", "[optim][schedule]") {
  optim::SGD o = sgd({0.3, 0.3}, 0.5);
  optim::OneCycleLR scheduler(o, {1.0, 0.5}, {.epochs = 5, .steps_per_epoch = 20});
  CHECK(o.groups()[0].options.momentum == 0.95);
  CHECK(scheduler.get_last_lr()[1] == Approx(0.5 / 25));
  Rates all = rates(scheduler, 99);
  CHECK(all[0] == Approx(1.0 / 25));
  CHECK(all[29] == Approx(1));
  CHECK(all[99] == Approx(1.0 / 25 / 1e4));
  CHECK(std::max_element(all.begin(), all.end()) == all.begin() + 29);
  CHECK(o.groups()[0].options.momentum == Approx(0.95));
  scheduler.step();
  const Rates before = lrs_of(o);
  CHECK(throws<ValueError>([&] { scheduler.step(); }, {"OneCycleLR: step 101 of 100"}));
  CHECK(lrs_of(o) == before);
  CHECK(scheduler.last_epoch() == 100);
  for (const double pct : {0.0, 0.1, 0.5, 1.0})  // phases without steps among them
    for (const bool three : {false, true})
      for (const std::int64_t steps : {1, 2, 10}) {
        optim::SGD p = sgd();
        optim::OneCycleLR edge(p, 1.0,
                               {.total_steps = steps, .pct_start = pct, .three_phase = three});
        for (const double lr : rates(edge, static_cast<int>(steps))) CHECK(lr <= 1 + 1e-12);
      }
}

TEST_CASE("the momentum cycles against the rate; Adam's is its first beta", "[optim][schedule]") {
  optim::SGD o = sgd({0.1}, 0.5);
  optim::CyclicLR scheduler(o, 0.01, 0.1, {.step_size_up = 4});
  for (const double expected : {0.9, 0.875, 0.85, 0.825, 0.8, 0.825}) {
    CHECK(o.groups()[0].options.momentum == Approx(expected));
    scheduler.step();
  }
  optim::Adam adam({leaf()});
  optim::CyclicLR other(adam, 0.01, 0.1, {.step_size_up = 1, .base_momentum = 0.7});
  other.step();
  CHECK(adam.groups()[0].options.betas.first == Approx(0.7));
  CHECK(adam.groups()[0].options.betas.second == 0.999);
  optim::Adagrad none({leaf()});
  CHECK(throws<ValueError>([&] { optim::CyclicLR(none, 0.01, 0.1); },
                           {"CyclicLR", "neither momentum nor betas", "cycle_momentum = false"}));
  CHECK(throws<ValueError>([&] { optim::OneCycleLR(none, 0.1, {.total_steps = 5}); },
                           {"OneCycleLR", "neither momentum nor betas"}));
  CHECK(none.groups()[0].options.lr == 0.01);
}

TEST_CASE("a cycle's amplitude can be a function of the cycle or of the step",
          "[optim][schedule]") {
  optim::SGD o = sgd();
  optim::CyclicLROptions options{.step_size_up = 1, .cycle_momentum = false};
  options.scale_fn = [](double cycle) { return 1 / cycle; };
  optim::CyclicLR by_cycle(o, 0.0, 1.0, options);
  CHECK(rates(by_cycle, 5)[5] == Approx(1.0 / 3));
  options.scale_mode = "iterations";
  options.scale_fn = [](double step) { return 1 / (1 + step); };
  optim::CyclicLR by_step(o, 0.0, 1.0, options);
  CHECK(rates(by_step, 5)[5] == Approx(1.0 / 6));
}

TEST_CASE("warm restarts go to any fraction of an epoch", "[optim][schedule]") {
  const double pi = std::numbers::pi;
  optim::SGD o = sgd();
  optim::CosineAnnealingWarmRestarts scheduler(o, 10, 2);
  const auto at = [&](double epoch) {
    scheduler.step(epoch);
    return scheduler.get_last_lr()[0];
  };
  CHECK(at(2.5) == Approx(0.1 * (1 + std::cos(pi * 0.25)) / 2));
  CHECK(scheduler.last_epoch() == 2);
  CHECK(at(10) == Approx(0.1));
  CHECK(at(20) == Approx(0.05));  // half of the second period
  CHECK(at(29.999999) < 1e-12);
  CHECK(at(30) == Approx(0.1));
  scheduler.step(20.5);
  scheduler.step();
  CHECK(scheduler.get_last_lr()[0] == Approx(0.1 * (1 + std::cos(pi * 11.5 / 20)) / 2));
  CHECK(throws<ValueError>([&] { scheduler.step(-1.0); }, {"epoch is -1"}));
  CHECK(throws<ValueError>([&] { scheduler.step(double(INFINITY)); }, {"epoch is inf"}));
  CHECK(throws<ValueError>([&] { scheduler.step(double(NAN)); }, {"epoch is nan"}));
}

TEST_CASE("a warm-up in one line", "[optim][schedule]") {
  optim::SGD o = sgd();
  auto scheduler = optim::warmup_cosine(o, 4, 12, 0.01, 0.2);
  const Rates all = rates(scheduler, 12);
  for (std::size_t t = 0; t <= 12; ++t) {
    const auto s = static_cast<double>(t);
    CHECK(all[t] == Approx(t < 4
                               ? 0.1 * (0.2 + 0.8 * s / 4)
                               : 0.01 + 0.09 * (1 + std::cos(std::numbers::pi * (s - 4) / 8)) / 2));
  }
  optim::SGD p = sgd();
  auto none = optim::warmup(p, 0, optim::ExponentialLR(p, 0.5));
  CHECK(rates(none, 2) == Rates{0.1, 0.05, 0.025});
  CHECK(throws<ValueError>([&] { optim::warmup(p, -1, optim::ExponentialLR(p, 0.5)); },
                           {"warmup", "-1"}));
  CHECK(throws<ValueError>([&] { optim::warmup_cosine(p, 5, 5); },
                           {"total_iters is 5", "warmup_iters 5"}));
}

TEST_CASE("a sequence in a sequence, and in a chain", "[optim][schedule]") {
  using namespace optim;
  SGD o = sgd();
  const SequentialLR inner(o, {ConstantLR(o, 0.5, 9), StepLR(o, 1, 0.1)}, {2});
  SequentialLR outer(o, {inner, inner}, {4});
  const Rates twice = rates(outer, 8),
              expected{0.05, 0.05, 0.1, 0.01, 0.05, 0.05, 0.1, 0.01, 0.001};
  for (std::size_t i = 0; i < twice.size(); ++i) CHECK(twice[i] == Approx(expected[i]));
  SGD p = sgd();
  const ChainedScheduler chain({ConstantLR(p, 0.5, 2), ExponentialLR(p, 0.1)});
  SequentialLR then(p, {ConstantLR(p, 0.1, 9), chain}, {1});
  const Rates chained = rates(then, 4), wanted{0.01, 0.05, 0.005, 0.001, 0.0001};
  for (std::size_t i = 0; i < chained.size(); ++i) CHECK(chained[i] == Approx(wanted[i]));
}

TEST_CASE("a multiplicative schedule goes on where the one before it ended", "[optim][schedule]") {
  using namespace optim;
  SGD o = sgd();
  SequentialLR scheduler(o, {ConstantLR(o, 0.5, 9), MultiplicativeLR(o, [](auto) { return 0.1; })},
                         {2});
  const Rates all = rates(scheduler, 3);
  CHECK(all[2] == Approx(0.05));
  CHECK(all[3] == Approx(0.005));
}

TEST_CASE("a plateau is left by better metrics, and waits", "[optim][schedule]") {
  optim::SGD o = sgd({0.1, 0.001});
  optim::ReduceLROnPlateau scheduler(
      o, {.factor = 0.1, .patience = 1, .cooldown = 1, .min_lr = {0.0, 0.001}});
  CHECK(std::isinf(scheduler.best()));
  const auto after = [&](double metric) {
    scheduler.step(metric);
    return scheduler.get_last_lr();
  };
  CHECK(after(1) == Rates{0.1, 0.001});
  CHECK(scheduler.best() == 1);
  CHECK(after(0.99999) == Rates{0.1, 0.001});  // not by the threshold
  CHECK(scheduler.num_bad_epochs() == 1);
  CHECK(after(NAN)[0] == Approx(0.01));
  CHECK(scheduler.get_last_lr()[1] == 0.001);
  after(2), after(2);  // the first is in the cooldown
  CHECK(scheduler.num_bad_epochs() == 1);
  CHECK(after(0.5)[0] == Approx(0.01));
  CHECK(scheduler.num_bad_epochs() == 0);
  CHECK(scheduler.last_epoch() == 6);
  optim::SGD p = sgd({0.1, 0.001});
  optim::ReduceLROnPlateau other(p);
  other.load_state_dict(scheduler.state_dict());
  p.load_state_dict(o.state_dict());
  for (const double metric : {0.5, 0.6, 0.7, 0.1, 0.2, 0.3, 0.4}) {
    scheduler.step(metric), other.step(metric);
    CHECK(lrs_of(o) == lrs_of(p));
  }
  CHECK(same_bits(scheduler.state_dict(), other.state_dict()));
}

TEST_CASE("rates changed by hand are kept by schedules that multiply", "[optim][schedule]") {
  optim::SGD o = sgd();
  optim::ExponentialLR scheduler(o, 0.5);
  o.groups()[0].options.lr = 8;
  scheduler.step();
  CHECK(o.groups()[0].options.lr == 4);
}

TEST_CASE("a later schedule begins from the rates before the first one", "[optim][schedule]") {
  optim::SGD o = sgd();
  optim::ConstantLR first(o, 0.5);
  optim::LambdaLR second(o, [](auto) { return 3.0; });
  CHECK(o.groups()[0].options.lr == Approx(0.3));
  CHECK(o.state_dict().get<double>("param_groups.0.initial_lr") == 0.1);
  optim::SGD p = sgd({0.7});
  p.load_state_dict(o.state_dict());
  optim::LambdaLR third(p, [](auto) { return 1.0; });
  CHECK(p.groups()[0].options.lr == 0.1);
  StateDict wrong = o.state_dict();
  wrong.set("param_groups.0.initial_lr", -1.0);
  CHECK(throws<ValueError>([&] { p.load_state_dict(wrong); }, {"initial_lr is -1"}));
}

TEST_CASE("copies of a schedule count on their own", "[optim][schedule]") {
  optim::SGD o = sgd();
  optim::AnyScheduler one = optim::StepLR(o, 2), other = one;
  optim::SequentialLR sequence(o, {one}, {});
  optim::SequentialLR copy = sequence;
  sequence.step();
  CHECK(sequence.schedulers()[0]->last_epoch() == 1);
  CHECK(copy.schedulers()[0]->last_epoch() == 0);
  CHECK(other->last_epoch() == 0);
  other = sequence.schedulers()[0];
  CHECK(other->last_epoch() == 1);
}

namespace {
// A schedule of the user's.
class Sawtooth : public optim::GroupwiseLR {
 public:
  explicit Sawtooth(optim::Optimizer& optimizer, Site site = {__builtin_FILE(), __builtin_LINE()})
      : GroupwiseLR("Sawtooth", optimizer) {
    start(site);
  }

 protected:
  double lr_at(std::int64_t epoch, std::size_t group, double) const override {
    return base_lrs_[group] * static_cast<double>(epoch % 3);
  }
};
}  // namespace

TEST_CASE("a schedule of the user's is one like any other", "[optim][schedule]") {
  optim::SGD o = sgd({1});
  Sawtooth saw(o);
  CHECK(rates(saw, 4) == Rates{0, 1, 2, 0, 1});
  optim::ChainedScheduler chain({Sawtooth(o)});
  chain.load_state_dict(chain.state_dict());
}

TEST_CASE("a schedule's state has PyTorch's names", "[optim][schedule]") {
  optim::SGD o = sgd({0.1, 0.02});
  optim::MultiStepLR scheduler(o, {5, 9});
  scheduler.step();
  std::vector<std::string> names;
  for (const auto& entry : scheduler.state_dict()) names.push_back(entry.name);
  CHECK(names == std::vector<std::string>{"scheduler", "last_epoch", "base_lrs.0", "base_lrs.1",
                                          "_last_lr.0", "_last_lr.1", "milestones.0",
                                          "milestones.1", "gamma"});
  CHECK(scheduler.state_dict().get<std::string>("scheduler") == "MultiStepLR");
  CHECK(scheduler.state_dict().get<std::int64_t>("last_epoch") == 1);
  optim::MultiStepLR other(o, {1});
  other.load_state_dict(scheduler.state_dict());
  CHECK(same_bits(other.state_dict(), scheduler.state_dict()));
}

TEST_CASE("a schedule's state that does not fit changes nothing", "[optim][schedule]") {
  using namespace optim;
  SGD o = sgd(), two = sgd({0.1, 0.2});
  const auto refused = [](Schedule& s, const StateDict& wrong,
                          std::initializer_list<std::string> parts) {
    const StateDict before = s.state_dict();
    CHECK(throws<ValueError>([&] { s.load_state_dict(wrong); }, parts));
    CHECK(same_bits(s.state_dict(), before));
  };
  StepLR step(o, 3);
  const auto with = [&](const char* name, const StateDict::Value& value) {
    StateDict wrong = step.state_dict();
    wrong.set("last_epoch", 7);
    wrong.set(name, value);
    return wrong;
  };
  refused(step, {},
          {"load_state_dict: the state does not fit StepLR", "missing: scheduler", "last_epoch",
           "base_lrs.0"});
  refused(step, with("gamma", -1.0), {"gamma is -1", "at least 0"});
  refused(step, with("step_size", 0), {"step_size is 0"});
  refused(step, with("step_size", 0.5), {"step_size: expected std::int64_t, found double 0.5"});
  refused(step, with("last_epoch", -1), {"last_epoch is -1"});
  refused(step, with("base_lrs.1", 0.1), {"base_lrs has 2 numbers", "1 parameter groups"});
  refused(step, with("base_lrs.0", NAN), {"base_lrs is nan"});
  refused(step, with("T_max", 1), {"unexpected: T_max"});
  refused(step, ExponentialLR(o, 0.5).state_dict(),
          {"scheduler: expected 'StepLR', found 'ExponentialLR'", "missing: step_size"});
  refused(step, StepLR(two, 3).state_dict(), {"2 numbers"});
  SequentialLR sequence(o, {StepLR(o, 3), ExponentialLR(o, 0.5)}, {4});
  StateDict wrong = sequence.state_dict();
  wrong.set("last_epoch", 2);
  wrong.set("_schedulers.1.gamma", -2.0);
  refused(sequence, wrong, {"ExponentialLR: gamma is -2"});
  refused(sequence, SequentialLR(o, {StepLR(o, 3), StepLR(o, 3)}, {4}).state_dict(),
          {"_schedulers.1.scheduler: expected 'ExponentialLR', found 'StepLR'"});
}

TEST_CASE("options that cannot be are refused by every schedule", "[optim][schedule]") {
  using namespace optim;
  SGD o = sgd({0.1, 0.2});
  const auto refused = [](const std::function<void()>& f,
                          std::initializer_list<std::string> parts) {
    CHECK(throws<ValueError>(f, parts));
  };
  refused([&] { StepLR(o, 0); }, {"StepLR: step_size is 0; it must be at least 1", "cpp:"});
  refused([&] { StepLR(o, 1, -1); }, {"gamma is -1"});
  refused([&] { StepLR(o, 1, NAN); }, {"gamma is nan"});
  refused([&] { MultiStepLR(o, {-1}); }, {"MultiStepLR: a milestone is -1"});
  refused([&] { MultiStepLR(o, {1}, -1); }, {"gamma"});
  refused([&] { ExponentialLR(o, -1); }, {"ExponentialLR: gamma"});
  refused([&] { PolynomialLR(o, 0); }, {"PolynomialLR: total_iters is 0"});
  refused([&] { PolynomialLR(o, 1, -1); }, {"power is -1"});
  refused([&] { ConstantLR(o, 0); }, {"ConstantLR: factor is 0; it must be in (0, 1]"});
  refused([&] { ConstantLR(o, 1.5); }, {"factor is 1.5"});
  refused([&] { ConstantLR(o, 0.5, 0); }, {"total_iters"});
  refused([&] { LinearLR(o, {.start_factor = 0}); }, {"LinearLR: start_factor is 0"});
  refused([&] { LinearLR(o, {.end_factor = 2}); }, {"end_factor is 2"});
  refused([&] { LinearLR(o, {.total_iters = 0}); }, {"total_iters is 0"});
  refused([&] { CosineAnnealingLR(o, 0); }, {"CosineAnnealingLR: T_max is 0"});
  refused([&] { CosineAnnealingLR(o, 1, -1); }, {"eta_min is -1"});
  refused([&] { CosineAnnealingWarmRestarts(o, 0); }, {"T_0 is 0"});
  refused([&] { CosineAnnealingWarmRestarts(o, 1, 0); }, {"T_mult is 0"});
  refused([&] { CosineAnnealingWarmRestarts(o, 1, 1, NAN); }, {"eta_min is nan"});
  refused([&] { CyclicLR(o, -0.1, 1.0); }, {"CyclicLR: base_lrs is -0.1"});
  refused([&] { CyclicLR(o, {0.1, 0.1, 0.1}, 1.0); }, {"base_lrs has 3 numbers", "2 parameter"});
  refused([&] { CyclicLR(o, 0.1, NAN); }, {"max_lr is nan"});
  refused([&] { CyclicLR(o, 0.1, 1.0, {.step_size_up = 0}); }, {"step_size_up is 0"});
  refused([&] { CyclicLR(o, 0.1, 1.0, {.step_size_down = -1}); }, {"step_size_down is -1"});
  refused([&] { CyclicLR(o, 0.1, 1.0, {.mode = "square"}); }, {"mode is square", "triangular2"});
  refused([&] { CyclicLR(o, 0.1, 1.0, {.scale_mode = "epoch"}); }, {"scale_mode is epoch"});
  refused([&] { CyclicLR(o, 0.1, 1.0, {.base_momentum = {}}); }, {"base_momentum has 0"});
  refused([&] { OneCycleLR(o, 0.1, {}); }, {"OneCycleLR: give total_steps", "steps_per_epoch"});
  refused([&] { OneCycleLR(o, 0.1, {.epochs = 3}); }, {"steps_per_epoch"});
  refused([&] { OneCycleLR(o, 0.1, {.epochs = 0, .steps_per_epoch = 1}); }, {"epochs is 0"});
  refused([&] { OneCycleLR(o, 0.1, {.total_steps = 0}); }, {"total_steps is 0"});
  refused([&] { OneCycleLR(o, 0.1, {.total_steps = 5, .pct_start = 1.1}); }, {"pct_start is 1.1"});
  refused([&] { OneCycleLR(o, 0.1, {.total_steps = 5, .anneal_strategy = "no"}); },
          {"anneal_strategy is no; it must be cos or linear"});
  refused([&] { OneCycleLR(o, 0.1, {.total_steps = 5, .div_factor = 0}); }, {"div_factor is 0"});
  refused([&] { OneCycleLR(o, {1, 2, 3}, {.total_steps = 5}); }, {"numbers", "2 parameter"});
  refused([&] { LambdaLR(o, LRLambda()); }, {"LambdaLR: a function is empty"});
  refused([&] { LambdaLR(o, std::vector<LRLambda>(3)); }, {"3 functions for 2 parameter groups"});
  refused([&] { MultiplicativeLR(o, LRLambda()); }, {"MultiplicativeLR"});
  refused([&] { LambdaLR(o, [](auto) { return -1.0; }); },
          {"LambdaLR: the learning rate of group 0 would be -0.1"});
  refused([&] { SWALR(o, 0.1, {.anneal_epochs = -1}); }, {"SWALR: anneal_epochs is -1"});
  refused([&] { SWALR(o, {0.1, 0.1, 0.1}); }, {"swa_lr has 3"});
  refused([&] { SWALR(o, 0.1, {.anneal_strategy = "x"}); }, {"anneal_strategy is x"});
  refused([&] { SequentialLR(o, {StepLR(o, 1)}, {3}); }, {"1 schedulers and 1 milestones"});
  refused([&] { SequentialLR(o, {}, {}); }, {"0 schedulers"});
  refused([&] { SequentialLR(o, {StepLR(o, 1), StepLR(o, 1)}, {0}); }, {"a milestone is 0"});
  refused(
      [&] {
        SequentialLR(o, {StepLR(o, 1), StepLR(o, 1), StepLR(o, 1)}, {5, 3});
      },
      {"a milestone is 3"});
  SGD other = sgd();
  refused([&] { SequentialLR(o, {StepLR(other, 1)}, {}); }, {"scheduler 0 is for another"});
  refused([&] { ChainedScheduler({}); }, {"ChainedScheduler: there are no schedulers"});
  refused([&] { ChainedScheduler({StepLR(o, 1), StepLR(other, 1)}); }, {"scheduler 1 is"});
  using Plateau = ReduceLROnPlateau;
  refused([&] { Plateau(o, {.mode = "best"}); }, {"mode is best; it must be min or max"});
  refused([&] { Plateau(o, {.factor = 1}); }, {"ReduceLROnPlateau: factor is 1"});
  refused([&] { Plateau(o, {.patience = -1}); }, {"patience is -1"});
  refused([&] { Plateau(o, {.threshold = 1}); }, {"threshold is 1"});
  refused([&] { Plateau(o, {.threshold_mode = "x"}); }, {"threshold_mode is x"});
  refused([&] { Plateau(o, {.cooldown = -1}); }, {"cooldown is -1"});
  refused([&] { Plateau(o, {.min_lr = {1, 2, 3}}); }, {"min_lr has 3"});
  refused([&] { Plateau(o, {.eps = -1}); }, {"eps is -1"});
  CHECK(lrs_of(o) == Rates{0.1, 0.2});
}
