#include <xgrad/ops/elementwise.hpp>

#include <xgrad/ops/pointwise.hpp>

namespace xgrad {
namespace {

struct Exp {
  static constexpr auto name = "exp";
  static auto value(auto x) { return exp(x); }
  static auto slope(auto /*x*/, auto y) { return y; }
};
struct Log {
  static constexpr auto name = "log";
  static auto value(auto x) { return log(x); }
};
struct Sqrt {
  static constexpr auto name = "sqrt";
  static auto value(auto x) { return sqrt(x); }
  static auto slope(auto /*x*/, auto y) { return 0.5 / y; }
};
struct Square {
  static constexpr auto name = "square";
  static constexpr bool integers = true;
  static auto value(auto x) { return x * x; }
};
struct Abs {
  static constexpr auto name = "abs";
  static constexpr bool integers = true;
  static auto value(auto x) { return abs(x); }
};
struct Tanh {
  static constexpr auto name = "tanh";
  static auto value(auto x) { return tanh(x); }
  static auto slope(auto /*x*/, auto y) { return 1 - y * y; }
};
struct Sigmoid {
  static constexpr auto name = "sigmoid";
  static auto value(auto x) { return sigmoid(x); }
  static auto slope(auto /*x*/, auto y) { return y * (1 - y); }
};
struct Relu {
  static constexpr auto name = "relu";
  static constexpr bool integers = true;
  static auto value(auto x) { return max(x, 0); }
  static auto slope(auto /*x*/, auto y) {
    using L = decltype(y);
    return where(y <= 0, L(0), L(1));
  }
};

}  // namespace

Tensor exp(Operand x) { return pointwise<Exp>(x); }
Tensor log(Operand x) { return pointwise<Log>(x); }
Tensor sqrt(Operand x) { return pointwise<Sqrt>(x); }
Tensor square(Operand x) { return pointwise<Square>(x); }
Tensor abs(Operand x) { return pointwise<Abs>(x); }
Tensor tanh(Operand x) { return pointwise<Tanh>(x); }
Tensor sigmoid(Operand x) { return pointwise<Sigmoid>(x); }
Tensor relu(Operand x) { return pointwise<Relu>(x); }

}  // namespace xgrad
