#include <xgrad/ops/formulas.hpp>

#include <xgrad/ops/pointwise.hpp>

namespace xgrad {

namespace formula {
#define XGRAD_FORMULA(op, low, high, what, ...)       \
  struct op##_ {                                      \
    static constexpr auto name = #op;                 \
    static constexpr auto rule = "y = " #__VA_ARGS__; \
    static auto value(auto x) { return __VA_ARGS__; } \
  };
XGRAD_FORMULAS(XGRAD_FORMULA)
#undef XGRAD_FORMULA
#define XGRAD_FORMULA(op, low, high, what, ...)               \
  struct op##_ {                                              \
    static constexpr auto name = #op;                         \
    static constexpr auto rule = "y = " #__VA_ARGS__;         \
    static auto value(auto a, auto b) { return __VA_ARGS__; } \
  };
XGRAD_FORMULAS_OF_TWO(XGRAD_FORMULA)
#undef XGRAD_FORMULA
}  // namespace formula

#define XGRAD_DEFINE(op, low, high, what, ...) \
  Tensor op(Operand x) { return pointwise<formula::op##_>(x); }
XGRAD_FORMULAS(XGRAD_DEFINE)
#undef XGRAD_DEFINE
#define XGRAD_DEFINE(op, low, high, what, ...) \
  Tensor op(Operand a, Operand b) { return pointwise<formula::op##_>(a, b); }
XGRAD_FORMULAS_OF_TWO(XGRAD_DEFINE)
#undef XGRAD_DEFINE

}  // namespace xgrad
