#include <string>
#include <vector>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "viz/dot_file.hpp"

using namespace xgrad;
using test::DotFile;
using Texts = std::vector<std::string>;

namespace {

const TensorOptions leaf{.dtype = float64, .requires_grad = true};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}
DotFile drawn(const TensorList& outputs, const viz::GraphOptions& options = {}) {
  return DotFile(viz::graph(outputs, options).dot());
}

// An op with two results.
std::vector<Tensor> halves(const Tensor& x) {
  return record({"halves"}, {x}, std::vector<Tensor>{x.detach() * 0.5, x.detach() * 0.5},
                save_nothing, [](std::span<const Tensor> dy, Inputs, InputGradients dx) {
                  for (const Tensor& each : dy)
                    if (each.defined()) dx.add(0, 0.5 * each);
                });
}

}  // namespace

TEST_CASE("every op, leaf and edge of a graph is drawn, and nothing else", "[viz][graph]") {
  const KeepValues guard;
  const Tensor w = tensor(2.0, leaf), b = tensor(1.0, leaf), x = tensor(3.0, {.dtype = float64});
  const Tensor y = square(w * x + b);
  const DotFile dot = drawn(y, {.names = {{"w", w}, {"b", b}, {"x", x}, {"y", y}}});
  CHECK(dot.titles() == Texts{"add", "b", "mul", "w", "x", "y = square"});
  CHECK(dot.values() ==
        Texts{"add -> y = square", "b -> add", "mul -> add", "w -> mul", "x -> mul"});
  CHECK(dot.has("mul", "6"));
  CHECK(dot.has("add", "7"));
  CHECK(dot.has("y = square", "49"));
  CHECK(dot.clusters.empty());
  CHECK(dot.caption == "3 ops, 3 leaves; float64 unless noted");
}

TEST_CASE("a graph shows shapes, other dtypes, rows of matrices, bytes and lines", "[viz][graph]") {
  const KeepValues guard;
  const Tensor w = tensor({{1.5, -2.0}, {0.25, 4.0}}, leaf), big = test::leaf({5, 7}, -1, 1, 3);
  const Tensor mask = tensor({true, false});
  const Tensor y = where(mask, w, 0).sum() + big.sum();
  const int line = __LINE__ - 1;
  const DotFile dot =
      drawn(y, {.names = {{"w", w}, {"big", big}, {"mask", mask}}, .bytes = true, .sites = true});
  CHECK(dot.at("w").lines == Texts{"w", "[2, 2]", "[1.5, -2]", "[0.25, 4]", "32 B",
                                   "graph.cpp:" + std::to_string(line - 2)});
  CHECK(dot.has("big", "[5, 7]"));
  CHECK(dot.has("big", "280 B"));
  CHECK(dot.at("big").lines.size() <= 4);  // no values
  CHECK(dot.has("mask", "[2] bool"));
  CHECK(dot.has("mask", "[1, 0]"));
  CHECK(dot.has("where", "graph.cpp:" + std::to_string(line)));
  CHECK(has(dot.caption, "kept"));
}

TEST_CASE("values that are gone are not shown, and said to be freed with bytes", "[viz][graph]") {
  const Tensor x = tensor(2.0, leaf);
  const Tensor y = (x + 1) * 3;
  const DotFile dot = drawn(y, {.bytes = true});
  CHECK(dot.has("add", "8 B, freed"));
  CHECK(dot.has("mul", "8 B"));
  CHECK(dot.has("mul", "9"));
}

TEST_CASE("names come from options, from a model, or from the tensor", "[viz][graph]") {
  const nn::Sequential model(nn::Linear(2, 2));
  Tensor own = tensor({1.0, 1.0}, {.requires_grad = true});
  own.set_name("own");
  const Tensor y = (model(own) * own).sum();
  const DotFile dot =
      drawn(y, {.model = &model,
                .names = {{"bias!", model.get_parameter("0.bias")}, {"nothing", Tensor()}}});
  CHECK(dot.count("0.weight") == 1);
  CHECK(dot.count("bias!") == 1);
  CHECK(dot.count("0.bias") == 0);
  CHECK(dot.count("own") == 1);
}

TEST_CASE("a value that is used twice is drawn once", "[viz][graph]") {
  const KeepValues guard;
  const Tensor x = tensor(2.0, leaf);
  const Tensor h = exp(x);
  const DotFile dot = drawn(h * h + h, {.names = {{"x", x}}});
  CHECK(dot.titles() == Texts{"add", "exp", "mul", "x"});
  CHECK(dot.values() == Texts{"exp -> add", "exp -> mul", "exp -> mul", "mul -> add", "x -> exp"});
}

TEST_CASE("gradients of leaves are shown after a backward that keeps the graph", "[viz][graph]") {
  const Tensor x = tensor({1.0, 2.0}, leaf), large = test::leaf({20}, 1, 2, 5);
  const Tensor y = (x * x).sum() + (3 * large).sum();
  y.backward({}, {.retain_graph = true});
  const DotFile dot = drawn(y, {.names = {{"x", x}, {"large", large}}});
  CHECK(dot.has("x", "grad [2, 4]"));
  CHECK(dot.has("large", "grad norm 13.42"));
  CHECK(!has(viz::graph(y, {.gradients = false}).dot(), "grad ["));
}

TEST_CASE("the results of an op are drawn apart from its call", "[viz][graph]") {
  const KeepValues guard;
  const Tensor x = test::leaf({2}, -1, 1, 1);
  const std::vector<Tensor> parts = halves(x);
  const DotFile dot = drawn((parts[0] * parts[1]).sum(), {.names = {{"x", x}}, .backward = true});
  CHECK(dot.titles() == Texts{"halves", "halves[0]", "halves[1]", "mul", "sum", "x"});
  CHECK(dot.values() == Texts{"halves -> halves[0]", "halves -> halves[1]", "halves[0] -> mul",
                              "halves[1] -> mul", "mul -> sum", "x -> halves"});
  CHECK(dot.has("halves", "5. arrives at its results"));
  CHECK(dot.gradients().size() == 7);
  const DotFile one = drawn(parts[1].sum());
  CHECK(one.count("halves[0]") == 0);
}

TEST_CASE("what shares memory with its input is connected by a dashed arrow", "[viz][graph]") {
  const KeepValues guard;
  const Tensor x = test::leaf({2, 3}, -1, 1, 1);
  const DotFile dot = drawn(exp(x.reshape({6})).sum(), {.names = {{"x", x}}});
  int views = 0;
  for (const DotFile::Arrow& arrow : dot.arrows) {
    CHECK(arrow.is_view() == (arrow.to == dot.box("reshape")));
    views += arrow.is_view();
  }
  CHECK(views == 1);
}

TEST_CASE("a value that was changed after it was saved is marked", "[viz][graph]") {
  Tensor w = tensor(2.0, leaf);
  const Tensor y = w * w;
  CHECK(!has(viz::graph(y).dot(), "changed in place"));
  w.assign(tensor(3.0, {.dtype = float64}));
  const int line = __LINE__ - 1;
  const DotFile dot = drawn(y, {.names = {{"w", w}}});
  CHECK(
      dot.has("w", "changed in place after it was saved (graph.cpp:" + std::to_string(line) + ")"));
}

TEST_CASE("a graph of second order is drawn", "[viz][graph]") {
  Tensor x = tensor(2.0, leaf);
  const Tensor y = x * x * x;
  const Tensor dx = grad(y, x, {.create_graph = true})[0];
  const DotFile dot = drawn(dx, {.names = {{"x", x}, {"dx", dx}}, .backward = true});
  CHECK(dot.count("x") == 1);
  CHECK(dot.count("dx = add") == 1);
  CHECK(has(dot.at("x").lines.back(), "12"));  // 6 x
  x.set_grad(dx);  // a cycle of a leaf and its gradient is no cycle of the graph
  CHECK(drawn(dx).count("leaf") >= 1);
  x.set_grad({});
}

TEST_CASE("a checkpoint is an op; the backward pass shows what it computes again", "[viz][graph]") {
  const Tensor x = tensor(2.0, leaf);
  const Tensor y = checkpoint([](const Tensor& t) { return exp(sin(t)); }, x);
  const DotFile forward = drawn(y, {.names = {{"x", x}}});
  CHECK(forward.titles() == Texts{"checkpoint", "checkpoint[0]", "x"});
  const DotFile dot = drawn(y, {.names = {{"x", x}}, .backward = true});
  CHECK(dot.frames("exp") == Texts{"computed again by the backward pass"});
  CHECK(dot.frames("sin") == Texts{"computed again by the backward pass"});
  CHECK(dot.frames("x").empty());
  const Texts gradients = dot.gradients();
  REQUIRE(gradients.size() == 4);
  CHECK(has(gradients[0], "checkpoint[0] => checkpoint"));
  CHECK(has(gradients[1], "checkpoint => exp"));
  CHECK(has(gradients[2], "exp => sin"));
  CHECK(has(gradients[3], "sin => x"));
}

TEST_CASE("several outputs are drawn in one picture", "[viz][graph]") {
  const Tensor x = tensor(2.0, leaf);
  const DotFile dot = drawn({exp(x), sin(x)}, {.names = {{"x", x}}});
  CHECK(dot.titles() == Texts{"exp", "sin", "x"});
  CHECK(dot.values() == Texts{"x -> exp", "x -> sin"});
}

TEST_CASE("leaves, scalars and empty tensors can be drawn", "[viz][graph]") {
  CHECK(drawn(tensor(2.0, leaf)).titles() == Texts{"leaf"});
  CHECK(drawn(tensor(2.0)).titles() == Texts{"2"});
  const Tensor empty = zeros({0, 3}, leaf);
  CHECK(drawn(empty.sum()).has("leaf", "[0, 3]"));
  const Tensor odd = tensor({NAN, INFINITY, -0.0}, leaf);
  CHECK(drawn(odd.sum()).has("leaf", "[nan, inf, -0]"));
}

TEST_CASE("what cannot be drawn is refused with a reason", "[viz][graph]") {
  const Tensor x = tensor(2.0, leaf);
  CHECK(test::throws<GraphError>([] { viz::graph(Tensor()); }, {"viz::graph", "undefined"}));
  CHECK(test::throws<ValueError>([] { viz::graph(TensorList()); }, {"viz::graph", "no output"}));
  const Tensor y = exp(x);
  CHECK(test::throws<ValueError>(
      [&] {
        viz::graph({y, y}, {.backward = true});
      },
      {"viz::graph", "one output", "2"}));
  CHECK(test::throws<ShapeError>([&] { viz::graph(exp(zeros({3}, leaf)), {.backward = true}); },
                                 {"viz::graph", "upstream"}));
  CHECK(test::throws<ValueError>([&] { viz::graph(y, {.digits = 0}); }, {"digits is 0"}));
  CHECK(test::throws<ValueError>([&] { viz::graph(y, {.depth = -2}); }, {"depth is -2"}));
  CHECK(test::throws<ValueError>([&] { viz::graph(y, {.max_boxes = 0}); }, {"max_boxes is 0"}));
  CHECK(test::throws<ValueError>([&] { viz::graph(y, {.fold = -1}); }, {"fold is -1"}));
  y.backward();
  CHECK(test::throws<GraphError>([&] { viz::graph(y); },
                                 {"viz::graph", "freed by a sweep", "retain_graph"}));
}

TEST_CASE("a part of a graph that a sweep has freed is drawn as far as it is there",
          "[viz][graph]") {
  const Tensor x = tensor(2.0, leaf);
  const Tensor h = exp(x);
  h.backward();
  const DotFile dot = drawn(h * x, {.names = {{"x", x}}});
  CHECK(dot.titles() == Texts{"exp", "mul", "x"});
  CHECK(dot.values() == Texts{"exp -> mul", "x -> mul"});
}

TEST_CASE("the backward pass is drawn in the order of the sweep", "[viz][graph]") {
  const KeepValues guard;
  const Tensor w = tensor(2.0, leaf), x = tensor(3.0, {.dtype = float64}), b = tensor(1.0, leaf);
  const Tensor y = square(w * x + b);
  const DotFile dot = drawn(y, {.names = {{"w", w}, {"x", x}, {"b", b}}, .backward = true});
  CHECK(dot.has("square", "1. arrives 1"));
  CHECK(dot.has("add", "2. arrives 14"));
  CHECK(dot.has("mul", "3. arrives 14"));
  CHECK(dot.has("w", "5. gradient 42"));
  CHECK(dot.has("b", "4. gradient 14"));
  CHECK(dot.at("x").lines == Texts{"x", "3"});
  CHECK(dot.gradients() == Texts{"square => add: 14, slope 14", "add => mul: 14, slope 1",
                                 "add => b: 14, slope 1", "mul => w: 42, slope 3"});
  CHECK(dot.values().size() == 5);
  CHECK(!w.grad().defined());
  y.backward();  // the graph is as it was
  CHECK(w.grad().item<double>() == 42);
}

TEST_CASE("the steps of a picture are those of the trace", "[viz][graph]") {
  const Tensor x = test::leaf({3}, 0.5, 1, 1), w = test::leaf({3}, 0.5, 1, 2);
  const Tensor h = x * w;
  const Tensor y = (exp(h) * sin(h) + h / x).sum();
  const std::string dot = viz::graph(y, {.backward = true}).dot();
  std::size_t steps = 0;
  trace_sweep(y, {}, [&](const TraceStep& step) {
    const std::string number = std::to_string(++steps) + ". ";
    CHECK(has(dot, number + (*step.op == '\0' ? "gradient [" : "arrives ")));
  });
  CHECK(has(dot, std::to_string(steps) + " steps backward"));
  CHECK(!has(dot, std::to_string(steps + 1) + ". "));
}

TEST_CASE("an upstream gradient starts the backward pass of several elements", "[viz][graph]") {
  const Tensor x = tensor({1.0, 2.0}, leaf);
  const DotFile dot = drawn(
      3 * x,
      {.names = {{"x", x}}, .backward = true, .upstream = tensor({10.0, 1.0}, {.dtype = float64})});
  CHECK(dot.has("mul", "1. arrives [10, 1]"));
  CHECK(dot.has("x", "2. gradient [30, 3]"));
}
