// gradcheck.hpp: is the gradient right? Compares it with central differences.
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/graph/tensor.hpp>

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
using GradcheckFunction = std::function<std::vector<Tensor>(const std::vector<Tensor>&)>;
GradcheckResult gradcheck(const GradcheckFunction& f, const TensorList& inputs,
                          const GradcheckOptions& options);
GradcheckResult gradgradcheck(const GradcheckFunction& f, const TensorList& inputs,
                              const GradcheckOptions& options);

template <class F, std::size_t... I>
std::vector<Tensor> call_with(F& f, const std::vector<Tensor>& x, std::index_sequence<I...>) {
  if constexpr (std::is_convertible_v<decltype(f(x[I]...)), Tensor>)
    return {f(x[I]...)};
  else
    return f(x[I]...);
}

// f of one to six tensors, or of a vector of them, as a function of a vector.
template <class F>
GradcheckFunction as_vector_function(F f) {
  return [f](const std::vector<Tensor>& x) mutable -> std::vector<Tensor> {
    using T = const Tensor&;
    if constexpr (std::is_invocable_v<F&, const std::vector<Tensor>&> &&
                  !std::is_invocable_v<F&, T>) {
      if constexpr (std::is_convertible_v<decltype(f(x)), Tensor>)
        return {f(x)};
      else
        return f(x);
    } else if constexpr (std::is_invocable_v<F&, T>) {
      return call_with(f, x, std::make_index_sequence<1>());
    } else if constexpr (std::is_invocable_v<F&, T, T>) {
      return call_with(f, x, std::make_index_sequence<2>());
    } else if constexpr (std::is_invocable_v<F&, T, T, T>) {
      return call_with(f, x, std::make_index_sequence<3>());
    } else if constexpr (std::is_invocable_v<F&, T, T, T, T>) {
      return call_with(f, x, std::make_index_sequence<4>());
    } else if constexpr (std::is_invocable_v<F&, T, T, T, T, T>) {
      return call_with(f, x, std::make_index_sequence<5>());
    } else {
      return call_with(f, x, std::make_index_sequence<6>());
    }
  };
}
}  // namespace detail

/// Checks the gradients of f, a function of tensors that gives one or a vector of them.
///
/// @param inputs  float64; each is checked. Keep them away from kinks.
/// Every element of every output is differentiated with respect to every element of every input.
///
///     gradcheck([](const Tensor& x) { return tanh(x); }, {rand({4, 3}, {.dtype = float64})});
template <class F>
GradcheckResult gradcheck(F f, const TensorList& inputs, const GradcheckOptions& options = {}) {
  return detail::gradcheck(detail::as_vector_function(std::move(f)), inputs, options);
}

/// Checks the gradients of f's gradients: what create_graph makes.
template <class F>
GradcheckResult gradgradcheck(F f, const TensorList& inputs, const GradcheckOptions& options = {}) {
  return detail::gradgradcheck(detail::as_vector_function(std::move(f)), inputs, options);
}

}  // namespace xgrad
