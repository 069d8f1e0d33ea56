// gradcheck.hpp: compares gradients with central differences.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/graph/vector_function.hpp>

namespace xgrad {

/// A gradient passes if |analytic - numeric| <= atol + rtol * |numeric| for every element.
struct GradcheckOptions {
  double eps = 1e-6;  ///< step of the central differences
  double atol = 1e-5;
  double rtol = 1e-3;
};

/// The result of gradcheck; converts to true if every element is within the tolerance.
struct GradcheckResult {
  bool passed = true;
  // The element with the largest error relative to its tolerance. For gradgradcheck, `input` counts
  // the upstream gradients of the outputs after the inputs.
  std::size_t input = 0;
  std::vector<std::int64_t> index;
  double analytic = 0;
  double numeric = 0;
  std::string message;  ///< describes the same element

  explicit operator bool() const noexcept { return passed; }
};
std::ostream& operator<<(std::ostream& out, const GradcheckResult& result);

namespace detail {
GradcheckResult gradcheck(const VectorFunction& f, const TensorList& inputs,
                          const GradcheckOptions& options, Site site);
GradcheckResult gradgradcheck(const VectorFunction& f, const TensorList& inputs,
                              const GradcheckOptions& options, Site site);
}  // namespace detail

/// Checks the gradients of f, a function of tensors that returns a tensor or a std::vector of
/// tensors. Differentiates every element of every output with respect to every element of every
/// input.
///
/// @param inputs  float64. Keep them away from kinks of f.
///
///     gradcheck([](const Tensor& x) { return tanh(x); }, {rand({4, 3}, {.dtype = float64})});
template <class F>
GradcheckResult gradcheck(F f, const TensorList& inputs, const GradcheckOptions& options = {},
                          Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::gradcheck(detail::as_vector_function(std::move(f)), inputs, options, site);
}

/// Checks second derivatives: the gradients, with create_graph, of the gradients of f with respect
/// to its inputs and to the upstream gradients of its outputs.
template <class F>
GradcheckResult gradgradcheck(F f, const TensorList& inputs, const GradcheckOptions& options = {},
                              Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::gradgradcheck(detail::as_vector_function(std::move(f)), inputs, options, site);
}

}  // namespace xgrad
