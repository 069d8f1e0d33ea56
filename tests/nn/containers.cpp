// Lists of modules and of parameters, and modules by name.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("a list of modules of one type", "[nn][containers]") {
  struct Net : nn::Layer<Net> {
    nn::ModuleList<nn::Linear> layers =
        child("layers", nn::ModuleList<nn::Linear>(3, [] { return nn::Linear(2, 2); }));
    Tensor forward(Tensor x) {
      for (nn::Linear& layer : layers) x = tanh(layer(x));
      return x;
    }
  } net;
  CHECK(net.layers.size() == 3);
  CHECK(net.named_parameters()[2].name == "layers.1.weight");
  CHECK(net(ones({1, 2})).shape() == Shape{1, 2});
  net.layers.append(nn::Linear(2, 5));  // seen by the registry, too
  CHECK(net.parameters().size() == 8);
  CHECK(net.layers[3].weight.size(0) == 5);
  CHECK(net.layers.at(3).weight.size(0) == 5);
  CHECK(net(ones({1, 2})).shape() == Shape{1, 5});
  CHECK(test::throws<ValueError>([&] { net.layers.at(4); }, {"ModuleList", "4"}));
  const nn::ModuleList<nn::Linear> two(nn::Linear(1, 1), nn::Linear(1, 2));
  CHECK(two.size() == 2);
  CHECK(to_string(two) ==
        "ModuleList(\n"
        "  (0): Linear(in_features=1, out_features=1, bias=True)\n"
        "  (1): Linear(in_features=1, out_features=2, bias=True)\n"
        ")");
}

TEST_CASE("a list of modules of any type", "[nn][containers]") {
  nn::ModuleList<> list(nn::Linear(2, 3), nn::Tanh());
  list.append(nn::Linear(3, 1));
  Tensor x = ones({4, 2});
  for (const nn::AnyModule& m : list) x = m(x);
  CHECK(x.shape() == Shape{4, 1});
  CHECK(list[0].as<nn::Linear>() != nullptr);
  CHECK(list.parameters().size() == 4);
  CHECK(std::vector<nn::AnyModule>(list.begin(), list.end()).size() == 3);
  CHECK(test::throws<ValueError>([&] { list.at(3); }, {"ModuleList", "3"}));
}

TEST_CASE("modules by name", "[nn][containers]") {
  nn::ModuleDict heads{{"a", nn::AnyModule(nn::Linear(2, 3))}};
  heads.set("b", nn::Sequential(nn::Linear(2, 1), nn::ReLU()));
  CHECK(heads.size() == 2);
  CHECK(heads.contains("b"));
  CHECK(!heads.contains("c"));
  CHECK(heads["a"](ones({1, 2})).shape() == Shape{1, 3});
  CHECK(heads["b"](ones({1, 2})).shape() == Shape{1, 1});
  CHECK(heads.named_parameters().back().name == "b.0.bias");
  std::string names;
  for (const nn::NamedModule& m : heads) names += m.name;
  CHECK(names == "ab");
  CHECK(test::throws<ValueError>([&] { heads.at("c"); }, {"'c'", "'a'", "'b'"}));
  CHECK(test::throws<ValueError>([&] { heads.set("a", nn::Tanh()); }, {"'a'", "taken"}));
}

TEST_CASE("parameters in a list", "[nn][containers]") {
  nn::ParameterList list{ones({2}), zeros({3})};
  list.append(full({1}, 2.));
  CHECK(list.size() == 3);
  CHECK(list.named_parameters()[2].name == "2");
  std::int64_t sum = 0;
  for (const Tensor& p : list) sum += p.requires_grad() ? p.numel() : 0;
  CHECK(sum == 6);
  CHECK(&list[1].node() == &list.parameters()[1].node());
  CHECK(test::throws<ValueError>([&] { list.at(3); }, {"ParameterList", "3"}));
}
