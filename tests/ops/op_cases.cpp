#include "ops/op_cases.hpp"

#include <xgrad/xgrad.hpp>

#include "support/compare.hpp"

namespace xgrad::test {
namespace {

using Unary = Tensor (*)(Operand);
using Inputs = std::vector<Tensor>;

const std::vector<Shape> shapes{{}, {1}, {7}, {0}, {3, 5}, {2, 0, 3}, {2, 3, 1, 5}, {19}};

struct Pair {
  Shape a, b;
};
const std::vector<Pair> pairs{
    {{}, {}},     {{5}, {5}},          {{3, 4}, {4}}, {{3, 1}, {1, 4}},
    {{}, {2, 3}}, {{2, 1, 3}, {4, 1}}, {{0, 3}, {3}}, {{2, 3, 4}, {2, 1, 4}},
    {{1}, {17}},  {{2, 3, 17}, {3, 1}}};

std::string label(const std::string& name, const Inputs& inputs) {
  std::string text = name;
  for (const Tensor& x : inputs) text.append(" ").append(to_string(x.shape()));
  return text;
}

class Cases {
 public:
  void add(const std::string& name, Inputs inputs, std::function<Tensor(const Inputs&)> op) {
    list.push_back({label(name, inputs), std::move(inputs), std::move(op)});
  }
  void unary(const std::string& name, Unary op, double low, double high) {
    for (const Shape& s : shapes)
      add(name, {uniform(s, low, high, 11)}, [op](const Inputs& x) { return op(x[0]); });
  }
  void binary(const std::string& name,
              const std::function<Tensor(const Tensor&, const Tensor&)>& op, double low,
              double high) {
    for (const Pair& p : pairs)
      add(name, {uniform(p.a, low, high, 21), uniform(p.b, low, high, 22)},
          [op](const Inputs& x) { return op(x[0], x[1]); });
  }
  std::vector<OpCase> list;
};

void add_elementwise(Cases& c) {
  c.unary("neg", neg, -2, 2);
  c.unary("exp", exp, -2, 2);
  c.unary("log", log, 0.3, 3);
  c.unary("sqrt", sqrt, 0.3, 3);
  c.unary("square", square, -2, 2);
  c.unary("abs", abs, 0.1, 2);
  c.unary("abs of negative", abs, -2, -0.1);
  c.unary("tanh", tanh, -2, 2);
  c.unary("sigmoid", sigmoid, -3, 3);
  c.unary("relu", relu, 0.1, 2);
  c.unary("relu of negative", relu, -2, -0.1);
  c.binary(
      "add", [](const Tensor& a, const Tensor& b) { return a + b; }, -2, 2);
  c.binary(
      "add scaled", [](const Tensor& a, const Tensor& b) { return add(a, b, 0.5); }, -2, 2);
  c.binary(
      "sub", [](const Tensor& a, const Tensor& b) { return a - b; }, -2, 2);
  c.binary(
      "sub scaled", [](const Tensor& a, const Tensor& b) { return sub(a, b, 2.5); }, -2, 2);
  c.binary(
      "mul", [](const Tensor& a, const Tensor& b) { return a * b; }, -2, 2);
  c.binary(
      "div", [](const Tensor& a, const Tensor& b) { return a / b; }, 0.5, 2);
  c.binary(
      "mse_loss none",
      [](const Tensor& a, const Tensor& b) { return mse_loss(a, b, Reduction::none); }, -2, 2);
  for (const Shape& s : shapes) {
    c.add("x * x", {uniform(s, -2, 2, 31)}, [](const Inputs& x) { return x[0] * x[0]; });
    c.add("2 / (x + 1) - x * 3", {uniform(s, 0.5, 2, 32)},
          [](const Inputs& x) { return 2 / (x[0] + 1) - x[0] * 3; });
    c.add("where", {uniform(s, -2, 2, 33), uniform(s, -2, 2, 34)},
          [](const Inputs& x) { return where(x[0].detach() > 0, x[0] * x[1], x[1]); });
  }
}

void add_reductions(Cases& c) {
  using Reduce = Tensor (*)(Operand, const Dims&, bool);
  const std::pair<const char*, Reduce> ops[] = {
      {"sum", sum}, {"mean", mean}, {"amax", amax}, {"amin", amin}};
  for (const auto& [name, op] : ops)
    for (const bool keepdim : {false, true}) {
      const auto reduce = [&, op = op](Dims dims) {
        return [op, dims, keepdim](const Inputs& x) { return op(x[0], dims, keepdim); };
      };
      c.add(name, {uniform({}, -2, 2, 41)}, reduce({}));
      c.add(name, {uniform({5}, -2, 2, 42)}, reduce(0));
      c.add(name, {uniform({3, 5}, -2, 2, 43)}, reduce({}));
      c.add(name, {uniform({3, 5}, -2, 2, 44)}, reduce(0));
      c.add(name, {uniform({3, 5}, -2, 2, 45)}, reduce(-1));
      c.add(name, {uniform({2, 3, 4}, -2, 2, 46)}, reduce({0, 2}));
      c.add(name, {uniform({2, 1, 4}, -2, 2, 47)}, reduce(1));
      c.add(name, {uniform({2, 3, 2, 2}, -2, 2, 48)}, reduce({1, 2}));
      c.add(name, {uniform({0, 3}, -2, 2, 49)}, reduce(1));
    }
  c.add("sum over nothing", {uniform({3, 0}, -2, 2, 50)},
        [](const Inputs& x) { return sum(x[0], 1); });
}

void add_products(Cases& c) {
  const std::vector<Pair> sizes{{{3}, {3}},
                                {{2, 3}, {3}},
                                {{3}, {3, 2}},
                                {{2, 3}, {3, 4}},
                                {{1, 5}, {5, 1}},
                                {{2, 0}, {0, 3}},
                                {{0, 2}, {2, 3}},
                                {{4, 2, 3}, {4, 3, 2}},
                                {{4, 2, 3}, {3, 2}},
                                {{2, 3}, {4, 3, 2}},
                                {{2, 1, 2, 3}, {3, 3, 1}},
                                {{4, 2, 3}, {3}},
                                {{3}, {4, 3, 2}}};
  for (const Pair& s : sizes)
    c.add("matmul", {uniform(s.a, -2, 2, 51), uniform(s.b, -2, 2, 52)},
          [](const Inputs& x) { return matmul(x[0], x[1]); });
  for (const Shape& x : std::vector<Shape>{{3}, {2, 3}, {2, 4, 3}, {0, 3}}) {
    const Inputs in{uniform(x, -2, 2, 53), uniform({5, 3}, -2, 2, 54), uniform({5}, -2, 2, 55)};
    c.add("linear", in, [](const Inputs& v) { return linear(v[0], v[1], v[2]); });
    c.add("linear without bias", {in[0], in[1]},
          [](const Inputs& v) { return linear(v[0], v[1]); });
  }
}

void add_shapes(Cases& c) {
  const auto one = [&](const char* name, const Shape& s, const std::function<Tensor(Tensor)>& f) {
    c.add(name, {uniform(s, -2, 2, 61)}, [f](const Inputs& x) { return f(x[0]) * f(x[0]); });
  };
  one("reshape", {3, 4}, [](const Tensor& x) { return reshape(x, {2, -1}); });
  one("reshape", {}, [](const Tensor& x) { return reshape(x, {1, 1}); });
  one("reshape", {0, 3}, [](const Tensor& x) { return reshape(x, {3, 0}); });
  one("flatten", {2, 3, 4}, [](const Tensor& x) { return flatten(x, 1); });
  one("flatten", {}, [](const Tensor& x) { return flatten(x); });
  one("transpose", {3, 4}, [](const Tensor& x) { return transpose(x, 0, 1); });
  one("transpose", {2, 3, 4, 2}, [](const Tensor& x) { return transpose(x, 1, -1); });
  one("transpose", {2, 0, 3}, [](const Tensor& x) { return transpose(x, 0, 2); });
  one("t", {3, 2}, [](const Tensor& x) { return t(x); });
  one("expand", {3, 1}, [](const Tensor& x) { return expand(x, {2, -1, 4}); });
  one("expand", {}, [](const Tensor& x) { return expand(x, {3}); });
  one("clone", {3}, [](const Tensor& x) { return x.clone(); });
}

void add_losses(Cases& c) {
  const auto softmaxes = [&](const Shape& s, int dim) {
    c.add("softmax", {uniform(s, -2, 2, 71)},
          [dim](const Inputs& x) { return softmax(x[0], dim); });
    c.add("log_softmax", {uniform(s, -2, 2, 72)},
          [dim](const Inputs& x) { return log_softmax(x[0], dim); });
  };
  softmaxes({5}, 0);
  softmaxes({3, 5}, 1);
  softmaxes({3, 5}, 0);
  softmaxes({2, 3, 4}, 1);
  softmaxes({2, 19}, -1);
  softmaxes({}, 0);
  softmaxes({3, 1}, 1);
  softmaxes({0, 4}, 1);
  const Tensor classes = tensor({1, 0, 3}), weight = uniform({4}, 0.5, 2, 73);
  for (const Reduction r : {Reduction::none, Reduction::mean, Reduction::sum}) {
    c.add("cross_entropy", {uniform({3, 4}, -2, 2, 74)},
          [=](const Inputs& x) { return cross_entropy(x[0], classes, {.reduction = r}); });
    c.add("cross_entropy weighted, smoothed, some ignored", {uniform({3, 4}, -2, 2, 75)},
          [=](const Inputs& x) {
            return cross_entropy(
                x[0], classes,
                {.weight = weight, .ignore_index = 0, .reduction = r, .label_smoothing = 0.3});
          });
    c.add("cross_entropy of probabilities", {uniform({3, 4}, -2, 2, 76), uniform({3, 4}, 0, 1, 77)},
          [=](const Inputs& x) {
            return cross_entropy(x[0], x[1],
                                 {.weight = weight, .reduction = r, .label_smoothing = 0.1});
          });
    c.add("cross_entropy over positions", {uniform({2, 4, 3}, -2, 2, 78)}, [=](const Inputs& x) {
      return cross_entropy(x[0], tensor({{0, 1, 2}, {3, 2, 1}}), {.reduction = r});
    });
    c.add("nll_loss", {uniform({3, 4}, -2, 2, 79)}, [=](const Inputs& x) {
      return nll_loss(x[0], classes, {.weight = weight, .reduction = r});
    });
    c.add("mse_loss", {uniform({3, 4}, -2, 2, 80), uniform({4}, -2, 2, 81)},
          [=](const Inputs& x) { return mse_loss(x[0], x[1], r); });
  }
  c.add("cross_entropy of one sample", {uniform({4}, -2, 2, 82)},
        [](const Inputs& x) { return cross_entropy(x[0], tensor(2)); });
}

}  // namespace

std::vector<OpCase> all_op_cases() {
  Cases cases;
  add_elementwise(cases);
  add_reductions(cases);
  add_products(cases);
  add_shapes(cases);
  add_losses(cases);
  return std::move(cases.list);
}

}  // namespace xgrad::test
