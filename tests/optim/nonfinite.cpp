// Steps by gradients with NaN or infinities, which an optimizer can throw or skip.
#include <cmath>
#include <limits>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using optim::NonFinite;
using test::same_bits;
using test::throws;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

struct Pair {
  Tensor w = ones({2}, {.requires_grad = true}), b = ones({3}, {.requires_grad = true});
  Pair() {
    w.set_name("w");
    b.set_name("b");
  }
  void set(double in_w, double in_b) {
    w.set_grad(tensor({1.0, in_w}));
    b.set_grad(tensor({1.0, in_b, in_b}));
  }
  Tensor values() const { return cat({w.detach(), b.detach()}).clone(); }
};

template <class Options>
Options with(NonFinite nonfinite, Options o = {}) {
  o.nonfinite = nonfinite;
  return o;
}

}  // namespace

TEMPLATE_TEST_CASE("a step by gradients that are not finite is skipped and counted",
                   "[optim][nonfinite]", optim::SGDOptions, optim::AdamOptions, optim::AdamWOptions,
                   optim::RMSpropOptions, optim::AdagradOptions, optim::AdadeltaOptions,
                   optim::NAdamOptions, optim::RAdamOptions, optim::AdamaxOptions,
                   optim::RpropOptions, optim::ASGDOptions, optim::LionOptions) {
  for (const double bad : {inf, -inf, double(NAN)})
    for (const bool clips_norm : {false, true})
      for (const bool clips_value : {false, true}) {
        Pair p;
        auto o = with<TestType>(NonFinite::skip);
        if (clips_norm) o.clip_norm = 1;
        if (clips_value) o.clip_value = 0.5;
        optim::OptimizerOf<TestType> optimizer({p.w, p.b}, o);
        p.set(1, 1);
        optimizer.step();
        const Tensor before = p.values();
        const StateDict state = optimizer.state_dict().clone();
        CHECK(optimizer.skipped_steps() == 0);
        CHECK(optimizer.last_skipped().empty());
        p.set(1, bad);
        optimizer.step();
        CHECK(same_bits(p.values(), before));
        CHECK(same_bits(optimizer.state_dict(), state));
        CHECK(optimizer.skipped_steps() == 1);
        CHECK(optimizer.last_skipped().find("of the 3 elements of the gradient of parameter 1, ") ==
              0);
        CHECK(optimizer.last_skipped().find("'b', ") != std::string::npos);
        p.set(bad, bad);
        optimizer.step();
        CHECK(optimizer.skipped_steps() == 2);
        CHECK(optimizer.last_skipped().find("'w'") != std::string::npos);
        CHECK(optimizer.last_skipped().find("1 more parameters") != std::string::npos);
        p.set(1, 1);
        optimizer.step();
        CHECK(!same_bits(p.values(), before));
        CHECK(optimizer.skipped_steps() == 2);
      }
}

TEST_CASE("Muon skips its steps, too", "[optim][nonfinite]") {
  Tensor w = ones({2, 2}, {.requires_grad = true});
  optim::Muon optimizer({w}, {.nonfinite = NonFinite::skip});
  w.set_grad(tensor({{1.0, NAN}, {0.0, 1.0}}));
  optimizer.step();
  CHECK(optimizer.skipped_steps() == 1);
  CHECK(same_bits(w.detach(), ones({2, 2})));
}

TEST_CASE("or it throws, and names the parameter and the line", "[optim][nonfinite]") {
  Pair p;
  optim::Adam optimizer({p.w, p.b}, {.nonfinite = NonFinite::throw_});
  p.set(1, NAN);
  const Tensor before = p.values();
  const StateDict state = optimizer.state_dict().clone();
  const int line = __LINE__ + 1;
  CHECK(throws<AnomalyError>(
      [&] { optimizer.step(); },
      {"Adam: of the 3 elements of the gradient of parameter 1, ", "'b', 2 are NaN and 0 infinite",
       "the step was not taken", "nonfinite.cpp:" + std::to_string(line)}));
  CHECK(same_bits(p.values(), before));
  CHECK(same_bits(optimizer.state_dict(), state));
}

TEST_CASE("finite gradients take the same step bit for bit under any policy",
          "[optim][nonfinite]") {
  const auto run = [](NonFinite nonfinite, std::optional<double> clip_norm) {
    Pair p;
    optim::SGD optimizer({p.w, p.b}, {.lr = 0.1, .clip_norm = clip_norm, .nonfinite = nonfinite});
    p.set(2, 3);
    optimizer.step();
    return p.values();
  };
  for (const std::optional<double> clip_norm : {std::optional<double>(), {1.0}})
    for (const NonFinite policy : {NonFinite::throw_, NonFinite::skip})
      CHECK(same_bits(run(policy, clip_norm), run(NonFinite::ignore, clip_norm)));
}

TEST_CASE("large gradients whose squares overflow are finite; the default looks at none",
          "[optim][nonfinite]") {
  Tensor w = ones({2}, {.dtype = float64, .requires_grad = true});
  optim::SGD optimizer({w}, {.lr = 1e-200, .nonfinite = NonFinite::skip});
  w.set_grad(full({2}, 1e200, {.dtype = float64}));
  optimizer.step();
  CHECK(optimizer.skipped_steps() == 0);
  CHECK(test::all_close(w.detach(), zeros({2}, {.dtype = float64}), 1e-12));
  Pair p;
  optim::SGD plain({p.w, p.b});
  p.set(NAN, 1);
  plain.step();
  CHECK(std::isnan(p.w.data<float>()[1]));
  CHECK(plain.skipped_steps() == 0);
}

TEST_CASE("the policy is part of the state, unless it is the default", "[optim][nonfinite]") {
  const Pair p;
  optim::SGD one({p.w}, {.nonfinite = NonFinite::throw_}), other({p.w});
  CHECK(one.state_dict().get<std::string>("param_groups.0.nonfinite") == "throw_");
  CHECK(!other.state_dict().contains("param_groups.0.nonfinite"));
  other.load_state_dict(one.state_dict());
  CHECK(other.groups()[0].options.nonfinite == NonFinite::throw_);
  StateDict state = one.state_dict();
  state.set("param_groups.0.nonfinite", "skip");
  other.load_state_dict(state);
  CHECK(other.groups()[0].options.nonfinite == NonFinite::skip);
  state.set("param_groups.0.nonfinite", "never");
  CHECK(throws<ValueError>([&] { other.load_state_dict(state); },
                           {"nonfinite: expected 'throw_' or 'skip', found 'never'"}));
  state.erase("param_groups.0.nonfinite");
  other.load_state_dict(state);
  CHECK(other.groups()[0].options.nonfinite == NonFinite::ignore);
}
