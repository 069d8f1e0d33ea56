// Several optimizers as one.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::same_bits;
using test::throws;

namespace {

std::vector<Tensor> some_params() {
  return {test::leaf({4, 3}, -1, 1, 1), test::leaf({4}, -1, 1, 2), test::leaf({3, 4}, -1, 1, 3),
          test::leaf({}, -1, 1, 4)};
}
void set_gradients(const std::vector<Tensor>& params, unsigned seed) {
  for (const Tensor& p : params) Tensor(p).set_grad(test::uniform(p.shape(), -1, 1, seed++));
}
optim::Combined muon_and_adamw(const std::vector<Tensor>& params) {
  const auto [matrices, rest] = optim::split_matrices(params);
  return optim::Combined(optim::Muon(matrices, 0.02), optim::AdamW(rest, 3e-4));
}

}  // namespace

TEST_CASE("matrices are split from the rest", "[optim][combined]") {
  const auto params = some_params();
  const auto [matrices, rest] = optim::split_matrices(params);
  REQUIRE(matrices.size() == 2);
  REQUIRE(rest.size() == 2);
  CHECK(&matrices[1].node() == &params[2].node());
  CHECK(&rest[0].node() == &params[1].node());
}

TEST_CASE("combined optimizers take the steps of each", "[optim][combined]") {
  const auto ours = some_params(), theirs = some_params();
  optim::Combined both = muon_and_adamw(ours);
  optim::Muon muon({theirs[0], theirs[2]}, 0.02);
  optim::AdamW adamw({theirs[1], theirs[3]}, 3e-4);
  CHECK(both.size() == 2);
  CHECK(both.parameters().size() == 4);
  for (unsigned step = 0; step < 3; ++step) {
    set_gradients(ours, 10 * step);
    set_gradients(theirs, 10 * step);
    both.step();
    muon.step();
    adamw.step();
    for (std::size_t i = 0; i < ours.size(); ++i)
      CHECK(same_bits(ours[i].detach(), theirs[i].detach()));
  }
  CHECK(same_bits(both.state_dict().below("1"), adamw.state_dict()));
  both.get<optim::Muon>().groups()[0].options.lr = 0;
  CHECK(both[0].state_dict().get<double>("param_groups.0.lr") == 0);
  both.zero_grad();
  for (const Tensor& p : ours) CHECK(!p.grad().defined());
}

TEST_CASE("a combined state is loaded whole or not at all", "[optim][combined]") {
  const auto params = some_params(), others = some_params();
  optim::Combined one = muon_and_adamw(params), other = muon_and_adamw(others);
  set_gradients(params, 1);
  one.step();
  const StateDict state = one.state_dict().clone();
  CHECK(state.get<std::string>("optimizer") == "Combined");
  CHECK(state.get<std::string>("1.optimizer") == "AdamW");
  other.load_state_dict(state);
  CHECK(same_bits(other.state_dict(), state));

  set_gradients(params, 5);
  one.step();
  const StateDict now = one.state_dict().clone();
  const auto refused = [&](const StateDict& wrong, std::initializer_list<std::string> parts) {
    CHECK(throws<ValueError>([&] { one.load_state_dict(wrong); }, parts));
    CHECK(same_bits(one.state_dict(), now));
  };
  StateDict wrong = state;
  wrong.set("1.param_groups.0.lr", -1.0);  // the first part fits
  refused(wrong, {"AdamW: lr is -1"});
  wrong = state;
  wrong.set("2.optimizer", "SGD");
  refused(wrong, {"Combined has 2 optimizers"});
  refused(state.below("1"), {"not that of Combined"});
  refused({}, {"not that of Combined"});
}

TEST_CASE("combined optimizers share no parameter", "[optim][combined]") {
  const Tensor w = ones({2, 2}).requires_grad_();
  CHECK(throws<ValueError>([&] { optim::Combined(optim::SGD({w}), optim::Adam({w})); },
                           {"Combined", "twice"}));
  CHECK(throws<ValueError>(
      [] { optim::Combined(std::vector<std::unique_ptr<optim::Optimizer>>{}); }, {"Combined"}));
  optim::Combined one(optim::SGD({w}, 0.1));
  CHECK(throws<ValueError>([&] { one.get<optim::Adam>(); }, {"no optimizer of that type"}));
}
