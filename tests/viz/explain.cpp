#include <map>
#include <utility>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

const TensorOptions leaf{.dtype = float64, .requires_grad = true};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a small sweep is told whole, in its order", "[viz][explain]") {
  const KeepValues guard;
  Tensor x = tensor(2.0, leaf);
  x.set_name("x");
  const Tensor y = square(3 * x + 1);
  const int line = __LINE__ - 1;
  const std::string expected =
      "A sweep of 4 steps, 1 of them leaves.\n"
      "\n1. square = 49   (explain.cpp:{0})\n"
      "   arrives:   1\n"
      "   rule:      dx = dy * 2 x\n"
      "   slope:     14 for input 0\n"
      "   passes on: 14 to input 0, add (step 2)\n"
      "\n2. add = 7   (explain.cpp:{0})\n"
      "   arrives:   14\n"
      "   rule:      da = dy, db = dy\n"
      "   slope:     1 for input 0\n"
      "   passes on: 14 to input 0, mul (step 3)\n"
      "\n3. mul = 6   (explain.cpp:{0})\n"
      "   arrives:   14\n"
      "   rule:      da = dy * b, db = dy * a\n"
      "   slope:     3 for input 1\n"
      "   passes on: 42 to input 1, leaf 'x' (step 4)\n"
      "\n4. leaf 'x' = 2   (explain.cpp:{1})\n"
      "   arrives:   42   = its gradient\n";
  CHECK(explain(y) == fmt::format(fmt::runtime(expected), line, line - 2));
}

TEST_CASE("explaining changes neither gradients nor the graph", "[viz][explain]") {
  const Tensor x = test::uniform({3, 2}, -1, 1, 1).requires_grad_();
  const Tensor y = (tanh(x) * x).sum();
  const std::string once = explain(y);
  CHECK(!x.grad().defined());
  CHECK(explain(y) == once);
  y.backward();
  const Tensor expected = x.grad().clone();
  CHECK(test::throws<GraphError>([&] { explain(y); }, {"explain", "a second time"}));
  CHECK(test::throws<GraphError>([] { explain(ones({})); }, {"explain", "requires a gradient"}));
  CHECK(test::throws<ShapeError>([] { explain(ones({2}, leaf) * 2); }, {"explain", "sum or mean"}));
  CHECK(test::same_bits(x.grad(), expected));
}

TEST_CASE("what arrives is what backward adds up, and what is passed on makes it", "[viz][trace]") {
  const Tensor x = test::uniform({4}, -1, 1, 2).requires_grad_(),
               w = test::uniform({3, 4}, -1, 1, 3).requires_grad_();
  const auto make = [&] { return mse_loss(tanh(linear(x * x + x, w)), ones({3})); };
  Tensor arrived_x, arrived_w;
  std::map<std::size_t, Tensor> sums;
  trace_sweep(make(), {}, [&](const TraceStep& step) {
    if (step.id != 0) CHECK(test::all_close(step.arrived, sums.at(step.id), 1e-15));
    for (const TraceStep::Passed& p : step.passed) {
      if (p.slope.defined()) CHECK(test::all_close(p.gradient, p.slope * step.arrived, 1e-15));
      Tensor& sum = sums[p.id];
      sum = sum.defined() ? sum + p.gradient : p.gradient;
    }
    if (*step.op == '\0' && step.shape == x.shape()) arrived_x = step.arrived;
    if (*step.op == '\0' && step.shape == w.shape()) arrived_w = step.arrived;
  });
  make().backward();
  CHECK(test::all_close(arrived_x, x.grad(), 1e-15));
  CHECK(test::all_close(arrived_w, w.grad(), 1e-15));
}

TEST_CASE("a large sweep is summarised", "[viz][explain]") {
  const Tensor x = tensor(2.0, leaf);
  Tensor y = x;
  for (int i = 0; i < 1000; ++i) y = y * 1.001 + x;
  const std::string text = explain(y, {.max_steps = 3});
  CHECK(has(text, "A sweep of 2001 steps, 1 of them leaves."));
  CHECK(has(text, "\n3. add"));
  CHECK(!has(text, "\n4. "));
  CHECK(has(text, "leaf (step 2001)"));
  CHECK(has(text, "... and 1998 more: 998 x add, 1 x leaf, 999 x mul\n"));
  const std::string big = explain(square(test::uniform({100}, 1, 2, 4).requires_grad_()).sum());
  CHECK(has(big, "[100]: mean "));
  CHECK(has(big, "norm "));
}

TEST_CASE("an op with several results passes on through its tuple node", "[viz][trace]") {
  const Tensor x = test::uniform({3}, 1, 2, 5).requires_grad_();
  const auto both = record("both", {x}, std::vector<Tensor>{x.detach() * 2, x.detach() * 3},
                           save_nothing, [](std::span<const Tensor> dy, Inputs, InputGradients dx) {
                             if (dy[0].defined()) dx.add(0, dy[0] * 2);
                             if (dy[1].defined()) dx.add(0, dy[1] * 3);
                           });
  Tensor arrived;
  trace_sweep((both[0] + both[1]).sum(), {}, [&](const TraceStep& step) {
    if (*step.op == '\0') arrived = step.arrived;
  });
  CHECK(test::all_close(arrived, full({3}, 5.0), 0));
}

TEST_CASE("a trace tells the gradients that backward gives, whatever lies on the way",
          "[viz][trace]") {
  Tensor x = test::uniform({3, 4}, -1, 1, 6).requires_grad_(),
         w = test::uniform({5, 4}, -1, 1, 7).requires_grad_();
  x.set_name("x");
  w.set_name("w");
  int calls = 0;
  Tensor hidden;
  HookHandle doubled;
  const auto make = [&] {
    hidden = checkpoint([&](const Tensor& in) { return tanh(linear(in, w)); }, x);
    hidden.set_name("hidden").retain_grad();
    doubled = register_hook(hidden, [&calls](const Tensor& g) { return ++calls, g * 2; });
    const auto parts = split(hidden, 2, 1);
    const ValuesIndices largest = max(hidden, 1);
    const Tensor slope = grad({square(hidden).sum()}, {x}, {.create_graph = true})[0];
    return (largest.values * parts[0].sum(1)).sum() + square(parts[2]).sum() + (slope * x).sum();
  };
  std::map<std::string, Tensor> arrived;
  trace_sweep(make(), {}, [&](const TraceStep& step) {
    if (!step.name.empty()) arrived[step.name] = step.arrived;
  });
  const int traced = std::exchange(calls, 0);
  CHECK(!x.grad().defined());
  make().backward();
  CHECK(calls == traced);
  CHECK(test::all_close(arrived.at("x"), x.grad(), 1e-14));
  CHECK(test::all_close(arrived.at("w"), w.grad(), 1e-14));
  CHECK(test::all_close(arrived.at("hidden"), hidden.grad(), 1e-14));
  const std::string text = explain(make(), {.max_steps = 1000});
  CHECK(has(text, "at each of its results"));
  CHECK(has(text, "to its result, computed again, "));
}

TEST_CASE("results that are used twice pass on the sum", "[viz][trace]") {
  const Tensor x = test::uniform({4}, 1, 2, 8).requires_grad_();
  const auto make = [&] {
    const auto parts = split(x, 2);
    return (parts[0] * 3 + parts[0] * parts[1]).sum();
  };
  Tensor arrived;
  trace_sweep(make(), {}, [&](const TraceStep& step) {
    if (*step.op == '\0') arrived = step.arrived;
  });
  make().backward();
  CHECK(test::same_bits(arrived, x.grad()));
}

TEST_CASE("values are kept under KeepValues alone", "[viz][explain]") {
  const Tensor x = tensor({1.0, 2.0}, leaf);
  const auto make = [&] { return (x * 3 + 1).sum(); };
  CHECK(!has(explain(make()), "mul = [3, 6]"));
  const KeepValues guard;
  CHECK(has(explain(make()), "mul = [3, 6]"));
}
