#include <sstream>

#include <fmt/format.h>

#include <xgrad/nn/format.hpp>
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::same_bits;
using test::throws;

namespace {

nn::Sequential net() {
  return nn::Sequential(nn::Linear(3, 4), nn::BatchNorm1d(4), nn::Linear(4, 2));
}

StateDict below(const std::string& prefix, const StateDict& state) {
  StateDict all;
  all.set_below(prefix, state);
  return all;
}

}  // namespace

TEST_CASE("names are replaced before a state is loaded", "[nn][state]") {
  const auto from = net();
  auto to = net();
  const nn::LoadReport report =
      to.load_state_dict(below("module.backbone", from.state_dict()),
                         {.rename = {{"^module\\.", ""}, {"^back(bone)\\.", ""}}});
  CHECK(report.fits());
  CHECK(report.loaded == 9);
  CHECK(same_bits(to.state_dict(), from.state_dict()));
  auto other = net();
  StateDict numbered;
  for (const auto& [name, value] : from.state_dict()) numbered.set("layer" + name, value);
  other.load_state_dict(numbered, {.rename = {{"layer(\\d+)\\.(.*)", "$1.$2"}}});
  CHECK(same_bits(other.state_dict(), from.state_dict()));
}

TEST_CASE("without strict what fits is loaded, and the rest reported", "[nn][state]") {
  const auto from = net();
  auto to = net();
  StateDict state = from.state_dict().clone();
  state.erase("0.bias");
  state.set("0.bais", tensor({1.0, 2.0, 3.0, 4.0}));
  state.set("2.weight", zeros({5, 4}));
  state.set("2.bias", zeros({2}, {.dtype = float64}));
  state.set("1.running_mean", 0.5);
  state.set("epoch", 3);
  const Tensor bias = to.get_parameter("0.bias").clone();
  const nn::LoadReport report = to.load_state_dict(state, {.strict = false});
  CHECK(report.loaded == 5);
  CHECK(report.missing_keys == std::vector<std::string>{"0.bias"});
  CHECK(report.unexpected_keys == std::vector<std::string>{"0.bais", "epoch"});
  CHECK(report.mismatched_keys.size() == 3);
  CHECK(same_bits(to.get_parameter("0.weight").detach(), from.get_parameter("0.weight").detach()));
  CHECK(same_bits(to.get_parameter("0.bias").detach(), bias.detach()));
  const std::string text =
      "5 tensors loaded\n"
      "Missing key(s) in state_dict:\n"
      "  0.bias (closest: 0.bais)\n"
      "Unexpected key(s) in state_dict:\n"
      "  0.bais\n"
      "  epoch\n"
      "Size or dtype mismatch for:\n"
      "  1.running_mean: expected Tensor [4] float32, found double 0.5\n"
      "  2.weight: expected Tensor [2, 4] float32, found Tensor [5, 4] float32\n"
      "  2.bias: expected Tensor [2] float32, found Tensor [2] float64; convert it by "
      ".to(float32)\n";
  CHECK(fmt::format("{}", report) == text);
  std::ostringstream out;
  out << report;
  CHECK(out.str() == text);
}

TEST_CASE("strict loading throws the report, and changes nothing", "[nn][state]") {
  auto model = net();
  const StateDict before = model.state_dict().clone();
  const auto load = [&](const StateDict& state, const nn::LoadStateOptions& options = {}) {
    return [&model, state, options] { model.load_state_dict(state, options); };
  };
  CHECK(throws<ValueError>(
      load(below("module", net().state_dict())),
      {"load_state_dict: the state does not fit Sequential, and nothing was loaded:",
       "0 tensors loaded", "0.weight (closest: module.0.weight)", "  module.2.bias",
       "load_report.cpp"}));
  CHECK(throws<ValueError>(load({}), {"Missing key(s) in state_dict:\n  0.weight\n"}));
  StateDict two = net().state_dict();
  two.set("m.0.weight", zeros({4, 3}));
  CHECK(throws<ValueError>(load(two, {.rename = {{"^m\\.", ""}}}),
                           {"two entries", "'0.weight'", "'m.0.weight'"}));
  CHECK(throws<ValueError>(load(two, {.rename = {{"(", ""}}}), {"'('", "not valid"}));
  CHECK(throws<ValueError>(load(two, {.strict = false, .rename = {{".*", ""}}}),
                           {"not a valid name"}));
  CHECK(throws<ValueError>(
      load({{std::string(5000, 'n'), 1}}, {.strict = false, .rename = {{"(n|m)*", ""}}}),
      {"5000 characters"}));
  CHECK(same_bits(model.state_dict(), before));
}

TEST_CASE("the closest name is one that differs little", "[nn][state]") {
  auto model = nn::Sequential(nn::Linear(1, 1));
  const auto closest = [&](const std::string& found) {
    const auto report = model.load_state_dict({{found, 1}}, {.strict = false});
    return report.similar_keys.empty() ? "" : report.similar_keys[0].missing;
  };
  CHECK(closest("0.weights") == "0.weight");
  CHECK(closest("0.wieght") == "0.weight");
  CHECK(closest("a.b.0.weight") == "0.weight");
  CHECK(closest("weight") == "0.weight");
  CHECK(closest("0.bais") == "0.bias");
  CHECK(closest("classifier") == "");
  CHECK(closest("step") == "");
}
