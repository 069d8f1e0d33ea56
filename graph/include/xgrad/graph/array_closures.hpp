// array_closures.hpp: which types of xtensor expressions own all that they read.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <type_traits>

#include <xgrad/graph/array.hpp>

namespace xgrad {
namespace detail {

/// Whether a value of type T can be read after the function that returned it. Known from the type:
/// an expression that has a reference or a pointer among its parts does not own all that it reads,
/// and what the reference refers to may be gone. A class that says nothing about its parts owns
/// them only if it is empty. So some expressions are refused that would be safe, and none is let
/// through that is not, but for classes that hide a pointer behind type arguments that have none.
template <class T>
struct OwnsParts : std::bool_constant<std::is_arithmetic_v<T> || std::is_enum_v<T> ||
                                      std::is_void_v<T> || std::is_empty_v<T>> {};
template <class T>
struct OwnsParts<const T> : OwnsParts<T> {};
template <class T>
struct OwnsParts<T&> : std::false_type {};
template <class T>
struct OwnsParts<T&&> : std::false_type {};
template <class T>
struct OwnsParts<T*> : std::false_type {};

template <>
struct OwnsParts<std::nullptr_t> : std::true_type {};

// Arrays of tensors keep them.
template <class T>
struct OwnsParts<Elements<T>> : std::true_type {};

// Classes that refer, though no argument of theirs does.
template <class T>
struct OwnsParts<std::initializer_list<T>> : std::false_type {};
template <class T>
struct OwnsParts<std::reference_wrapper<T>> : std::false_type {};
template <class T, std::size_t extent>
struct OwnsParts<std::span<T, extent>> : std::false_type {};
template <class Signature>
struct OwnsParts<std::function<Signature>> : std::false_type {};

// Templates are their arguments.
template <template <class...> class Template, class... Parts>
struct OwnsParts<Template<Parts...>> : std::conjunction<OwnsParts<Parts>...> {};
template <class T, std::size_t n>
struct OwnsParts<std::array<T, n>> : OwnsParts<T> {};
template <class T, std::size_t n, class Allocator, bool init>
struct OwnsParts<xt::svector<T, n, Allocator, init>> : OwnsParts<T> {};
template <class C, xt::layout_type layout, class Sizes, class Tag>
struct OwnsParts<xt::xarray_container<C, layout, Sizes, Tag>> : OwnsParts<C> {};
template <class C, xt::layout_type layout, class Sizes, class Tag>
struct OwnsParts<xt::xarray_adaptor<C, layout, Sizes, Tag>> : OwnsParts<C> {};
template <class C, std::size_t rank, xt::layout_type layout, class Tag>
struct OwnsParts<xt::xtensor_container<C, rank, layout, Tag>> : OwnsParts<C> {};
template <class C, std::size_t rank, xt::layout_type layout, class Tag>
struct OwnsParts<xt::xtensor_adaptor<C, rank, layout, Tag>> : OwnsParts<C> {};
template <class T, class Sizes, xt::layout_type layout, bool shared, class Tag>
struct OwnsParts<xt::xfixed_container<T, Sizes, layout, shared, Tag>> : OwnsParts<T> {};
template <class C, class Sizes, xt::layout_type layout, class Storage>
struct OwnsParts<xt::xstrided_view<C, Sizes, layout, Storage>> : OwnsParts<C> {};

/// Whether T is an expression, or a number, that owns all that it reads.
template <class T>
inline constexpr bool outlives_call = OwnsParts<T>::value;

}  // namespace detail
}  // namespace xgrad
