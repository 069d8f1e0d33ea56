// The elementwise ops.
#include <xgrad/ops/pointwise.hpp>
#include <xgrad/xgrad.hpp>

#include "ops/case_list.hpp"
#include "support/compare.hpp"

namespace xgrad::test {

using Inputs = Cases::Inputs;

namespace {

void add_functions(Cases& c) {
  struct Row {
    const char* name;
    Cases::Unary op;
    double low, high;
  };
  const Row rows[] = {{"exp2", exp2, -2, 2},
                      {"expm1", expm1, -2, 2},
                      {"log1p", log1p, -0.5, 3},
                      {"log2", log2, 0.3, 3},
                      {"log10", log10, 0.3, 3},
                      {"rsqrt", rsqrt, 0.3, 3},
                      {"reciprocal", reciprocal, 0.3, 3},
                      {"sin", sin, -3, 3},
                      {"cos", cos, -3, 3},
                      {"tan", tan, -1.2, 1.2},
                      {"asin", asin, -0.9, 0.9},
                      {"acos", acos, -0.9, 0.9},
                      {"atan", atan, -3, 3},
                      {"sinh", sinh, -2, 2},
                      {"cosh", cosh, -2, 2},
                      {"asinh", asinh, -2, 2},
                      {"acosh", acosh, 1.3, 3},
                      {"atanh", atanh, -0.8, 0.8},
                      {"erf", erf, -2, 2},
                      {"erfc", erfc, -2, 2},
                      {"floor", floor, 0.1, 0.9},
                      {"ceil", ceil, 0.1, 0.9},
                      {"trunc", trunc, 0.1, 0.9},
                      {"round", round, 0.1, 0.4},
                      {"sign", sign, 0.1, 0.9},
                      {"selu", selu, 0.1, 2},
                      {"selu of negative", selu, -2, -0.1},
                      {"silu", silu, -3, 3},
                      {"mish", mish, -3, 3},
                      {"softsign", softsign, 0.1, 3},
                      {"softsign of negative", softsign, -3, -0.1},
                      {"logsigmoid", logsigmoid, -3, 3},
                      {"hardsigmoid", hardsigmoid, -2.9, 2.9},
                      {"hardswish", hardswish, -2.9, 2.9},
                      {"hardswish above", hardswish, 3.1, 5}};
  for (const Row& r : rows) c.unary(r.name, r.op, r.low, r.high);
  for (const double low : {-2.0, 0.1}) {
    const double high = low < 0 ? -0.1 : 2;
    c.unary(
        "leaky_relu", [](Operand x) { return leaky_relu(x, 0.2); }, low, high);
    c.unary(
        "elu", [](Operand x) { return elu(x, 1.5); }, low, high);
    c.unary(
        "hardtanh", [](Operand x) { return hardtanh(x, -1, 0); }, low, -0.1);
  }
  c.unary(
      "gelu", [](Operand x) { return gelu(x); }, -3, 3);
  c.unary(
      "gelu tanh", [](Operand x) { return gelu(x, "tanh"); }, -3, 3);
  c.unary(
      "softplus", [](Operand x) { return softplus(x, 2, 3); }, -1.4, 1.4);
  c.unary(
      "softplus above its threshold", [](Operand x) { return softplus(x, 2, 3); }, 1.6, 2);
}

void add_functions_of_two(Cases& c) {
  struct Row {
    const char* name;
    Tensor (*op)(Operand, Operand);
    double low, high;
  };
  const Row rows[] = {{"pow", pow, 0.3, 3},           {"atan2", atan2, 0.3, 3},
                      {"hypot", hypot, 0.3, 3},       {"fmod", fmod, 0.6, 1.1},
                      {"copysign", copysign, 0.3, 3}, {"maximum", maximum, -2, 2},
                      {"minimum", minimum, -2, 2},    {"fmax", fmax, -2, 2},
                      {"fmin", fmin, -2, 2},          {"clamp_min", clamp_min, -2, 2},
                      {"clamp_max", clamp_max, -2, 2}};
  for (const Row& r : rows)
    c.binary(
        r.name, [op = r.op](const Tensor& a, const Tensor& b) { return op(a, b); }, r.low, r.high);
  for (const Shape& s : Cases::shapes()) {
    for (const double power : {-1.0, 0.0, 0.5, 1.0, 2.0, 3.0, 2.5})
      c.add("pow of a number", {uniform(s, 0.3, 3, 121)},
            [power](const Inputs& x) { return pow(x[0], power); });
    c.add("number to a power", {uniform(s, -2, 2, 122)},
          [](const Inputs& x) { return pow(2.0, x[0]); });
    c.add("clamp", {uniform(s, -2, 2, 123), uniform({}, -1, -0.5, 124), uniform({}, 0.5, 1, 125)},
          [](const Inputs& x) { return clamp(x[0], x[1], x[2]); });
    const Inputs three{uniform(s, -2, 2, 126), uniform(s, 0.5, 2, 127), uniform({}, 0.1, 0.9, 128)};
    c.add("lerp", three, [](const Inputs& x) { return lerp(x[0], x[1], x[2]); });
    c.add("addcmul", three, [](const Inputs& x) { return addcmul(x[0], x[1], x[2], 0.7); });
    c.add("addcdiv", three, [](const Inputs& x) { return addcdiv(x[0], x[1], x[2], 0.7); });
  }
}

// Ops of one's own: six inputs, numbers among them, literals of both kinds, choices.
void add_formulas(Cases& c) {
  const auto six = pointwise("six", [](auto a, auto b, auto u, auto v, auto w, auto x) {
    return where(a > 0 && !(b > 1), a * sin(b) + 1, 2 - u) * exp(-v) + pow(w, 2) / (3 + abs(x));
  });
  const double scale = 0.7;
  const auto scaled = pointwise("scaled", [scale](auto x, auto y) { return scale * x * tanh(y); });
  for (const Shape& s : Cases::shapes()) {
    c.add("a formula of six",
          {uniform(s, -2, 2, 191), uniform({}, -2, 2, 192), uniform(s, -2, 2, 193),
           uniform(s, -2, 2, 194)},
          [six](const Inputs& x) { return six(x[0], x[1], x[2], 0.3, x[3], x[0]); });
    c.add("a formula with a number", {uniform(s, -2, 2, 195), uniform(s, -2, 2, 196)},
          [scaled](const Inputs& x) { return scaled(x[0], x[1]); });
  }
  c.add("broadcast in a formula",
        {uniform({3, 1, 5}, -2, 2, 197), uniform({4, 1}, -2, 2, 198), uniform({5}, 0.5, 2, 199)},
        [six](const Inputs& x) { return six(x[0], x[1], x[2], x[1], x[2], 1); });
}

void add_arithmetic(Cases& c) {
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
  for (const Shape& s : Cases::shapes()) {
    c.add("x * x", {uniform(s, -2, 2, 31)}, [](const Inputs& x) { return x[0] * x[0]; });
    c.add("2 / (x + 1) - x * 3", {uniform(s, 0.5, 2, 32)},
          [](const Inputs& x) { return 2 / (x[0] + 1) - x[0] * 3; });
    c.add("where", {uniform(s, -2, 2, 33), uniform(s, -2, 2, 34)},
          [](const Inputs& x) { return where(x[0].detach() > 0, x[0] * x[1], x[1]); });
  }
}

}  // namespace

void add_elementwise(Cases& c) {
  add_arithmetic(c);
  add_functions(c);
  add_functions_of_two(c);
  add_formulas(c);
}

}  // namespace xgrad::test
