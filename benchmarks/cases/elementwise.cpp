// Elementwise ops on 4 Mi elements, larger than the caches, and formulas on 1 Mi and 16 Mi.
#include <xgrad/ops/pointwise.hpp>
#include <xgrad/xgrad.hpp>

#include "../plain_loops.hpp"
#include "../suite.hpp"

namespace bench {
namespace {

using xgrad::Tensor;
using V = const Tensors&;

constexpr std::int64_t rows = 4096, columns = 1024;
const Input matrix{{rows, columns}};
const Input positive{{rows, columns}, 0.1, 2};
const Input integers{{rows, columns}, 0, 1000, Input::Type::int64};
const Input flags{{rows, columns}, 0, 2, Input::Type::boolean};

void add_formula(Cases& to, std::int64_t n, const std::string& size) {
  const auto formula = xgrad::pointwise(
      "chain", [](auto x, auto w, auto b) { return tanh(x * w + b) * sigmoid(x); });
  const Input x{{n}};
  const std::string name = "tanh(x w + b) sigmoid(x), " + size;
  const std::size_t before = to.size();
  add(to, "elementwise",
      {.name = name + ", formula",
       .inputs = {x, x, x},
       .op = [formula](V v) { return formula(v[0], v[1], v[2]); },
       .aim_forward = 3,
       .aim_both = 3});
  for (std::size_t i = before; i < to.size(); ++i) {
    to[i].peer = name;
    to[i].floor = [n, both = i > before] { return plain_loops::chain(n, both); };
  }
  add(to, "elementwise", {.name = name, .inputs = {x, x, x}, .op = [](V v) {
                            return tanh(v[0] * v[1] + v[2]) * sigmoid(v[0]);
                          }});
}

}  // namespace

Cases elementwise_cases() {
  Cases all;
  const auto op = [&](OpCase c) { add(all, "elementwise", c); };
  add_formula(all, 1 << 20, "1 Mi");
  add_formula(all, 1 << 24, "16 Mi");
  op({.name = "x + y",
      .inputs = {matrix, matrix},
      .op = [](V v) { return v[0] + v[1]; },
      .reads_again = false});
  op({.name = "x * y", .inputs = {matrix, matrix}, .op = [](V v) { return v[0] * v[1]; }});
  op({.name = "x / y", .inputs = {matrix, positive}, .op = [](V v) { return v[0] / v[1]; }});
  op({.name = "x + row",
      .inputs = {matrix, {{columns}}},
      .op = [](V v) { return v[0] + v[1]; },
      .reads_again = false});
  op({.name = "x * column", .inputs = {matrix, {{rows, 1}}}, .op = [](V v) {
        return v[0] * v[1];
      }});
  op({.name = "x * 2",
      .inputs = {matrix},
      .op = [](V v) { return v[0] * 2; },
      .reads_again = false});
  op({.name = "tanh", .inputs = {matrix}, .op = [](V v) { return tanh(v[0]); }});
  op({.name = "sigmoid", .inputs = {matrix}, .op = [](V v) { return sigmoid(v[0]); }});
  op({.name = "exp", .inputs = {matrix}, .op = [](V v) { return exp(v[0]); }});
  op({.name = "log", .inputs = {positive}, .op = [](V v) { return log(v[0]); }});
  op({.name = "sqrt", .inputs = {positive}, .op = [](V v) { return sqrt(v[0]); }});
  op({.name = "sin", .inputs = {matrix}, .op = [](V v) { return sin(v[0]); }});
  op({.name = "erf", .inputs = {matrix}, .op = [](V v) { return erf(v[0]); }});
  op({.name = "pow(x, y)", .inputs = {positive, matrix}, .op = [](V v) {
        return pow(v[0], v[1]);
      }});
  op({.name = "pow(x, 3)", .inputs = {matrix}, .op = [](V v) { return pow(v[0], 3); }});
  op({.name = "relu", .inputs = {matrix}, .op = [](V v) { return relu(v[0]); }});
  op({.name = "gelu",
      .inputs = {matrix},
      .op = [](V v) { return gelu(v[0]); },
      .aim_forward = 1.3,
      .aim_both = 1.3});
  op({.name = "silu", .inputs = {matrix}, .op = [](V v) { return silu(v[0]); }});
  op({.name = "softplus", .inputs = {matrix}, .op = [](V v) { return softplus(v[0]); }});
  op({.name = "elu", .inputs = {matrix}, .op = [](V v) { return elu(v[0]); }});
  op({.name = "clamp", .inputs = {matrix}, .op = [](V v) { return clamp(v[0], -0.5, 0.5); }});
  op({.name = "abs", .inputs = {matrix}, .op = [](V v) { return abs(v[0]); }});
  op({.name = "maximum", .inputs = {matrix, matrix}, .op = [](V v) {
        return maximum(v[0], v[1]);
      }});
  op({.name = "where", .inputs = {flags, matrix, matrix}, .op = [](V v) {
        return where(v[0], v[1], v[2]);
      }});
  op({.name = "masked_fill", .inputs = {matrix, flags}, .op = [](V v) {
        return masked_fill(v[0], v[1], -1);
      }});
  op({.name = "lerp", .inputs = {matrix, matrix}, .op = [](V v) {
        return lerp(v[0], v[1], 0.25);
      }});
  op({.name = "x < y",
      .inputs = {matrix, matrix},
      .op = [](V v) { return v[0] < v[1]; },
      .differentiable = false});
  op({.name = "x + y, int64",
      .inputs = {integers, integers},
      .op = [](V v) { return v[0] + v[1]; },
      .differentiable = false});
  op({.name = "float32 to float64",
      .inputs = {matrix},
      .op = [](V v) { return v[0].to(xgrad::float64); },
      .differentiable = false});
  op({.name = "dropout",
      .inputs = {matrix},
      .op = [](V v) { return dropout(v[0] + 2, 0.1, true); },
      .aim_forward = 5,
      .aim_both = 5,
      .random = true,
      .reads_again = false});
  op({.name = "rand",
      .inputs = {matrix},
      .op =
          [](V) {
            return xgrad::rand({rows, columns});
          },
      .differentiable = false,
      .random = true});
  op({.name = "randn",
      .inputs = {matrix},
      .op =
          [](V) {
            return xgrad::randn({rows, columns}) + 10;
          },
      .differentiable = false,
      .random = true});
  return all;
}

}  // namespace bench
