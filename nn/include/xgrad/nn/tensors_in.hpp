// tensors_in.hpp: visits the tensors in the arguments or results of a call.
#pragma once

#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::nn::detail {

template <std::size_t>
struct AnyTensor {
  operator Tensor() const;
};
template <class T, std::size_t... i>
constexpr bool takes_fields(std::index_sequence<i...>) {
  return requires { T{AnyTensor<i>()...}; };
}
/// Whether T is a struct of n tensors and nothing else.
template <class T, std::size_t n>
concept StructOfTensors = std::is_aggregate_v<T> && sizeof(T) == n * sizeof(Tensor) &&
                          takes_fields<T>(std::make_index_sequence<n>());

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

/// Calls f(tensor) for each tensor in x, which may be a tensor, an optional, a tuple, a container
/// or a struct of tensors. Other members are skipped.
template <class T, class F>
void for_each_tensor(T& x, const F& f) {
  if constexpr (std::is_same_v<T, Tensor>) {
    f(x);
  } else if constexpr (is_optional<T>::value) {
    if (x) for_each_tensor(*x, f);
  } else if constexpr (requires { std::tuple_size<T>::value; }) {
    std::apply([&](auto&... each) { (for_each_tensor(each, f), ...); }, x);
  } else if constexpr (requires {
                         x.begin();
                         x.end();
                         *x.begin();
                       }) {
    if constexpr (std::is_lvalue_reference_v<decltype(*x.begin())>)
      if constexpr (!std::is_const_v<std::remove_reference_t<decltype(*x.begin())>>)
        for (auto& each : x) for_each_tensor(each, f);
  } else if constexpr (StructOfTensors<T, 2>) {
    auto& [a, b] = x;
    f(a), f(b);
  } else if constexpr (StructOfTensors<T, 3>) {
    auto& [a, b, c] = x;
    f(a), f(b), f(c);
  } else if constexpr (StructOfTensors<T, 4>) {
    auto& [a, b, c, d] = x;
    f(a), f(b), f(c), f(d);
  }
}

}  // namespace xgrad::nn::detail
