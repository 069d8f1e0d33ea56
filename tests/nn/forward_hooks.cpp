// Functions that are called before and after a layer's forward.
#include <array>
#include <tuple>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

struct Doubled : nn::Layer<Doubled> {
  Tensor forward(Operand x) const { return x.materialize() * 2; }
};
struct Results {
  Tensor sum, difference;
};
struct Both : nn::Layer<Both> {
  Results forward(const Tensor& a, const Tensor& b) const { return {a + b, a - b}; }
};

}  // namespace

TEST_CASE("hooks see what goes in and what comes out, in order", "[nn][hooks]") {
  Doubled layer;
  std::vector<std::string> seen;
  {
    const HookHandle before =
        layer.register_forward_pre_hook([&](const nn::Module& m, std::vector<Tensor>& inputs) {
          CHECK(m.as<Doubled>() != nullptr);
          CHECK(inputs.size() == 1);
          seen.push_back("before " + std::to_string(inputs[0].item<int>()));
        });
    const HookHandle after = layer.register_forward_hook(
        [&](const nn::Module&, const std::vector<Tensor>& inputs, std::vector<Tensor>& outputs) {
          seen.push_back("after " + std::to_string(inputs[0].item<int>()) + " " +
                         std::to_string(outputs[0].item<int>()));
        });
    const HookHandle later =
        layer.register_forward_hook([&](const nn::Module&, const std::vector<Tensor>&,
                                        std::vector<Tensor>&) { seen.push_back("later"); });
    CHECK(layer(3).item<int>() == 6);
    CHECK(seen == std::vector<std::string>{"before 3", "after 3 6", "later"});
    layer.forward(3);  // by hand: no hooks
    CHECK(seen.size() == 3);
    Doubled copy = layer;  // shares them
    copy(4);
    CHECK(seen.size() == 6);
    layer.clone()(4);  // has none
    CHECK(seen.size() == 6);
  }
  layer(3);
  CHECK(seen.size() == 6);
}

TEST_CASE("hooks replace inputs and outputs, and gradients follow", "[nn][hooks]") {
  Both layer;
  const HookHandle before = layer.register_forward_pre_hook(
      [](const nn::Module&, std::vector<Tensor>& inputs) { inputs[1] = inputs[1] * 10; });
  const HookHandle after = layer.register_forward_hook(
      [](const nn::Module&, const std::vector<Tensor>& inputs, std::vector<Tensor>& outputs) {
        CHECK(inputs.size() == 2);
        CHECK(inputs[1].item<double>() == 20);
        outputs[1] = outputs[1] * 100;
      });
  const Tensor a = tensor(1., {.requires_grad = true}), b = tensor(2., {.requires_grad = true});
  const auto [sum, difference] = layer(a, b);
  CHECK(sum.item<double>() == 21);
  CHECK(difference.item<double>() == -1900);
  (sum + difference).backward();
  CHECK(a.grad().item<double>() == 101);
  CHECK(b.grad().item<double>() == 10 - 1000);
}

TEST_CASE("hooks reach into tuples, vectors and options, and pass over the rest", "[nn][hooks]") {
  struct Mixed : nn::Layer<Mixed> {
    std::tuple<Tensor, std::vector<Tensor>, int, std::optional<Tensor>> forward(
        const Tensor& x, int n, const std::vector<Tensor>& more, std::string) const {
      return {x * n, more, n, std::nullopt};
    }
  };
  Mixed layer;
  std::size_t in = 0, out = 0;
  const HookHandle before = layer.register_forward_pre_hook(
      [&](const nn::Module&, std::vector<Tensor>& inputs) { in = inputs.size(); });
  const HookHandle after =
      layer.register_forward_hook([&](const nn::Module&, const std::vector<Tensor>&,
                                      std::vector<Tensor>& outputs) { out = outputs.size(); });
  const auto result = layer(tensor(2.), 3, std::vector<Tensor>{tensor(1.), tensor(2.)}, "name");
  CHECK(in == 3);
  CHECK(out == 3);
  CHECK(std::get<0>(result).item<double>() == 6);
  CHECK(std::get<2>(result) == 3);
}

TEST_CASE("a hook keeps the number of tensors", "[nn][hooks]") {
  Doubled layer;
  const HookHandle before =
      layer.register_forward_pre_hook([](const nn::Module&, std::vector<Tensor>& x) { x.clear(); });
  CHECK(test::throws<GraphError>([&] { layer(1); }, {"register_forward_pre_hook", "number"}));
}

TEST_CASE("a hook may throw, remove itself, and outlive its layer", "[nn][hooks]") {
  HookHandle once;
  {
    Doubled layer;
    int calls = 0;
    once = layer.register_forward_pre_hook([&](const nn::Module&, std::vector<Tensor>&) {
      ++calls;
      once.remove();
    });
    layer(1);
    layer(1);
    CHECK(calls == 1);
    HookHandle kept = layer.register_forward_pre_hook(
        [](const nn::Module&, std::vector<Tensor>&) { throw std::runtime_error("no"); });
    CHECK_THROWS_AS(layer(1), std::runtime_error);
    kept.release();
    CHECK_THROWS_AS(layer(1), std::runtime_error);
    once = layer.register_forward_pre_hook([](const nn::Module&, std::vector<Tensor>&) {});
  }
  once.remove();
}

TEST_CASE("hooks need a Layer", "[nn][hooks]") {
  struct Plain : nn::Module {
  } plain;
  CHECK(test::throws<GraphError>([&] { auto h = plain.register_forward_hook(nullptr); },
                                 {"register_forward_hook", "Plain", "nn::Layer<Plain>"}));
  CHECK(test::throws<GraphError>([&] { auto h = plain.register_forward_pre_hook(nullptr); },
                                 {"register_forward_pre_hook", "Plain"}));
}

TEST_CASE("ops in a layer know the line of its call, those in a model their own", "[nn][hooks]") {
  const nn::Linear layer(2, 2);
  const Tensor x = ones({1, 2});
  const unsigned line = __LINE__ + 1;
  CHECK(layer(x).site().line == line);
  struct Model : nn::Layer<Model> {
    nn::Linear inner = child("inner", nn::Linear(2, 2));
    Tensor forward(const Tensor& v) {
      return inner(v);  // here
    }
    unsigned here = __LINE__ - 2;
  } model;
  CHECK(model(x).site().line == model.here);
}

TEST_CASE("ops in a hook know their own line, inside a layer made of layers too", "[nn][hooks]") {
  const nn::TransformerEncoderLayer layer(4, 2, {.dim_feedforward = 3});
  nn::Linear inner = layer.linear1;
  unsigned before = 0, after = 0;
  const HookHandle first =
      inner.register_forward_pre_hook([&](const nn::Module&, std::vector<Tensor>& inputs) {
        inputs[0] = inputs[0] * 2, before = __LINE__;
        CHECK(inputs[0].site().line == before);
      });
  const HookHandle second = inner.register_forward_hook(
      [&](const nn::Module&, const std::vector<Tensor>&, std::vector<Tensor>& outputs) {
        outputs[0] = outputs[0] * 2, after = __LINE__;
        CHECK(outputs[0].site().line == after);
      });
  const unsigned line = __LINE__ + 1;
  const Tensor y = layer(ones({2, 3, 4}));
  CHECK(y.site().line == line);
  CHECK(before != 0);
  CHECK(after != 0);
}
