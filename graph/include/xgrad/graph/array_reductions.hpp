// array_reductions.hpp: which expressions xtensor computes wrongly.
#pragma once

#include <type_traits>

#include <xgrad/graph/array.hpp>

namespace xgrad {
namespace detail {

template <class T>
struct KeepsDims : std::false_type {};
template <class F, class Array, class Axes, class Options>
struct KeepsDims<xt::xreducer<F, Array, Axes, Options>> : Options::keep_dims {};

/// Whether a lazy reduction that keeps dims is a part of the expression. Where such a reduction
/// broadcasts, xtensor (0.24 to 0.27) reads elements along the axis that was reduced.
template <class T>
struct HasInnerReduction : std::false_type {};
template <template <class...> class Template, class... Parts>
struct HasInnerReduction<Template<Parts...>>
    : std::disjunction<KeepsDims<std::remove_cvref_t<Parts>>...,
                       HasInnerReduction<std::remove_cvref_t<Parts>>...> {};

/// Refuses an expression that would have wrong elements.
template <class E>
constexpr void check_reductions() {
  static_assert(!HasInnerReduction<E>::value,
                "xtensor computes wrong numbers from a lazy reduction with xt::keep_dims inside "
                "another expression; evaluate it first: xt::eval(xt::mean(x, {0}, xt::keep_dims))");
}

}  // namespace detail
}  // namespace xgrad
