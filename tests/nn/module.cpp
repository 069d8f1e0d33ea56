#include <sstream>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

struct Block : nn::Module {
  nn::Linear inner = child("inner", nn::Linear(3, 3));
  Tensor scale = parameter("scale", ones({3}));
  Tensor seen = buffer("seen", zeros({}, {.dtype = int64}));
  Tensor forward(const Tensor& x) { return inner(x) * scale; }
};

struct Net : nn::Module {
  Block block = child("block", Block());
  nn::Sequential head = child("head", nn::Sequential(nn::Linear(3, 4), nn::ReLU(),
                                                     nn::Sequential(nn::Linear(4, 2), nn::Tanh())));
  Tensor forward(const Tensor& x) { return head(block.forward(x)); }
};

std::vector<std::string> names(const std::vector<nn::NamedTensor>& list) {
  std::vector<std::string> all;
  for (const auto& x : list) all.push_back(x.name);
  return all;
}

}  // namespace

TEST_CASE("parameters have full names, in order", "[nn]") {
  const Net net;
  CHECK(names(net.named_parameters()) ==
        std::vector<std::string>{"block.scale", "block.inner.weight", "block.inner.bias",
                                 "head.0.weight", "head.0.bias", "head.2.0.weight",
                                 "head.2.0.bias"});
  CHECK(names(net.named_buffers()) == std::vector<std::string>{"block.seen"});
  CHECK(net.parameters().size() == 7);
  for (const Tensor& p : net.parameters()) CHECK(p.requires_grad());
}

TEST_CASE("a model prints as in PyTorch", "[nn]") {
  const Net net;
  const std::string expected =
      "Net(\n"
      "  (block): Block(\n"
      "    (inner): Linear(in_features=3, out_features=3, bias=True)\n"
      "  )\n"
      "  (head): Sequential(\n"
      "    (0): Linear(in_features=3, out_features=4, bias=True)\n"
      "    (1): ReLU()\n"
      "    (2): Sequential(\n"
      "      (0): Linear(in_features=4, out_features=2, bias=True)\n"
      "      (1): Tanh()\n"
      "    )\n"
      "  )\n"
      ")";
  CHECK(to_string(net) == expected);
  CHECK(fmt::format("{}", net) == expected);
  std::ostringstream out;
  out << nn::Linear(2, 1, {.bias = false});
  CHECK(out.str() == "Linear(in_features=2, out_features=1, bias=False)");
}

TEST_CASE("copies of a module share its parameters and its mode", "[nn]") {
  Net net;
  Net copy = net;
  net.block.scale.assign(zeros({3}));
  CHECK(copy.block.scale.data<float>()[0] == 0);
  net.eval();
  CHECK(!copy.block.inner.is_training());
  copy.train();
  CHECK(net.head.is_training());
  CHECK(test::same_bits(net.forward(ones({1, 3})).detach(), copy.forward(ones({1, 3})).detach()));
}

TEST_CASE("a parameter under two names comes once", "[nn]") {
  struct Tied : nn::Module {
    nn::Linear a = child("a", nn::Linear(2, 2));
    nn::Linear b = child("b", a);
  };
  CHECK(Tied().parameters().size() == 2);
}

TEST_CASE("names that cannot be are refused", "[nn]") {
  struct Twice : nn::Module {
    Tensor a = parameter("w", ones({1}));
    Tensor b = parameter("w", ones({1}));
  };
  struct Dotted : nn::Module {
    nn::Linear a = child("a.b", nn::Linear(1, 1));
  };
  CHECK(test::throws<ValueError>([] { Twice(); }, {"'w'", "taken"}));
  CHECK(test::throws<ValueError>([] { Dotted(); }, {"'a.b'", "dot"}));
  CHECK(test::throws<ValueError>([] { nn::Linear(-1, 2); }, {"Linear", "-1"}));
}

TEST_CASE("zero_grad drops all gradients", "[nn]") {
  Net net;
  net.forward(ones({2, 3})).sum().backward();
  for (const Tensor& p : net.parameters()) CHECK(p.grad().defined());
  net.zero_grad();
  for (const Tensor& p : net.parameters()) CHECK(!p.grad().defined());
}

TEST_CASE("a linear layer starts within PyTorch's bounds, the same for the same seed", "[nn]") {
  manual_seed(7);
  const nn::Linear a(100, 50);
  manual_seed(7);
  const nn::Linear b(100, 50);
  CHECK(test::same_bits(a.weight.detach(), b.weight.detach()));
  for (const Tensor& p : {a.weight.detach(), a.bias.detach()}) {
    CHECK(amax(abs(p)).item<double>() <= 0.1);
    CHECK(amax(abs(p)).item<double>() > 0.09);
  }
  CHECK(std::abs(square(a.weight.detach()).mean().item<double>() - 0.01 / 3) < 2e-4);
  CHECK(nn::Linear(3, 2, {.dtype = float64}).weight.dtype() == float64);
  CHECK(nn::Linear(0, 2)(zeros({4, 0})).shape() == Shape{4, 2});
}

TEST_CASE("a sequential is callable, nests, grows and takes modules with forward", "[nn]") {
  struct Doubled : nn::Module {
    Tensor forward(const Tensor& x) { return x * 2; }
  };
  nn::Sequential net(Doubled{}, nn::Sigmoid());
  net.append(Doubled{});
  CHECK(net.size() == 3);
  const Tensor x = test::uniform({2, 2}, -1, 1, 1);
  CHECK(test::all_close(net(x), sigmoid(x * 2) * 2, 1e-15));
  CHECK(test::all_close(nn::Sequential()(x), x, 0));
  const nn::Linear layer(2, 3, {.dtype = float64});
  CHECK(gradcheck([&](const Tensor& v) { return nn::Sequential(layer, nn::Tanh())(v); }, {x}));
}

TEST_CASE("a linear layer's gradients match central differences", "[nn]") {
  const nn::Linear layer(3, 4, {.dtype = float64});
  const Tensor x = test::uniform({5, 3}, -1, 1, 2);
  CHECK(gradcheck(
      [](const Tensor& v, const Tensor& w, const Tensor& b) { return sigmoid(linear(v, w, b)); },
      {x, layer.weight.detach(), layer.bias.detach()}));
}

namespace {
// Names that a model's author may want.
struct State {
  int steps = 3;
};
struct LoadResult {
  int count = 4;
};
struct Recurrent : nn::Module {
  int own() const { return State().steps + LoadResult().count; }
};
}  // namespace

TEST_CASE("a module hides no type of the model's author", "[nn][module]") {
  CHECK(Recurrent().own() == 7);
}
