// dual.hpp: numbers with their partial derivatives, for the differentiation of formulas.
//
// Dual<L, Inputs> carries a value and one partial derivative for each input in the bit set Inputs.
// Which inputs a number depends on is part of its type, so a derivative that is zero by
// construction is never multiplied: x * y at x = inf has the derivative y for x, not NaN.
// L is a lane (kernels), Traced (gradients of gradients) or Probe (what derivatives read).
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

namespace xgrad::detail {

template <class L, std::uint32_t Inputs>
struct Dual {
  static constexpr int count = std::popcount(Inputs);
  L value;
  L partial[count > 0 ? count : 1];

  Dual(const L& v) : value(v) {}
  template <class T>
  requires std::is_arithmetic_v<T> Dual(T number) : value(number) {
    for (L& p : partial) p = L(0);
  }
  static constexpr bool has(int input) { return (Inputs >> input & 1) != 0; }
  static constexpr int at(int input) {
    return std::popcount(Inputs & ((std::uint32_t{1} << input) - 1));
  }
};

template <class L>
using Constant = Dual<L, 0>;

/// A type that is a constant in arithmetic with Dual<L, ...>.
template <class T, class L>
concept ConstantFor = std::is_arithmetic_v<T> || std::is_same_v<T, L>;

/// The derivative of f(a), given f's value and df/da.
template <class L, std::uint32_t A>
Dual<L, A> chain(const L& value, const Dual<L, A>& a, const L& da) {
  Dual<L, A> y(value);
  for (int i = 0; i < Dual<L, A>::count; ++i) y.partial[i] = a.partial[i] * da;
  return y;
}

/// The derivative of f(a, b): `left(p)` is df/da * p, `right(p)` is df/db * p.
template <class L, std::uint32_t A, std::uint32_t B, class Left, class Right>
Dual<L, A | B> chain(const L& value, const Dual<L, A>& a, const Dual<L, B>& b, Left left,
                     Right right) {
  using Y = Dual<L, (A | B)>;
  Y y(value);
  const auto one = [&]<int i>() {
    if constexpr (Dual<L, A>::has(i) && Dual<L, B>::has(i))
      y.partial[Y::at(i)] =
          left(a.partial[Dual<L, A>::at(i)]) + right(b.partial[Dual<L, B>::at(i)]);
    else if constexpr (Dual<L, A>::has(i))
      y.partial[Y::at(i)] = left(a.partial[Dual<L, A>::at(i)]);
    else if constexpr (Dual<L, B>::has(i))
      y.partial[Y::at(i)] = right(b.partial[Dual<L, B>::at(i)]);
  };
  one.template operator()<0>();
  one.template operator()<1>();
  one.template operator()<2>();
  one.template operator()<3>();
  one.template operator()<4>();
  one.template operator()<5>();
  return y;
}

// Arithmetic. Literals are constants.

template <class L, std::uint32_t A, std::uint32_t B>
auto operator+(const Dual<L, A>& a, const Dual<L, B>& b) {
  const auto same = [](const L& p) { return p; };
  return chain(a.value + b.value, a, b, same, same);
}
template <class L, std::uint32_t A, std::uint32_t B>
auto operator-(const Dual<L, A>& a, const Dual<L, B>& b) {
  return chain(
      a.value - b.value, a, b, [](const L& p) { return p; }, [](const L& p) { return -p; });
}
template <class L, std::uint32_t A, std::uint32_t B>
auto operator*(const Dual<L, A>& a, const Dual<L, B>& b) {
  return chain(
      a.value * b.value, a, b, [&](const L& p) { return p * b.value; },
      [&](const L& p) { return p * a.value; });
}
template <class L, std::uint32_t A, std::uint32_t B>
auto operator/(const Dual<L, A>& a, const Dual<L, B>& b) {
  const L y = a.value / b.value;
  return chain(
      y, a, b, [&](const L& p) { return p / b.value; },
      [&](const L& p) { return -(p * y / b.value); });
}
template <class L, std::uint32_t A>
auto operator-(const Dual<L, A>& a) {
  Dual<L, A> y(-a.value);
  for (int i = 0; i < Dual<L, A>::count; ++i) y.partial[i] = -a.partial[i];
  return y;
}

// Comparisons compare only the values.

#define XGRAD_DUAL_COMPARISON(op)                              \
  template <class L, std::uint32_t A, std::uint32_t B>         \
  auto operator op(const Dual<L, A>& a, const Dual<L, B>& b) { \
    return a.value op b.value;                                 \
  }
XGRAD_DUAL_COMPARISON(<)
XGRAD_DUAL_COMPARISON(<=)
XGRAD_DUAL_COMPARISON(>)
XGRAD_DUAL_COMPARISON(>=)
XGRAD_DUAL_COMPARISON(==)
XGRAD_DUAL_COMPARISON(!=)
#undef XGRAD_DUAL_COMPARISON

#define XGRAD_DUAL_LITERALS(op)                         \
  template <class L, std::uint32_t A, ConstantFor<L> T> \
  auto operator op(const Dual<L, A>& a, const T& b) {   \
    return a op Constant<L>(L(b));                      \
  }                                                     \
  template <class L, std::uint32_t A, ConstantFor<L> T> \
  auto operator op(const T& a, const Dual<L, A>& b) {   \
    return Constant<L>(L(a)) op b;                      \
  }
XGRAD_DUAL_LITERALS(+)
XGRAD_DUAL_LITERALS(-)
XGRAD_DUAL_LITERALS(*)
XGRAD_DUAL_LITERALS(/)
XGRAD_DUAL_LITERALS(<)
XGRAD_DUAL_LITERALS(<=)
XGRAD_DUAL_LITERALS(>)
XGRAD_DUAL_LITERALS(>=)
XGRAD_DUAL_LITERALS(==)
XGRAD_DUAL_LITERALS(!=)
#undef XGRAD_DUAL_LITERALS

// where selects the value and every derivative; a missing derivative is zero.

template <class L, std::uint32_t A>
L partial_of(const Dual<L, A>& a, int input) {
  return a.has(input) ? a.partial[a.at(input)] : L(0);
}
template <class M, class L, std::uint32_t A, std::uint32_t B>
auto where(const M& mask, const Dual<L, A>& a, const Dual<L, B>& b) {
  using Y = Dual<L, (A | B)>;
  Y y(where(mask, a.value, b.value));
  for (int i = 0; i < 6; ++i)
    if (Y::has(i)) y.partial[Y::at(i)] = where(mask, partial_of(a, i), partial_of(b, i));
  return y;
}
template <class M, class L, std::uint32_t A, ConstantFor<L> T>
auto where(const M& mask, const Dual<L, A>& a, const T& b) {
  return where(mask, a, Constant<L>(L(b)));
}
template <class M, class L, std::uint32_t B, ConstantFor<L> T>
auto where(const M& mask, const T& a, const Dual<L, B>& b) {
  return where(mask, Constant<L>(L(a)), b);
}

// max and min. Where both operands are equal, each gets half of the derivative. If one of them is a
// constant, the derivative there is 0: max(x, 0) has the slope 0 at 0.

template <class M, class L, std::uint32_t A, std::uint32_t B>
auto chosen(const M& is_a, const Dual<L, A>& a, const Dual<L, B>& b) {
  auto y = where(is_a, a, b);
  using Y = decltype(y);
  if constexpr (A != 0 && B != 0) {
    const auto tie = a.value == b.value;
    for (int i = 0; i < 6; ++i)
      if (Y::has(i))
        y.partial[Y::at(i)] =
            where(tie, L((partial_of(a, i) + partial_of(b, i)) * L(0.5)), y.partial[Y::at(i)]);
  }
  return y;
}
template <class L, std::uint32_t A, std::uint32_t B>
auto max(const Dual<L, A>& a, const Dual<L, B>& b) {
  if constexpr (A == 0 && B != 0)
    return max(b, a);
  else
    return chosen(a.value > b.value || a.value != a.value, a, b);
}
template <class L, std::uint32_t A, std::uint32_t B>
auto min(const Dual<L, A>& a, const Dual<L, B>& b) {
  if constexpr (A == 0 && B != 0)
    return min(b, a);
  else
    return chosen(a.value < b.value || a.value != a.value, a, b);
}
template <class L, std::uint32_t A, ConstantFor<L> T>
auto max(const Dual<L, A>& a, const T& b) {
  return max(a, Constant<L>(L(b)));
}
template <class L, std::uint32_t A, ConstantFor<L> T>
auto max(const T& a, const Dual<L, A>& b) {
  return max(b, Constant<L>(L(a)));
}
template <class L, std::uint32_t A, ConstantFor<L> T>
auto min(const Dual<L, A>& a, const T& b) {
  return min(a, Constant<L>(L(b)));
}
template <class L, std::uint32_t A, ConstantFor<L> T>
auto min(const T& a, const Dual<L, A>& b) {
  return min(b, Constant<L>(L(a)));
}

}  // namespace xgrad::detail
