#include <cmath>
#include <limits>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using data::EarlyStopping;
using test::same_bits;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// How many of the values are looked at.
std::int64_t steps_of(EarlyStopping stopping, std::initializer_list<double> values) {
  for (const double v : values)
    if (stopping.step(v)) break;
  return stopping.steps();
}

}  // namespace

TEST_CASE("training stops after patience values without progress", "[data][early_stopping]") {
  CHECK(steps_of(EarlyStopping({.patience = 1}), {3, 2, 2, 1}) == 3);
  CHECK(steps_of(EarlyStopping({.patience = 2}), {3, 4, 2, 3, 1, 2, 2, 0}) == 7);
  CHECK(steps_of(EarlyStopping(), {1, 1, 1, 1, 1, 1}) == 4);  // patience 3
  CHECK(steps_of(EarlyStopping({.patience = 1, .mode = "max"}), {1, 2, 3, 3}) == 4);
  CHECK(steps_of(EarlyStopping({.min_delta = 0.5, .patience = 1}), {3, 2.4, 2, 0}) == 3);
  CHECK(steps_of(EarlyStopping({.min_delta = 0.5, .patience = 1, .mode = "max"}), {1, 1.6, 2, 5}) ==
        3);
}

TEST_CASE("the best value and its step are known", "[data][early_stopping]") {
  EarlyStopping stopping({.patience = 9});
  CHECK(std::isnan(stopping.best()));
  CHECK(stopping.best_step() == -1);
  for (const double v : {3., 1., 2., 1.}) CHECK(!stopping.step(v));
  CHECK(stopping.best() == 1);
  CHECK(stopping.best_step() == 1);
  CHECK(!stopping.stopped());
}

TEST_CASE("a value that is not finite stops, or is no progress", "[data][early_stopping]") {
  CHECK(steps_of(EarlyStopping(), {1, not_a_number, 0}) == 2);
  CHECK(steps_of(EarlyStopping(), {1, -infinity, 0}) == 2);
  CHECK(steps_of(EarlyStopping({.patience = 2, .check_finite = false}),
                 {1, not_a_number, 0, not_a_number, not_a_number, 1}) == 5);
  CHECK(steps_of(EarlyStopping({.patience = 2, .check_finite = false}),
                 {not_a_number, not_a_number, 0}) == 2);
  EarlyStopping stopping({.check_finite = false});
  stopping.step(infinity);
  stopping.step(5);
  CHECK(stopping.best() == 5);
}

TEST_CASE("the best state is a copy that training does not reach", "[data][early_stopping]") {
  manual_seed(1);
  nn::Linear model(2, 1);
  EarlyStopping stopping({.patience = 2});
  stopping.step(2, model.state_dict());
  stopping.step(1, model.state_dict());
  const StateDict best = model.state_dict().clone();
  model.weight.assign(zeros({1, 2}));
  stopping.step(3, model.state_dict());
  CHECK(stopping.step(3, model.state_dict()));
  CHECK(same_bits(stopping.best_state(), best));
  model.load_state_dict(stopping.best_state());
  CHECK(same_bits(model.state_dict(), best));
}

TEST_CASE("early stopping resumes from its state", "[data][early_stopping]") {
  EarlyStopping stopping({.patience = 2}), resumed({.patience = 2});
  stopping.step(2, {{"w", tensor({1.0})}});
  stopping.step(3, {{"w", tensor({2.0})}});
  resumed.load_state_dict(stopping.state_dict());
  CHECK(same_bits(resumed.state_dict(), stopping.state_dict()));
  CHECK(same_bits(resumed.best_state(), StateDict{{"w", tensor({1.0})}}));
  CHECK(resumed.step(3));
  StateDict state = stopping.state_dict();
  state.set("best_step", 9);
  CHECK(test::throws<ValueError>([&] { resumed.load_state_dict(state); },
                                 {"EarlyStopping", "best_step", "early_stopping.cpp"}));
  state.erase("waited");
  CHECK(test::throws<ValueError>([&] { resumed.load_state_dict(state); }, {"missing: waited"}));
  CHECK(resumed.steps() == 3);
}

TEST_CASE("options of early stopping that cannot be are refused", "[data][early_stopping]") {
  CHECK(test::throws<ValueError>([] { EarlyStopping({.patience = 0}); },
                                 {"patience is 0", "early_stopping.cpp"}));
  CHECK(test::throws<ValueError>([] { EarlyStopping({.mode = "most"}); }, {"most", "min", "max"}));
  CHECK(test::throws<ValueError>([] { EarlyStopping({.min_delta = -1}); }, {"min_delta is -1"}));
  CHECK(
      test::throws<ValueError>([] { EarlyStopping({.min_delta = not_a_number}); }, {"min_delta"}));
}
