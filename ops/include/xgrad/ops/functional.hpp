// functional.hpp: derivatives of functions.
//
//     Tensor h = hessian([](const Tensor& x) { return (x * x * x).sum(); }, tensor({1.0, 2.0}));
//     auto [y, slope] = jvp(f, {x, w}, {dx, dw});
//
// A function takes one to six tensors, or a std::vector of tensors, and returns a tensor, or a
// std::vector of tensors where noted. It is called once. Tensors that it captures are constants.
// Inputs are float32 or float64.
//
// Results have a history if an input requires a gradient, or with {.create_graph = true}. They can
// then be differentiated again, so these functions compose. They also work in a NoGrad scope.
// @throws ShapeError if the shapes of v do not match; GraphError, with create_graph, for an op that
// can be differentiated only once.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/graph/vector_function.hpp>

namespace xgrad {

struct FunctionalOptions {
  /// Whether results have a history. By default they do if an input requires a gradient.
  std::optional<bool> create_graph = {};
};

/// The value of a function, and its gradient for each input.
struct ValueAndGradients {
  Tensor value;
  std::vector<Tensor> gradients;
};
/// The values of a function, and a product for each output (jvp) or each input (vjp, hvp).
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

/// The value and the gradients of a function that returns a tensor with one element. The gradient
/// is zero for an input that the value does not depend on.
template <class F>
ValueAndGradients value_and_grad(F f, const TensorList& inputs,
                                 const FunctionalOptions& options = {},
                                 Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::value_and_grad(detail::as_vector_function(std::move(f)), inputs, options, site);
}

/// Vector-Jacobian product v^T J, the gradients of sum(f(inputs) * v). v has the shapes of the
/// outputs. Takes one sweep.
template <class F>
ValuesAndProducts vjp(F f, const TensorList& inputs, const TensorList& v,
                      const FunctionalOptions& options = {},
                      Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::vjp(detail::as_vector_function(std::move(f)), inputs, v, options, site);
}

/// Jacobian-vector product J v, the directional derivative of the outputs. v has the shapes of the
/// inputs. Takes two sweeps, the second through the first (Townsend, 2017).
template <class F>
ValuesAndProducts jvp(F f, const TensorList& inputs, const TensorList& v,
                      const FunctionalOptions& options = {},
                      Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::jvp(detail::as_vector_function(std::move(f)), inputs, v, options, site);
}

/// Hessian-vector product H v of a function that returns a tensor with one element. v has the
/// shapes of the inputs. Takes two sweeps (Pearlmutter, 1994).
template <class F>
ValuesAndProducts hvp(F f, const TensorList& inputs, const TensorList& v,
                      const FunctionalOptions& options = {},
                      Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::hvp(detail::as_vector_function(std::move(f)), inputs, v, options, site);
}

/// The Jacobian of y = f(x): element [i..., j...] is the derivative of y[i...] with respect to
/// x[j...]. Takes one sweep for each element of y.
template <class F>
Tensor jacobian(F f, const Tensor& x, const FunctionalOptions& options = {},
                Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::jacobians(detail::as_vector_function(std::move(f)), {x}, options, site)[0][0];
}
/// The Jacobians for several inputs and outputs: [k][i] is that of output k for input i.
template <class F>
std::vector<std::vector<Tensor>> jacobian(F f, const TensorList& inputs,
                                          const FunctionalOptions& options = {},
                                          Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::jacobians(detail::as_vector_function(std::move(f)), inputs, options, site);
}

/// The Jacobians for each sample of a batch. f must map each row of x to a row of y independently
/// of the others. Element [n, i..., j...] is the derivative of y[n, i...] with respect to
/// x[n, j...]. Takes one sweep for each element of a row of y, for any number of rows.
template <class F>
Tensor batch_jacobian(F f, const Tensor& x, const FunctionalOptions& options = {},
                      Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::batch_jacobian(detail::as_vector_function(std::move(f)), x, options, site);
}

/// The Hessian of a function that returns a tensor with one element: element [i..., j...] is the
/// second derivative with respect to x[i...] and x[j...]. Takes one sweep for each element of x.
template <class F>
Tensor hessian(F f, const Tensor& x, const FunctionalOptions& options = {},
               Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::hessians(detail::as_vector_function(std::move(f)), {x}, options, site)[0][0];
}
/// The Hessians for several inputs: [i][j] is that for inputs i and j.
template <class F>
std::vector<std::vector<Tensor>> hessian(F f, const TensorList& inputs,
                                         const FunctionalOptions& options = {},
                                         Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::hessians(detail::as_vector_function(std::move(f)), inputs, options, site);
}

}  // namespace xgrad
