// traced.hpp: a Tensor or a number, for running a formula on whole tensors through recorded ops.
//
// This is how gradients of pointwise ops become differentiable: with create_graph the formula's
// derivative is computed by ops, each with a formula of its own, to any order.
#pragma once

#include <type_traits>

#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/tensor.hpp>

namespace xgrad::detail {

/// Numbers fold, 1 * x is x, and what is computed from an undefined tensor is undefined: a
/// derivative that needs it was told of by the Probe, so nothing asks for it.
struct Traced : Condition {
  Tensor tensor;
  double number = 0;
  bool is_number = true;
  DType like = float32;  // of a condition: the type of what was compared

  Traced() = default;
  template <class T>
  requires std::is_arithmetic_v<T> Traced(T n) : number(static_cast<double>(n)) {}
  Traced(Tensor t) : tensor(std::move(t)), is_number(false) {
    if (tensor.defined() && is_floating(tensor.dtype())) like = tensor.dtype();
  }
  bool is(double n) const { return is_number && number == n; }
  bool missing() const { return !is_number && !tensor.defined(); }
};

Traced operator+(const Traced& a, const Traced& b);
Traced operator-(const Traced& a, const Traced& b);
Traced operator*(const Traced& a, const Traced& b);
Traced operator/(const Traced& a, const Traced& b);
Traced operator-(const Traced& a);
Traced operator<(const Traced& a, const Traced& b);
Traced operator<=(const Traced& a, const Traced& b);
Traced operator>(const Traced& a, const Traced& b);
Traced operator>=(const Traced& a, const Traced& b);
Traced operator==(const Traced& a, const Traced& b);
Traced operator!=(const Traced& a, const Traced& b);
Traced operator&&(const Traced& a, const Traced& b);
Traced operator||(const Traced& a, const Traced& b);
Traced operator!(const Traced& a);
Traced where(const Traced& mask, const Traced& a, const Traced& b);
Traced max(const Traced& a, const Traced& b);
Traced min(const Traced& a, const Traced& b);

/// F, a function of functions.hpp, as an op; on numbers its value. The library has all of them.
template <class F>
Traced apply(const Traced& a);
template <class F>
Traced apply(const Traced& a, const Traced& b);

}  // namespace xgrad::detail
