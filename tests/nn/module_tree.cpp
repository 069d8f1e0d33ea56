// Modules below modules, by their real types and by name.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

struct Block : nn::Layer<Block> {
  nn::Linear inner = child("inner", nn::Linear(3, 3, {.dtype = float64}));
  Tensor scale = parameter("scale", ones({3}, {.dtype = float64}));
  Tensor seen = buffer("seen", zeros({}, {.dtype = int64}));
  Tensor forward(const Tensor& x) { return inner(x) * scale; }
};
struct Net : nn::Layer<Net> {
  Block block = child("block", Block());
  nn::Sequential head =
      child("head", nn::Sequential(nn::Linear(3, 2, {.dtype = float64}), nn::Tanh()));
  Tensor forward(const Tensor& x) { return head(block(x)); }
};
// Not a Layer.
struct Plain : nn::Module {
  nn::Linear inner = child("inner", nn::Linear(2, 2));
  Tensor forward(const Tensor& x) { return inner(x); }
};

std::vector<std::string> names(const std::vector<nn::NamedModule>& list) {
  std::vector<std::string> all;
  for (const auto& x : list) all.push_back(x.name);
  return all;
}
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("modules are found with their names and types, parents first", "[nn][module]") {
  Net net;
  CHECK(names(net.named_children()) == Names{"block", "head"});
  CHECK(names(net.named_modules()) ==
        Names{"", "block", "block.inner", "head", "head.0", "head.1"});
  const auto modules = net.modules();
  CHECK(modules.size() == 6);
  CHECK(modules[0].as<Net>() == &net);
  CHECK(modules[0].type_name() == "Net");
  CHECK(modules[2].as<nn::Linear>() != nullptr);
  CHECK(modules[2].as<nn::Tanh>() == nullptr);
  CHECK(modules[2].as<nn::Linear>()->weight.size(0) == 3);
  CHECK(modules[5].type_name() == "Tanh");
  const nn::Module& base = net;
  CHECK(base.as<Net>() == &net);
  CHECK(base.as<Block>() == nullptr);
}

TEST_CASE("a registered module is called as what it is", "[nn][module]") {
  Net net;
  const Tensor x = test::uniform({4, 3}, -1, 1, 1);
  Tensor y = x;
  for (const nn::AnyModule& child : net.children()) y = child(y);
  CHECK(test::same_bits(y.detach(), net(x).detach()));
  CHECK(test::same_bits(net.modules()[0](x).detach(), net(x).detach()));
  Plain plain;
  CHECK(plain.children()[0](ones({1, 2})).shape() == Shape{1, 2});
  struct Holder : nn::Layer<Holder> {
    Plain plain = child("plain", Plain());
    Tensor forward(const Tensor& v) { return plain.forward(v); }
  };
  Holder holder;  // a child need not be a Layer to be called
  CHECK(holder.children()[0](ones({1, 2})).shape() == Shape{1, 2});
  const int line = __LINE__ + 1;
  CHECK(test::throws<GraphError>(
      [&] {
        plain.modules()[0](ones({1, 2}));
      },
      {"Plain", "nn::Layer<Plain>", std::to_string(line)}));
  struct TakesTwo : nn::Layer<TakesTwo> {
    Tensor forward(const Tensor& a, const Tensor& b) { return a + b; }
  };
  struct Pair : nn::Layer<Pair> {
    TakesTwo add = child("add", TakesTwo());
    Tensor forward(const Tensor& v) { return add(v, v); }
  };
  Pair pair;
  CHECK(test::same_bits(pair(ones({2})), full({2}, 2.)));
  CHECK(test::throws<GraphError>([&] { pair.children()[0](ones({1})); },
                                 {"TakesTwo", "one tensor", "as<TakesTwo>()"}));
}

TEST_CASE("a shared module comes once", "[nn][module]") {
  struct Tied : nn::Layer<Tied> {
    nn::Linear a = child("a", nn::Linear(2, 2));
    nn::Linear b = child("b", a);
    Tensor forward(const Tensor& x) { return b(a(x)); }
  };
  Tied tied;
  CHECK(tied.children().size() == 2);
  CHECK(tied.modules().size() == 2);
  int calls = 0;
  tied.apply([&](nn::Module&) { ++calls; });
  CHECK(calls == 2);
}

TEST_CASE("apply visits children before their parents", "[nn][module]") {
  Net net;
  Names types;
  net.apply([&](nn::Module& m) {
    types.push_back(to_string(m).substr(0, to_string(m).find('(')));
    if (auto* linear = m.as<nn::Linear>()) nn::init::constant_(linear->weight, 0.5);
  });
  CHECK(types == Names{"Linear", "Block", "Linear", "Tanh", "Sequential", "Net"});
  CHECK(test::same_bits(net.block.inner.weight.detach(), full({3, 3}, 0.5, {.dtype = float64})));
}

TEST_CASE("parameters, buffers and modules are found by their full names", "[nn][module]") {
  Net net;
  CHECK(&net.get_parameter("block.inner.weight").node() == &net.block.inner.weight.node());
  CHECK(&net.block.get_parameter("scale").node() == &net.block.scale.node());
  CHECK(&net.get_buffer("block.seen").node() == &net.block.seen.node());
  CHECK(net.get_submodule("head.0").as<nn::Linear>() != nullptr);
  CHECK(net.get_submodule("head").as<nn::Sequential>() != nullptr);
  CHECK(net.get_submodule("").as<Net>() == &net);
  CHECK(test::throws<ValueError>(
      [&] { net.get_parameter("block.inner.wait"); },
      {"get_parameter", "'block.inner.wait'", "Linear", "'weight'", "'bias'"}));
  CHECK(test::throws<ValueError>([&] { net.get_parameter("block.outer.weight"); },
                                 {"'outer'", "Block", "'inner'"}));
  CHECK(test::throws<ValueError>([&] { net.get_parameter("block.seen"); }, {"get_parameter"}));
  CHECK(test::throws<ValueError>([&] { net.get_buffer("head.1.x"); }, {"Tanh", "none"}));
  CHECK(test::throws<ValueError>([&] { net.get_submodule("head.7"); }, {"'head.7'", "'0'", "'1'"}));
  for (const char* odd : {".", "..", "block.", ".block", "block..inner"}) {
    INFO(odd);
    CHECK(test::throws<ValueError>([&] { net.get_parameter(odd); }, {"get_parameter"}));
    CHECK(test::throws<ValueError>([&] { net.get_submodule(odd); }, {"get_submodule"}));
  }
}

TEST_CASE("a module changes its dtype in place", "[nn][module]") {
  Net net;
  const std::vector<Tensor> before = net.parameters();
  const StateDict values = net.state_dict().clone();
  const Tensor loss = net(ones({2, 3}, {.dtype = float64})).sum();
  net(ones({2, 3}, {.dtype = float64})).sum().backward();
  net.to(float32);
  for (const Tensor& p : before) {
    CHECK(p.dtype() == float32);
    CHECK(p.requires_grad());
    CHECK(p.is_leaf());
    CHECK(!p.grad().defined());
  }
  CHECK(net.block.seen.dtype() == int64);
  CHECK(test::same_bits(net.block.inner.weight.detach(),
                        values.get<Tensor>("block.inner.weight").to(float32)));
  CHECK(test::throws<GraphError>([&] { loss.backward(); }, {}));  // its values are gone
  CHECK(net(ones({2, 3})).dtype() == float32);
  optim::SGD optimizer(net.parameters(), {.lr = 0.1, .momentum = 0.9});
  net(ones({2, 3})).sum().backward();
  optimizer.step();
  CHECK(test::throws<DTypeError>([&] { net.to(int64); }, {"to", "int64", "float32 or float64"}));
  net.to(float32);  // as it is: nothing changes
  CHECK(before[0].grad().defined());
}

TEST_CASE("parameters are frozen, all or by name", "[nn][module]") {
  Net net;
  net.requires_grad_(false);
  for (const Tensor& p : net.parameters()) CHECK(!p.requires_grad());
  net.requires_grad_();
  net.requires_grad_(false, "*.bias");
  for (const auto& [name, p] : net.named_parameters())
    CHECK(p.requires_grad() == (name.find("bias") == std::string::npos));
  net.requires_grad_(true, "head.[0-9].bias");
  CHECK(net.get_parameter("head.0.bias").requires_grad());
  CHECK(!net.get_parameter("block.inner.bias").requires_grad());
  CHECK(test::throws<ValueError>([&] { net.requires_grad_(false, "tail*"); },
                                 {"requires_grad_", "'tail*'", "Net"}));
}
