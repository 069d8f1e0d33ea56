// vector_function.hpp: wraps functions of one or several tensors as functions of a vector.
#pragma once

#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/tensor.hpp>

namespace xgrad::detail {

using VectorFunction = std::function<std::vector<Tensor>(const std::vector<Tensor>&)>;

template <class F, std::size_t... I>
std::vector<Tensor> call_with(F& f, const std::vector<Tensor>& x, std::index_sequence<I...>) {
  if constexpr (std::is_convertible_v<decltype(f(x[I]...)), Tensor>)
    return {f(x[I]...)};
  else
    return f(x[I]...);
}

/// Wraps f, which takes one to six tensors or a vector and returns a tensor or a vector. Since f is
/// the user's, it runs with the OpScope suspended.
template <class F>
VectorFunction as_vector_function(F f) {
  return [f](const std::vector<Tensor>& x) mutable -> std::vector<Tensor> {
    const OpScopeGuard users_own;
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

/// Whether F returns a vector of tensors.
template <class F>
inline constexpr bool gives_several = [] {
  using T = const Tensor&;
  if constexpr (std::is_invocable_v<F&, T>)
    return !std::is_convertible_v<std::invoke_result_t<F&, T>, Tensor>;
  else if constexpr (std::is_invocable_v<F&, const std::vector<Tensor>&>)
    return !std::is_convertible_v<std::invoke_result_t<F&, const std::vector<Tensor>&>, Tensor>;
  else if constexpr (std::is_invocable_v<F&, T, T>)
    return !std::is_convertible_v<std::invoke_result_t<F&, T, T>, Tensor>;
  else if constexpr (std::is_invocable_v<F&, T, T, T>)
    return !std::is_convertible_v<std::invoke_result_t<F&, T, T, T>, Tensor>;
  else if constexpr (std::is_invocable_v<F&, T, T, T, T>)
    return !std::is_convertible_v<std::invoke_result_t<F&, T, T, T, T>, Tensor>;
  else if constexpr (std::is_invocable_v<F&, T, T, T, T, T>)
    return !std::is_convertible_v<std::invoke_result_t<F&, T, T, T, T, T>, Tensor>;
  else
    return !std::is_convertible_v<std::invoke_result_t<F&, T, T, T, T, T, T>, Tensor>;
}();

}  // namespace xgrad::detail
