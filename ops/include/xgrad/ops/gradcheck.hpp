// gradcheck.hpp: is the gradient right? Compares it with central differences.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/graph/vector_function.hpp>

namespace xgrad {

/// How to compare: |analytic - numeric| <= atol + rtol * |numeric|.
struct GradcheckOptions {
  double eps = 1e-6;  ///< step of the central differences
  double atol = 1e-5;
  double rtol = 1e-3;
};

/// What gradcheck found; true if every element agrees.
struct GradcheckResult {
  bool passed = true;
  // The element that is furthest off, in units of what is allowed.
  std::size_t input = 0;
  std::vector<std::int64_t> index;
  double analytic = 0;
  double numeric = 0;
  std::string message;  ///< the same in words

  explicit operator bool() const noexcept { return passed; }
};
std::ostream& operator<<(std::ostream& out, const GradcheckResult& result);

namespace detail {
GradcheckResult gradcheck(const VectorFunction& f, const TensorList& inputs,
                          const GradcheckOptions& options, Site site);
GradcheckResult gradgradcheck(const VectorFunction& f, const TensorList& inputs,
                              const GradcheckOptions& options, Site site);
}  // namespace detail

/// Checks the gradients of f, a function of tensors that gives one or a vector of them.
///
/// @param inputs  float64; each is checked. Keep them away from kinks.
/// Every element of every output is differentiated with respect to every element of every input.
///
///     gradcheck([](const Tensor& x) { return tanh(x); }, {rand({4, 3}, {.dtype = float64})});
template <class F>
GradcheckResult gradcheck(F f, const TensorList& inputs, const GradcheckOptions& options = {},
                          Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::gradcheck(detail::as_vector_function(std::move(f)), inputs, options, site);
}

/// Checks the gradients of f's gradients: what create_graph makes.
template <class F>
GradcheckResult gradgradcheck(F f, const TensorList& inputs, const GradcheckOptions& options = {},
                              Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::gradgradcheck(detail::as_vector_function(std::move(f)), inputs, options, site);
}

}  // namespace xgrad
