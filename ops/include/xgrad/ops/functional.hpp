// functional.hpp: derivatives of plain functions.
//
//     Tensor h = hessian([](const Tensor& x) { return (x * x * x).sum(); }, tensor({1.0, 2.0}));
//     auto [y, slope] = jvp(f, {x, w}, {dx, dw});
//
// A function is a lambda over one to six tensors, or over a vector of them, that gives one tensor,
// or a vector where so told. It is called once; what it captures is constant. float32 or float64.
//
// Results have a history, and can be differentiated in turn, if an input requires a gradient, or
// with
// {.create_graph = true}: so the functions compose. They work in a NoGrad scope too.
// @throws ShapeError for vectors that do not fit; GraphError, with create_graph, for an op that can
// be differentiated only once.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/graph/vector_function.hpp>

namespace xgrad {

struct FunctionalOptions {
  /// Whether results have a history; by default, if an input requires a gradient.
  std::optional<bool> create_graph = {};
};

/// A function's value, and a derivative for each input.
struct ValueAndGradients {
  Tensor value;
  std::vector<Tensor> gradients;
};
/// A function's values, and a product for each output (jvp) or each input (vjp, hvp).
struct ValuesAndProducts {
  std::vector<Tensor> values, products;
};

namespace detail {
ValuesAndProducts vjp(const VectorFunction& f, const TensorList& inputs, const TensorList& v,
                      const FunctionalOptions& options, Site site);
ValuesAndProducts jvp(const VectorFunction& f, const TensorList& inputs, const TensorList& v,
                      const FunctionalOptions& options, Site site);
ValuesAndProducts hvp(const VectorFunction& f, const TensorList& inputs, const TensorList& v,
                      const FunctionalOptions& options, Site site);
std::vector<std::vector<Tensor>> jacobians(const VectorFunction& f, const TensorList& inputs,
                                           const FunctionalOptions& options, Site site);
std::vector<std::vector<Tensor>> hessians(const VectorFunction& f, const TensorList& inputs,
                                          const FunctionalOptions& options, Site site);
Tensor batch_jacobian(const VectorFunction& f, const Tensor& x, const FunctionalOptions& options,
                      Site site);
ValueAndGradients value_and_grad(const VectorFunction& f, const TensorList& inputs,
                                 const FunctionalOptions& options, Site site);
}  // namespace detail

/// The value of a function that gives one element, and its gradient for each input; zeros for one
/// that it does not depend on.
template <class F>
ValueAndGradients value_and_grad(F f, const TensorList& inputs,
                                 const FunctionalOptions& options = {},
                                 Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::value_and_grad(detail::as_vector_function(std::move(f)), inputs, options, site);
}

/// v^T J: the gradients of sum(f(inputs) v), v shaped as the outputs. One sweep.
template <class F>
ValuesAndProducts vjp(F f, const TensorList& inputs, const TensorList& v,
                      const FunctionalOptions& options = {},
                      Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::vjp(detail::as_vector_function(std::move(f)), inputs, v, options, site);
}

/// J v: how the outputs change when the inputs move by v, shaped as they are. Two sweeps, the
/// second through the first (Townsend, 2017).
template <class F>
ValuesAndProducts jvp(F f, const TensorList& inputs, const TensorList& v,
                      const FunctionalOptions& options = {},
                      Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::jvp(detail::as_vector_function(std::move(f)), inputs, v, options, site);
}

/// H v, H the second derivatives of a function that gives one element, v shaped as the inputs. Two
/// sweeps (Pearlmutter, 1994).
template <class F>
ValuesAndProducts hvp(F f, const TensorList& inputs, const TensorList& v,
                      const FunctionalOptions& options = {},
                      Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::hvp(detail::as_vector_function(std::move(f)), inputs, v, options, site);
}

/// All derivatives of f(x): [i..., j...] is that of y[i...] for x[j...]. A sweep for each element
/// of y.
template <class F>
Tensor jacobian(F f, const Tensor& x, const FunctionalOptions& options = {},
                Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::jacobians(detail::as_vector_function(std::move(f)), {x}, options, site)[0][0];
}
/// The same of each output ([k]) for each input ([k][i]).
template <class F>
std::vector<std::vector<Tensor>> jacobian(F f, const TensorList& inputs,
                                          const FunctionalOptions& options = {},
                                          Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::jacobians(detail::as_vector_function(std::move(f)), inputs, options, site);
}

/// Of an f that treats the rows of x one by one: [n, i..., j...] is the derivative of y[n, i...]
/// for x[n, j...]. A sweep for each element of a row of y, whatever the number of rows.
template <class F>
Tensor batch_jacobian(F f, const Tensor& x, const FunctionalOptions& options = {},
                      Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::batch_jacobian(detail::as_vector_function(std::move(f)), x, options, site);
}

/// All second derivatives of an f that gives one element: [i..., j...]. A sweep for each element of
/// x.
template <class F>
Tensor hessian(F f, const Tensor& x, const FunctionalOptions& options = {},
               Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::hessians(detail::as_vector_function(std::move(f)), {x}, options, site)[0][0];
}
/// The same for each pair of inputs ([i][j]).
template <class F>
std::vector<std::vector<Tensor>> hessian(F f, const TensorList& inputs,
                                         const FunctionalOptions& options = {},
                                         Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::hessians(detail::as_vector_function(std::move(f)), inputs, options, site);
}

}  // namespace xgrad
