// traced.hpp: a Tensor or a number, for running a formula on whole tensors through recorded ops.
//
// This makes the gradients of pointwise ops differentiable. With create_graph, the derivative of a
// formula is computed by ops, each with a formula of its own, so every order works.
#pragma once

#include <type_traits>

#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/tensor.hpp>

namespace xgrad::detail {

/// Arithmetic on numbers is folded, and 1 * x is x. A result that depends on an undefined tensor is
/// undefined. It is never used: the Probe found the tensors that derivatives need.
struct Traced : Condition {
  Tensor tensor;
  double number = 0;
  bool is_number = true;
  DType like = float32;  // for a condition: the dtype of the compared operands

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

/// Calls F, a function of functions.hpp, as an op; on numbers, returns its value. Instantiated in
/// the library for all functions.
template <class F>
Traced apply(const Traced& a);
template <class F>
Traced apply(const Traced& a, const Traced& b);

}  // namespace xgrad::detail
