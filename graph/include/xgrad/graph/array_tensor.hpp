// array_tensor.hpp: tensors from xtensor's expressions and arrays, copied or over the same memory.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/graph/array.hpp>
#include <xgrad/graph/array_reductions.hpp>
#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/from_blob.hpp>

namespace xgrad {
namespace detail {

template <class E>
concept ArrayExpression = xt::is_xexpression<std::remove_cvref_t<E>>::value;

// The element type of a tensor of numbers of type T.
template <class T>
constexpr auto element_for() {
  static_assert(std::is_arithmetic_v<T>,
                "no tensor has elements of this type: convert the expression to numbers, such as "
                "with xt::cast<float>(expression)");
  if constexpr (Element<T>)
    return T();
  else
    return std::conditional_t<std::is_integral_v<T>, std::int64_t, double>();
}
template <class E>
using ElementFor = decltype(element_for<typename std::remove_cvref_t<E>::value_type>());

template <class E>
Shape shape_of(const E& expression) {
  const auto& sizes = expression.shape();
  return std::vector<std::int64_t>(sizes.begin(), sizes.end());
}

/// An array over memory of n elements, which it does not own.
template <class T>
auto array_over(T* data, const Shape& shape) {
  return xt::adapt(std::move(data),  // as an lvalue it would be referred to
                   static_cast<std::size_t>(shape.numel()), xt::no_ownership(),
                   xt::dynamic_shape<std::size_t>(shape.begin(), shape.end()));
}

/// Evaluates the expression into a new tensor with elements of type T.
template <class T, class E>
Tensor evaluated(const E& expression, Site site) {
  check_reductions<E>();
  Tensor made = empty(shape_of(expression), {.dtype = dtype_of<T>}, site);
  if (made.numel() == 0) return made;
  auto elements = array_over(made.mutable_data<T>(), made.shape());
  xt::noalias(elements) = expression;
  using From = typename E::value_type;
  if constexpr (std::is_unsigned_v<From> && !Element<From> && sizeof(From) == 8)
    check_unsigned(made.data<T>(), made.numel(), site);
  return made;
}

inline Tensor with_options(const Tensor& made, const TensorOptions& options, Site site) {
  const Tensor typed = made.to(options.dtype.value_or(made.dtype()), site);
  return options.requires_grad ? Tensor(typed).requires_grad_(true, site) : typed;
}

/// Whether E has elements in memory, of a tensor's type, that may be changed.
template <class E>
concept ArrayInMemory = ArrayExpression<E> && !std::is_const_v<E> &&
                        Element<typename E::value_type> && requires(E & e) {
  { e.data() } -> std::same_as<typename E::value_type*>;
  e.data_offset();
  e.strides();
};

/// Whether the elements lie in row-major order without gaps.
template <class E>
bool is_dense(const E& array) {
  const Shape shape = shape_of(array);
  std::ptrdiff_t expected = 1;
  for (int axis = shape.dim() - 1; axis >= 0; --axis) {
    if (shape[axis] == 1) continue;
    if (static_cast<std::ptrdiff_t>(array.strides()[static_cast<std::size_t>(axis)]) != expected)
      return false;
    expected *= static_cast<std::ptrdiff_t>(shape[axis]);
  }
  return shape.numel() != 0;
}

template <class E>
auto* first_element(E& array) {
  return array.data() + array.data_offset();
}

template <class E>
inline constexpr bool owns_elements = false;
template <class C, xt::layout_type layout, class Sizes, class Tag>
inline constexpr bool owns_elements<xt::xarray_container<C, layout, Sizes, Tag>> = true;
template <class C, std::size_t rank, xt::layout_type layout, class Tag>
inline constexpr bool owns_elements<xt::xtensor_container<C, rank, layout, Tag>> = true;
// What xt::load_npy returns.
template <class P, class A, xt::layout_type layout, class Sizes, class Tag>
inline constexpr bool owns_elements<
    xt::xarray_adaptor<xt::xbuffer_adaptor<P, xt::acquire_ownership, A>, layout, Sizes, Tag>> =
    true;

/// A tensor over the elements of an array that it keeps. If that fails, an array that owns them is
/// as before.
template <class E>
Tensor taken_over(E&& array, Site site) {
  const auto kept = std::make_shared<E>(std::move(array));
  const auto keep = [kept](void*) {};
  try {
    return from_blob(first_element(*kept), shape_of(*kept), keep, {}, site);
  } catch (...) {
    if constexpr (owns_elements<E>) array = std::move(*kept);
    throw;
  }
}

/// Whether the expression is a temporary array whose memory a tensor can take over.
template <class E>
concept Movable = !std::is_reference_v<E> && ArrayInMemory<E> && owns_elements<E>;

}  // namespace detail

/// A tensor with the elements of an xtensor expression or array, in row-major order whatever the
/// layout. An expression is evaluated once. The memory of a temporary array that owns it
/// (xt::xarray, xt::xtensor, what xt::load_npy returns) is taken over if its layout is row-major;
/// anything else is copied.
///
///     tensor(xt::load_npy<float>("x.npy"));  // no copy
///     tensor(std::move(a));                  // no copy
///     tensor(a);                             // a copy
///
/// @param options  the dtype is by default that of the elements, int64 for integers of any type and
///                 float64 for long double. Another one takes a copy.
/// @throws ValueError  for unsigned integers beyond int64's range.
template <class E>
requires detail::ArrayExpression<E> Tensor tensor(E&& expression, const TensorOptions& options = {},
                                                  Site site = {__builtin_FILE(),
                                                               __builtin_LINE()}) {
  if constexpr (detail::Movable<E>)
    if (detail::is_dense(expression))
      return detail::with_options(detail::taken_over(std::move(expression), site), options, site);
  return detail::with_options(detail::evaluated<detail::ElementFor<E>>(expression, site), options,
                              site);
}

/// A tensor over the memory of an xtensor array, view or adaptor, if its elements are of a tensor's
/// type, may be changed, and lie in row-major order without gaps. Otherwise, as for expressions,
/// the same as `tensor`, which copies. As PyTorch's `as_tensor` does with arrays of NumPy.
///
/// The rules of `from_blob` apply: changes on one side show on the other, and the memory must stay
/// valid as long as the tensor and the graphs that have saved it. A temporary is kept by the
/// tensor, but not what it refers to: with `as_tensor(xt::view(a, 0))`, keep `a`.
///
///     xt::xarray<float> a = xt::zeros<float>({2, 3});
///     Tensor t = as_tensor(a);                 // the memory of a
///     Tensor row = as_tensor(xt::view(a, 1));  // a part of it
template <class E>
requires detail::ArrayExpression<E> Tensor as_tensor(E&& array, const TensorOptions& options = {},
                                                     Site site = {__builtin_FILE(),
                                                                  __builtin_LINE()}) {
  if constexpr (detail::ArrayInMemory<std::remove_reference_t<E>>) {
    if (!detail::is_dense(array)) return tensor(std::forward<E>(array), options, site);
    if constexpr (std::is_lvalue_reference_v<E>)
      return detail::with_options(
          from_blob(detail::first_element(array), detail::shape_of(array), {}, site), options,
          site);
    else
      return detail::with_options(detail::taken_over(std::move(array), site), options, site);
  } else {
    return tensor(std::forward<E>(array), options, site);
  }
}

}  // namespace xgrad
