#include <string>
#include <thread>
#include <vector>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "viz/dot_file.hpp"

using namespace xgrad;
using test::DotFile;
using Texts = std::vector<std::string>;

namespace {

struct Block : nn::Layer<Block> {
  explicit Block(std::int64_t inner = 4)
      : up(child("up", nn::Linear(3, inner))), down(child("down", nn::Linear(inner, 3))) {}
  Tensor forward(const Tensor& x) { return x + down(tanh(up(x))); }
  nn::Linear up, down;
};

struct Stack : nn::Layer<Stack> {
  explicit Stack(std::size_t n)
      : blocks(child("blocks", nn::ModuleList<Block>(n, [] { return Block(); }))) {}
  Tensor forward(Tensor x) {
    for (Block& block : blocks) x = block(x);
    return x;
  }
  nn::ModuleList<Block> blocks;
};

template <class M>
DotFile drawn(M& model, const Shape& shape, const viz::GraphOptions& options = {}) {
  const Tensor x = rand(shape);
  return DotFile(viz::graph(
                     model, [&] { return model(x).sum(); }, options)
                     .dot());
}

std::size_t count_with(const DotFile& dot, const std::string& line) {
  std::size_t n = 0;
  for (const auto& [name, box] : dot.boxes)
    n += static_cast<std::size_t>(std::count(box.lines.begin(), box.lines.end(), line));
  return n;
}

}  // namespace

TEST_CASE("modules are frames around their ops and parameters", "[viz][graph]") {
  Block model;
  const DotFile dot = drawn(model, {2, 3});
  CHECK(dot.cluster_titles() == Texts{"Block", "down: Linear", "up: Linear"});
  CHECK(dot.frames("sum").empty());
  CHECK(dot.frames("tanh") == Texts{"Block"});
  CHECK(dot.frames("add") == Texts{"Block"});
  CHECK(dot.count("linear") == 2);
  CHECK(dot.count("weight") == 2);  // names within their modules
  CHECK(dot.count("bias") == 2);
  for (const auto& [name, box] : dot.boxes)
    if (box.lines[0] == "weight" || box.lines[0] == "linear") {
      CHECK(dot.clusters.at(dot.clusters.at(box.cluster).parent).title == "Block");
    }
  CHECK(dot.values() == Texts{"add -> sum", "bias -> linear", "bias -> linear", "input -> add",
                              "input -> linear", "linear -> add", "linear -> tanh",
                              "tanh -> linear", "weight -> linear", "weight -> linear"});
}

TEST_CASE("calls are noted from outside, too, and only in their scope", "[viz][graph]") {
  Block model;
  const Tensor x = rand({2, 3});
  const Tensor before = model(x);
  Tensor during;
  DotFile framed(viz::graph(before.sum()).dot());
  {
    const viz::ModuleCalls calls(model);
    CHECK(calls.calls().empty());
    CHECK(calls.tensors().size() == 4);
    during = model(x);
    REQUIRE(calls.calls().size() == 3);
    CHECK(calls.calls()[0].type == "Block");
    CHECK(calls.calls()[1].name == "up");
    CHECK(calls.calls()[2].name == "down");
    framed = DotFile(viz::graph(during.sum(), {.calls = &calls}).dot());
    CHECK(DotFile(viz::graph(before.sum(), {.calls = &calls}).dot()).clusters.empty());
  }
  CHECK(framed.clusters.size() == 3);
  const viz::ModuleCalls later(model);
  CHECK(DotFile(viz::graph(during.sum(), {.calls = &later}).dot()).clusters.empty());
}

TEST_CASE("calls that throw, identities and calls on other threads confuse no frame",
          "[viz][graph]") {
  struct Picky : nn::Layer<Picky> {
    nn::Linear inner = child("inner", nn::Linear(3, 3));
    nn::Dropout drop = child("drop", nn::Dropout(0.5));
    Tensor forward(const Tensor& x) { return drop(inner(x)); }
  } model;
  model.eval();
  const viz::ModuleCalls calls(model);
  CHECK_THROWS(model(ones({2, 5})));
  CHECK(calls.calls().empty());
  std::thread([&] { model(ones({1, 3})); }).join();
  CHECK(calls.calls().empty());
  const Tensor y = model(ones({2, 3})).sum();
  const DotFile dot(viz::graph(y, {.calls = &calls}).dot());
  CHECK(dot.cluster_titles() == Texts{"Picky", "inner: Linear"});
  CHECK(dot.frames("linear") == Texts{"Picky", "inner: Linear"});
}

TEST_CASE("equal modules in a row are drawn once", "[viz][graph]") {
  Stack model(5);
  const DotFile dot = drawn(model, {2, 3});
  CHECK(dot.cluster_titles() ==
        Texts{"Stack", "blocks.0 … blocks.4: Block × 5", "down: Linear", "up: Linear"});
  CHECK(dot.titles() == Texts{"add", "bias", "bias", "input", "linear", "linear", "sum", "tanh",
                              "weight", "weight"});
  CHECK(dot.values() == Texts{"add -> sum", "bias -> linear", "bias -> linear", "input -> add",
                              "input -> linear", "linear -> add", "linear -> tanh",
                              "tanh -> linear", "weight -> linear", "weight -> linear"});
  CHECK(dot.at("tanh").lines.size() == 2);  // numbers would be those of one of five
  CHECK(dot.caption == "21 ops, 21 leaves; float32 unless noted");
}

TEST_CASE("repeats are folded if there are enough of them, and equal", "[viz][graph]") {
  Stack model(3);
  CHECK(drawn(model, {2, 3}, {.fold = 0}).count("tanh") == 3);
  CHECK(drawn(model, {2, 3}, {.fold = 4}).count("tanh") == 3);
  CHECK(drawn(model, {2, 3}, {.fold = 3}).count("tanh") == 1);
  nn::Sequential unequal(Block(4), Block(4), Block(5), Block(4));
  const DotFile dot = drawn(unequal, {2, 3});
  CHECK(dot.count("tanh") == 3);
  CHECK(dot.cluster_titles()[0] == "0 … 1: Block × 2");
  // Equal ops with other connections.
  struct Crossed : nn::Layer<Crossed> {
    explicit Crossed(bool f) : flip(f) {}
    Tensor forward(const Tensor& x) {
      const Tensor a = exp(x);
      const Tensor b = exp(a);
      return flip ? a - b : b - a;
    }
    bool flip;
  };
  nn::Sequential crossed(Crossed(false), Crossed(true));
  const Tensor x = rand({2, 3}, {.requires_grad = true});
  const DotFile both(viz::graph(crossed, [&] { return crossed(x).sum(); }).dot());
  CHECK(both.count("sub") == 2);
}

TEST_CASE("sequences of several modules are folded", "[viz][graph]") {
  nn::Sequential model(nn::Linear(3, 3), nn::Tanh(), nn::Linear(3, 3), nn::Tanh(), nn::Linear(3, 3),
                       nn::Tanh(), nn::Linear(3, 1));
  const DotFile dot = drawn(model, {2, 3});
  CHECK(dot.cluster_titles() == Texts{"0: Linear", "1: Tanh", "6: Linear", "Sequential", "× 3"});
  CHECK(dot.frames("tanh") == Texts{"Sequential", "× 3", "1: Tanh"});
}

TEST_CASE("a module that is called often in a row is drawn once, with its weights once",
          "[viz][graph]") {
  struct Loop : nn::Layer<Loop> {
    nn::Linear step = child("step", nn::Linear(3, 3));
    Tensor forward(Tensor x) {
      for (int i = 0; i < 6; ++i) x = step(x);
      return x;
    }
  } model;
  const DotFile dot = drawn(model, {2, 3});
  CHECK(dot.cluster_titles() == Texts{"Loop", "step: Linear × 6"});
  CHECK(dot.count("weight") == 1);
}

TEST_CASE("a long loop of ops is folded", "[viz][graph]") {
  const Tensor w = tensor(0.5, {.requires_grad = true});
  Tensor x = tensor(1.0);
  for (int i = 0; i < 20; ++i) x = tanh(x * w + 1);
  const DotFile dot(viz::graph(x, {.names = {{"w", w}}}).dot());
  CHECK(dot.count("tanh") == 1);
  CHECK(dot.cluster_titles() == Texts{"× 20"});
  CHECK(dot.count("w") == 1);
  Tensor y = w;
  for (int i = 0; i < 3; ++i) y = y * y;  // too short to fold
  CHECK(DotFile(viz::graph(y).dot()).count("mul") == 3);
}

TEST_CASE("layers and deeper modules can be drawn whole", "[viz][graph]") {
  Stack model(2);
  const DotFile layers = drawn(model, {2, 3}, {.fold = 0, .whole_layers = true});
  CHECK(layers.count("up: Linear") == 2);
  CHECK(layers.count("linear") == 0);
  CHECK(count_with(layers, "16 parameters") == 2);
  CHECK(count_with(layers, "gives [2, 4]") == 2);
  CHECK(layers.count("tanh") == 2);
  const DotFile shallow = drawn(model, {2, 3}, {.depth = 1});
  CHECK(shallow.titles() == Texts{"blocks.0 … blocks.1: Block × 2", "input", "sum"});
  CHECK(shallow.has("blocks.0 … blocks.1: Block × 2", "31 parameters"));
  CHECK(shallow.has("blocks.0 … blocks.1: Block × 2", "4 ops"));
  const DotFile apart = drawn(model, {2, 3}, {.backward = true, .fold = 0, .depth = 1});
  CHECK(apart.titles() == Texts{"blocks.0: Block", "blocks.1: Block", "input", "sum"});
  CHECK(apart.has("blocks.1: Block", "steps 2 to 5"));
  CHECK(apart.gradients() == Texts{"sum => blocks.1: Block", "blocks.1: Block => blocks.0: Block"});
}

TEST_CASE("large graphs are summarised by module, then by op and line", "[viz][graph]") {
  Stack model(12);
  const DotFile by_module = drawn(model, {2, 3}, {.fold = 0, .max_boxes = 20});
  CHECK(by_module.boxes.size() == 14);
  CHECK(by_module.has("blocks.7: Block", "31 parameters"));
  CHECK(by_module.caption.find("summarised by module") != std::string::npos);
  const DotFile by_line = drawn(model, {2, 3}, {.fold = 0, .max_boxes = 5});
  CHECK(by_line.titles() == Texts{"Block × 12", "input", "sum"});
  CHECK(by_line.has("Block × 12", "372 parameters"));
  Tensor x = tensor(1.0, {.requires_grad = true});
  for (int i = 0; i < 500; ++i) x = sin(x);
  const DotFile loop(viz::graph(x, {.fold = 0}).dot());
  CHECK(loop.titles() == Texts{"leaf", "sin × 500"});
  CHECK(loop.caption.find("summarised by op and line of code") != std::string::npos);
  CHECK(loop.values() == Texts{"leaf -> sin × 500"});
}

TEST_CASE("the parameters of a model that is called by parts stay near their names",
          "[viz][graph]") {
  Block model;
  const viz::ModuleCalls calls(model);
  const Tensor y = linear(ones({1, 3}), model.up.weight) + model.up(ones({1, 3}));
  const DotFile dot(viz::graph(y, {.calls = &calls}).dot());
  CHECK(dot.count("weight") == 1);
  CHECK(dot.frames("weight") == Texts{"up: Linear"});
}
