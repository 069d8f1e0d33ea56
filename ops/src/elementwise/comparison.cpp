#include <xgrad/ops/comparison.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/pointwise.hpp>

namespace xgrad {
namespace {

#define XGRAD_COMPARISON(op, symbol)                         \
  struct op##_ {                                             \
    static constexpr auto name = #op;                        \
    static constexpr bool integers = true, bools = true;     \
    static auto value(auto a, auto b) { return a symbol b; } \
  };
XGRAD_COMPARISON(eq, ==)
XGRAD_COMPARISON(ne, !=)
XGRAD_COMPARISON(lt, <)
XGRAD_COMPARISON(le, <=)
XGRAD_COMPARISON(gt, >)
XGRAD_COMPARISON(ge, >=)
#undef XGRAD_COMPARISON

struct LogicalAnd {
  static constexpr auto name = "logical_and";
  static constexpr bool integers = true, bools = true;
  static auto value(auto a, auto b) { return a != 0 && b != 0; }
};
struct LogicalOr {
  static constexpr auto name = "logical_or";
  static constexpr bool integers = true, bools = true;
  static auto value(auto a, auto b) { return a != 0 || b != 0; }
};
struct LogicalNot {
  static constexpr auto name = "logical_not";
  static constexpr bool integers = true, bools = true;
  static auto value(auto x) { return x == 0; }
};

struct Where {
  static constexpr auto name = "where";
  static constexpr std::size_t conditions = 1;
  static constexpr bool integers = true, bools = true;
  static auto value(auto condition, auto a, auto b) { return where(condition, a, b); }
};

}  // namespace

Tensor eq(Operand a, Operand b) { return pointwise<eq_>(a, b); }
Tensor ne(Operand a, Operand b) { return pointwise<ne_>(a, b); }
Tensor lt(Operand a, Operand b) { return pointwise<lt_>(a, b); }
Tensor le(Operand a, Operand b) { return pointwise<le_>(a, b); }
Tensor gt(Operand a, Operand b) { return pointwise<gt_>(a, b); }
Tensor ge(Operand a, Operand b) { return pointwise<ge_>(a, b); }
Tensor logical_and(Operand a, Operand b) { return pointwise<LogicalAnd>(a, b); }
Tensor logical_or(Operand a, Operand b) { return pointwise<LogicalOr>(a, b); }
Tensor logical_not(Operand x) { return pointwise<LogicalNot>(x); }

Tensor where(const Tensor& condition, Operand a, Operand b) {
  const OpScope scope("where", a);
  if (condition.dtype() != bool_)
    throw DTypeError(fmt::format(
        "where: the condition is {}; it must be bool, such as the result of a comparison",
        detail::describe(condition)));
  const Shape branches = broadcast_shape("where", a, b);
  if (!detail::broadcast_of(condition.shape(), branches))
    throw ShapeError(
        fmt::format("where: the condition {} does not broadcast with {} and {}: sizes, aligned at "
                    "the last dim, must be equal or 1",
                    detail::describe(condition), describe(a), describe(b)));
  const Operand operands[] = {condition, a, b};
  // Not the formula's gradient: dy times 0 would be NaN where dy is infinite.
  const Where formula;
  detail::PointwiseValue y = detail::pointwise_value(
      Where::name, detail::info_of<Where, 3>(formula), &formula, operands, save_input(0));
  return record({"where", "da = dy where condition is true, db = dy elsewhere"},
                {condition, a, b}, std::move(y.value), save_input(0),
                [](const Tensor& dy, Inputs in, InputGradients dx) {
                  if (dx.wants(1)) dx.add(1, where(in[0], dy, 0));
                  if (dx.wants(2)) dx.add(2, where(in[0], 0, dy));
                });
}

}  // namespace xgrad
