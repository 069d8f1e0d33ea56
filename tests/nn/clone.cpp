// Modules with parameters of their own, and modules with other tensors in their places.
#include <functional>
#include <map>

#include <xgrad/graph/substitution.hpp>
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

// Tensors in members, containers, captures and children.
struct Net : nn::Layer<Net> {
  nn::Linear hidden = child("hidden", nn::Linear(3, 4, {.dtype = float64}));
  nn::Sequential head =
      child("head", nn::Sequential(nn::Linear(4, 4, {.dtype = float64}), nn::Tanh()));
  nn::ModuleList<nn::Linear> list = child(
      "list", nn::ModuleList<nn::Linear>(2, [] { return nn::Linear(4, 4, {.dtype = float64}); }));
  std::vector<Tensor> scales{parameter("scale", ones({4}, {.dtype = float64}))};
  std::map<std::string, Tensor> shifts{{"a", parameter("shift", zeros({4}, {.dtype = float64}))}};
  Tensor count = buffer("count", zeros({}, {.dtype = float64}));
  std::function<Tensor(const Tensor&)> scaled = [w = scales[0]](const Tensor& x) { return x * w; };

  Tensor forward(const Tensor& x) {
    count.assign(count + 1);
    Tensor h = head(tanh(hidden(x)));
    for (nn::Linear& layer : list) h = layer(h);
    return scaled(h) + shifts.at("a");
  }
};

}  // namespace

TEST_CASE("a clone computes the same and shares nothing", "[nn][clone]") {
  Net net;
  net.requires_grad_(false, "list.1.*");
  const Tensor x = test::uniform({5, 3}, -1, 1, 1);
  const Tensor y = net(x).detach();
  Net other = net.clone();
  CHECK(test::same_bits(other.state_dict(), net.state_dict()));
  CHECK(test::same_bits(other(x).detach(), y));
  const auto ours = net.named_parameters(), theirs = other.named_parameters();
  REQUIRE(ours.size() == theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    CHECK(ours[i].name == theirs[i].name);
    CHECK(&ours[i].tensor.node() != &theirs[i].tensor.node());
    CHECK(ours[i].tensor.requires_grad() == theirs[i].tensor.requires_grad());
    CHECK(ours[i].tensor.name() == theirs[i].tensor.name());
  }
  for (Tensor& p : other.parameters()) p.assign(p.detach() * 0.5);
  CHECK(test::same_bits(net(x).detach(), y));
  CHECK(!test::all_close(other(x).detach(), y, 1e-3));
  CHECK(net.count.item<int>() == 2);
  CHECK(other.count.item<int>() == 3);
  other(x).sum().backward();
  for (const auto& [name, p] : net.named_parameters()) CHECK(!p.grad().defined());
  for (const auto& [name, p] : other.named_parameters())
    CHECK(p.grad().defined() == p.requires_grad());
  // Every member of the clone is the tensor that is registered.
  CHECK(&other.hidden.weight.node() == &other.get_parameter("hidden.weight").node());
  CHECK(&other.list[1].weight.node() == &other.get_parameter("list.1.weight").node());
  CHECK(&other.scales[0].node() == &other.get_parameter("scale").node());
}

TEST_CASE("a clone has its own mode, and modules shared in it stay shared", "[nn][clone]") {
  struct Tied : nn::Layer<Tied> {
    nn::Linear a = child("a", nn::Linear(2, 2));
    nn::Linear b = child("b", a);
    Tensor forward(const Tensor& x) { return b(a(x)); }
  };
  Tied tied;
  tied.b.eval();
  Tied copy = tied.clone();
  CHECK(!copy.a.is_training());
  copy.a.train();
  CHECK(!tied.a.is_training());
  CHECK(copy.parameters().size() == 2);
  CHECK(&copy.a.weight.node() == &copy.b.weight.node());
  CHECK(&copy.a.weight.node() != &tied.a.weight.node());
}

TEST_CASE("a module of any type is cloned", "[nn][clone]") {
  const nn::Sequential net(nn::Linear(2, 3), nn::Sequential(nn::Linear(3, 1)));
  for (const nn::AnyModule& m : net.modules()) {
    const nn::AnyModule copy = m.clone();
    CHECK(copy.type_name() == m.type_name());
    CHECK(test::same_bits(copy->state_dict(), m->state_dict()));
    CHECK(&copy->parameters()[0].node() != &m->parameters()[0].node());
  }
  struct Plain : nn::Module {
    nn::Linear inner = child("inner", nn::Linear(2, 2));
  } plain;
  CHECK(test::throws<GraphError>([&] { plain.modules()[0].clone(); },
                                 {"clone", "Plain", "nn::Layer<Plain>"}));
}

TEST_CASE("what throws while a module is copied leaves copies as they were", "[nn][clone]") {
  struct Fails : nn::Layer<Fails> {
    Tensor w = parameter("w", ones({2}));
    bool fail = false;
    Fails() = default;
    Fails(const Fails& other) : Layer(other), w(other.w), fail(other.fail) {
      if (fail) throw std::runtime_error("no");
    }
    Tensor forward(const Tensor& x) { return x * w; }
  } module;
  module.fail = true;
  CHECK_THROWS_AS(module.clone(), std::runtime_error);
  const Tensor w = module.w;
  CHECK(&w.node() == &module.get_parameter("w").node());
}

TEST_CASE("a functional call has other tensors in the parameters' places", "[nn][clone]") {
  nn::Linear layer(2, 2, {.dtype = float64});
  const Tensor x = test::uniform({3, 2}, -1, 1, 1), w = test::uniform({2, 2}, -1, 1, 2);
  const Tensor before = layer.weight.detach().clone();
  const auto f = [&](const Tensor& v) { return nn::functional_call(layer, {{"weight", v}}, x); };
  CHECK(test::same_bits(f(w).detach(), linear(x, w, layer.bias).detach()));
  CHECK(gradcheck(f, {w}));
  CHECK(gradgradcheck(f, {w}));
  f(w).sum().backward();
  CHECK(layer.bias.grad().defined());  // shared, since it was not replaced
  CHECK(!layer.weight.grad().defined());
  CHECK(test::same_bits(layer.weight.detach(), before));
  CHECK(test::throws<ValueError>(
      [&] {
        nn::functional_call(layer, {{"wait", w}}, x);
      },
      {"functional_call", "'wait'", "Linear"}));
  CHECK(test::throws<ShapeError>(
      [&] {
        nn::functional_call(layer, {{"bias", w}}, x);
      },
      {"functional_call", "'bias'", "[2]", "[2, 2]"}));
  CHECK(test::throws<ShapeError>(
      [&] {
        nn::functional_call(layer, {{"bias", Tensor()}}, x);
      },
      {"undefined"}));
}

TEST_CASE("a functional call replaces what lies deep, and counts on in shared buffers",
          "[nn][clone]") {
  Net net;
  const Tensor x = test::uniform({2, 3}, -1, 1, 1);
  std::vector<NamedTensor> doubled;
  for (const auto& [name, p] : net.named_parameters()) doubled.push_back({name, p * 2});
  const Tensor y = nn::functional_call(net, doubled, x);
  CHECK(net.count.item<int>() == 1);
  Net twice = net.clone();
  for (Tensor& p : twice.parameters()) p.assign(p.detach() * 2);
  CHECK(test::all_close(y.detach(), twice(x).detach(), 1e-14));
  y.sum().backward();  // through the doubling into the parameters
  twice(x).sum().backward();
  for (const auto& [name, p] : net.named_parameters())
    CHECK(test::all_close(p.grad(), 2 * twice.get_parameter(name).grad(), 1e-12));
}

TEST_CASE("MAML through functional calls is MAML by hand", "[nn][clone]") {
  struct Mlp : nn::Layer<Mlp> {
    nn::Linear a = child("a", nn::Linear(1, 8, {.dtype = float64}));
    nn::Linear b = child("b", nn::Linear(8, 1, {.dtype = float64}));
    Tensor forward(const Tensor& x) { return b(tanh(a(x))); }
  } model;
  const Tensor x = test::uniform({10, 1}, -2, 2, 1), y = sin(x);
  const auto loss = [&](const Tensor& out) { return mse_loss(out, y); };
  const double lr = 0.1;

  std::vector<NamedTensor> fast = model.named_parameters();
  for (int step = 0; step < 2; ++step) {
    std::vector<Tensor> w;
    for (const auto& p : fast) w.push_back(p.tensor);
    const auto dw = grad(loss(nn::functional_call(model, fast, x)), w, {.create_graph = true});
    for (std::size_t i = 0; i < fast.size(); ++i) fast[i].tensor = w[i] - lr * dw[i];
  }
  loss(nn::functional_call(model, fast, x)).backward();

  std::vector<Tensor> leaves;
  for (const Tensor& p : model.parameters()) leaves.push_back(p.detach().clone().requires_grad_());
  std::vector<Tensor> w = leaves;
  const auto by_hand = [&] { return linear(tanh(linear(x, w[0], w[1])), w[2], w[3]); };
  for (int step = 0; step < 2; ++step) {
    const auto dw = grad(loss(by_hand()), w, {.create_graph = true});
    for (std::size_t i = 0; i < w.size(); ++i) w[i] = w[i] - lr * dw[i];
  }
  loss(by_hand()).backward();
  const auto parameters = model.parameters();
  for (std::size_t i = 0; i < leaves.size(); ++i)
    CHECK(test::all_close(parameters[i].grad(), leaves[i].grad(), 1e-13));
}

TEST_CASE("copies of tensors are others while they are substituted", "[nn][clone]") {
  const Tensor a = ones({1}), b = zeros({1}), c = full({1}, 2.);
  const std::vector<Tensor> list{a, b};
  {
    const Substitution outer({{a, c}});
    const std::vector<Tensor> copy = list;
    CHECK(&copy[0].node() == &c.node());
    CHECK(&copy[1].node() == &b.node());
    {
      const Substitution inner({{b, c}});
      const std::vector<Tensor> other = list;
      CHECK(&other[0].node() == &a.node());
      CHECK(&other[1].node() == &c.node());
    }
    const Tensor again = list[0];
    CHECK(&again.node() == &c.node());
    const Tensor undefined = Tensor(), none = undefined;
    CHECK(!none.defined());
  }
  const Tensor after = list[0];
  CHECK(&after.node() == &a.node());
}
