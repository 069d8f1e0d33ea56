// apply.hpp: a function of formulas applied to numbers and tensors, as differentiated formulas are
// recorded. It shares its kernels with the op of the same name, and so its source.
#pragma once

#include <xgrad/ops/formula/functions.hpp>
#include <xgrad/ops/pointwise.hpp>

namespace xgrad::detail {

// A function's value at numbers, by the lanes that tensors would have it from.
template <class F, class... N>
double number_of(N... x) {
  using L = Lane<double, Baseline>;
  double y[L::size];
  L(F::value(L(x)...)).store(y);
  return y[0];
}
inline Operand operand(const Traced& x) {
  return x.is_number ? Operand(x.number) : Operand(x.tensor);
}

template <class F>
Traced apply(const Traced& a) {
  if (a.missing()) return Tensor();
  return a.is_number ? Traced(number_of<F>(a.number)) : Traced(pointwise<F>(operand(a)));
}
template <class F>
Traced apply(const Traced& a, const Traced& b) {
  if (a.missing() || b.missing()) return Tensor();
  return a.is_number && b.is_number ? Traced(number_of<F>(a.number, b.number))
                                    : Traced(pointwise<F>(operand(a), operand(b)));
}

}  // namespace xgrad::detail
