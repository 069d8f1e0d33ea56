#include <cmath>
#include <limits>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::same_bits;
using test::throws;
using Names = std::vector<std::string>;

namespace {

Names names_of(const StateDict& state) {
  Names names;
  for (const auto& [name, value] : state) names.push_back(name);
  return names;
}

StateDict example() {
  return {{"epoch", 3},
          {"model.hidden.weight", ones({2, 3})},
          {"model.hidden.bias", zeros({2}, {.dtype = float64})},
          {"model.scale", tensor(2.0)},
          {"lr", 0.1},
          {"amsgrad", true},
          {"optimizer", "Adam"}};
}

}  // namespace

TEST_CASE("a state keeps the order and the type of what is set", "[graph][state_dict]") {
  const StateDict state = example();
  CHECK(names_of(state) == Names{"epoch", "model.hidden.weight", "model.hidden.bias", "model.scale",
                                 "lr", "amsgrad", "optimizer"});
  CHECK(state.get<std::int64_t>("epoch") == 3);
  CHECK(state.get<double>("lr") == 0.1);
  CHECK(state.get<bool>("amsgrad"));
  CHECK(state.get<std::string>("optimizer") == "Adam");
  CHECK(same_bits(state.get<Tensor>("model.hidden.weight"), ones({2, 3})));
  CHECK(state.get<Tensor>("model.scale").dim() == 0);
  CHECK(state.get<double>("epoch") == 3);  // where a double is wanted an integer does
  CHECK(StateDict().empty());
  CHECK(StateDict{{"float", 1.5F}}.get<double>("float") == 1.5);
  const double extremes[] = {NAN, -0.0, std::numeric_limits<double>::denorm_min()};
  for (const double x : extremes)
    CHECK(std::signbit(StateDict{{"x", x}}.get<double>("x")) == std::signbit(x));
}

TEST_CASE("a name that is set again keeps its place, as in Python", "[graph][state_dict]") {
  StateDict state = example();
  state.set("lr", "none");
  CHECK(names_of(state) == names_of(example()));
  CHECK(state.get<std::string>("lr") == "none");
  CHECK((StateDict{{"a", 1}, {"b", 2}, {"a", 3}}.get<std::int64_t>("a") == 3));
}

TEST_CASE("names are found after others have gone", "[graph][state_dict]") {
  StateDict state = example();
  CHECK(state.erase("model.hidden.weight"));
  CHECK(!state.erase("model.hidden.weight"));
  CHECK(!state.contains("model.hidden.weight"));
  CHECK(state.size() == 6);
  for (auto at = state.begin(); at != state.end(); ++at) CHECK(state.find(at->name) == at);
  state.set("model.hidden.weight", 1);
  CHECK(names_of(state).back() == "model.hidden.weight");
  CHECK(state.find("hidden") == state.end());
}

TEST_CASE("a part of a state is taken and put under a prefix", "[graph][state_dict]") {
  const StateDict state = example(), model = state.below("model");
  CHECK(names_of(model) == Names{"hidden.weight", "hidden.bias", "scale"});
  CHECK(same_bits(state.below("model."), model));
  CHECK(same_bits(state.below("model").below("hidden"), state.below("model.hidden")));
  CHECK(state.below("mod").empty());
  CHECK(state.below("lr").empty());  // the entry itself is not below
  CHECK(same_bits(state.below(""), state));

  StateDict all;
  all.set_below("", state);
  CHECK(same_bits(all, state));
  StateDict nested;
  nested.set_below("model", model);
  CHECK(names_of(nested) == Names{"model.hidden.weight", "model.hidden.bias", "model.scale"});
  nested.set_below("model", {{"scale", 7}});  // replaces what is there
  CHECK(nested.get<std::int64_t>("model.scale") == 7);
  CHECK(nested.size() == 3);
  nested.set_below("copy.", nested);
  CHECK(same_bits(nested.below("copy"), nested.below("").below("copy")));
  CHECK(nested.size() == 6);
}

TEST_CASE("copies share tensors, clones do not", "[graph][state_dict]") {
  Tensor w = ones({2}, {.requires_grad = true});
  const StateDict state{{"w", w}}, copy = state, clone = state.clone();
  CHECK(!clone.get<Tensor>("w").requires_grad());
  w.assign(zeros({2}));
  CHECK(same_bits(copy.get<Tensor>("w"), zeros({2})));
  CHECK(same_bits(clone.get<Tensor>("w"), ones({2})));
  const Tensor computed = w * 2;
  CHECK(StateDict{{"w", computed}}.clone().get<Tensor>("w").is_leaf());
}

TEST_CASE("what is not in a state is told by name", "[graph][state_dict]") {
  const StateDict state = example();
  const auto line = std::to_string(__LINE__ + 1);
  CHECK(throws<ValueError>([&] { state.get<double>("Ir"); },
                           {"StateDict", "'Ir'", "7 names", "lr", "state_dict.cpp:" + line}));
  CHECK(throws<ValueError>([] { StateDict().get<bool>("x"); }, {"'x'", "0 names"}));
  CHECK(throws<DTypeError>([&] { state.get<std::string>("lr"); },
                           {"'lr' is double 0.1", "not a std::string"}));
  CHECK(throws<DTypeError>([&] { state.get<std::int64_t>("lr"); }, {"not a std::int64_t"}));
  CHECK(throws<DTypeError>([&] { state.get<double>("amsgrad"); }, {"bool true", "not a double"}));
  CHECK(throws<DTypeError>([&] { state.get<bool>("model.scale"); }, {"Tensor [] float32"}));
  CHECK(throws<DTypeError>([&] { state.get<Tensor>("optimizer"); }, {"std::string 'Adam'"}));
  StateDict many;
  for (int i = 0; i < 100; ++i) many.set("entry" + std::to_string(i), i);
  CHECK(throws<ValueError>([&] { many.get<double>("x"); }, {"entry7, ...]"}));
}

TEST_CASE("what no file could name or hold is refused", "[graph][state_dict]") {
  StateDict state = example();
  for (const char* const name : {"", ".", ".a", "a.", "a..b"})
    CHECK(throws<ValueError>([&] { state.set(name, 1); }, {"StateDict", std::string("'") + name}));
  CHECK(throws<ValueError>([&] { state.set_below(".", {{"a", 1}}); }, {"'.a'"}));
  CHECK(throws<ValueError>([&] { state.set("w", Tensor()); }, {"'w'", "undefined"}));
  CHECK(throws<ValueError>([] { StateDict{{"w", Tensor()}}; }, {"'w'"}));
  CHECK(same_bits(state, example()));
}
