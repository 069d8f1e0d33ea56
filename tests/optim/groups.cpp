// Parameter groups by name.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::throws;

namespace {

std::vector<NamedTensor> some_parameters() {
  std::vector<NamedTensor> all;
  for (const char* name : {"embed.weight", "0.weight", "0.bias", "norm1.weight", "norm1.bias"})
    all.push_back({name, ones({2}, {.requires_grad = true})});
  all[1].tensor = ones({2, 2}, {.requires_grad = true});
  return all;
}

bool has(const std::vector<Tensor>& group, const std::vector<NamedTensor>& all,
         std::initializer_list<std::size_t> positions) {
  if (group.size() != positions.size()) return false;
  auto p = group.begin();
  for (const std::size_t i : positions)
    if (&(p++)->node() != &all[i].tensor.node()) return false;
  return true;
}

}  // namespace

TEST_CASE("no weight decay for bias and norm, in one line", "[optim][groups]") {
  const auto all = some_parameters();
  optim::AdamW optimizer(optim::groups(all, optim::AdamWOptions{.lr = 0.1, .weight_decay = 0.5},
                                       {{"*.bias|*norm*", optim::no_weight_decay}}));
  const auto& groups = optimizer.groups();
  REQUIRE(groups.size() == 2);
  CHECK(has(groups[0].params, all, {0, 1}));
  CHECK(has(groups[1].params, all, {2, 3, 4}));
  CHECK(groups[0].options.weight_decay == 0.5);
  CHECK(groups[1].options.weight_decay == 0);
  CHECK(groups[1].options.lr == 0.1);
  for (const NamedTensor& p : all) Tensor(p.tensor).set_grad(zeros_like(p.tensor));
  optimizer.step();
  CHECK(all[0].tensor.detach().data<float>()[0] == Approx(0.95));
  CHECK(all[2].tensor.detach().data<float>()[0] == 1);
}

TEST_CASE("a parameter belongs to the first rule that chooses it", "[optim][groups]") {
  const auto all = some_parameters();
  const auto groups = optim::groups(
      all, optim::SGDOptions{.lr = 1},
      {{"norm?.*", [](optim::SGDOptions& o) { o.lr = 2; }},
       {[](const NamedTensor& p) { return p.tensor.dim() == 2; }, [](auto& o) { o.lr *= 3; }},
       {"*", [](auto& o) { o.lr = 4; }}});
  REQUIRE(groups.size() == 3);  // none is left for the options as they are
  CHECK(has(groups[0].params, all, {3, 4}));
  CHECK(has(groups[1].params, all, {1}));
  CHECK(has(groups[2].params, all, {0, 2}));
  CHECK(groups[0].options.lr == 2);
  CHECK(groups[1].options.lr == 3);
  CHECK(groups[2].options.lr == 4);
  CHECK(optim::groups(all, optim::AdamOptions(), {}).size() == 1);
}

TEST_CASE("a rule without parameters is an error", "[optim][groups]") {
  const auto all = some_parameters();
  const optim::SGDOptions o;
  const auto change = [](auto&) {};
  CHECK(throws<ValueError>(
      [&] {
        optim::groups(all, o, {{"*.biases", change}});
      },
      {"groups: '*.biases' chooses no parameter;", "[embed.weight, 0.weight", "groups.cpp:"}));
  CHECK(throws<ValueError>(
      [&] {
        optim::groups(all, o, {{"*", change}, {"*.bias", change}});
      },
      {"'*.bias' chooses no parameter that an earlier rule has not chosen"}));
  CHECK(throws<ValueError>(
      [&] {
        optim::groups(all, o, {{[](const NamedTensor&) { return false; }, change}});
      },
      {"the function chooses no parameter"}));
  CHECK(throws<ValueError>([&] { optim::groups(all, o, {{"", change}}); }, {"''"}));
  std::vector<NamedTensor> many;
  for (int i = 0; i < 20; ++i) many.push_back({std::to_string(i), all[0].tensor});
  CHECK(throws<ValueError>([&] { optim::groups(many, o, {{"x", change}}); }, {"11, ...]"}));
}
