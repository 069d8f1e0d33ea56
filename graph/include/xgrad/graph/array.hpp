// array.hpp: views tensors as xtensor arrays. Only this header and the forwarding headers of
// <xgrad/xtensor/...> include xtensor, whose headers are in folders since version 0.26.
#pragma once

#if __has_include(<xtensor/xadapt.hpp>)
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xexpression.hpp>
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>
#else
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xarray.hpp>
#include <xtensor/containers/xtensor.hpp>
#include <xtensor/core/xexpression.hpp>
#include <xtensor/core/xmath.hpp>
#include <xtensor/core/xnoalias.hpp>
#include <xtensor/generators/xbuilder.hpp>
#include <xtensor/misc/xmanipulation.hpp>
#include <xtensor/views/xview.hpp>
#endif

#include <algorithm>
#include <iterator>
#include <memory>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/tensor.hpp>

// What xt::eval and immediate reductions make of a shape whose rank is not known at compile time.
// Up to version 0.25 and in C++20, xtensor takes its svector for a std::array and makes an
// xt::xtensor of four axes, with sizes that are garbage.
template <>
struct xt::detail::xtype_for_shape<xt::dynamic_shape<std::size_t>> {
  template <class T, xt::layout_type layout>
  using type = xt::xarray<T, layout>;
};

namespace xgrad {

namespace detail {

/// A container over a tensor's elements, for xtensor's adaptors. It keeps the tensor alive.
template <class T>
class Elements {
 public:
  using value_type = std::remove_const_t<T>;
  using allocator_type = std::allocator<value_type>;
  using reference = T&;
  using const_reference = const T&;
  using pointer = T*;
  using const_pointer = const T*;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using iterator = T*;
  using const_iterator = const T*;
  using reverse_iterator = std::reverse_iterator<iterator>;
  using const_reverse_iterator = std::reverse_iterator<const_iterator>;

  Elements(T* data, Tensor tensor)
      : tensor_(std::move(tensor)), data_(data), size_(static_cast<std::size_t>(tensor_.numel())) {}
  Elements(const Elements&) = default;
  Elements(Elements&&) = default;
  ~Elements() = default;
  // Assignment writes the elements, as with xtensor's own adaptors. @throws ShapeError unless the
  // number of elements is the same.
  Elements& operator=(const Elements& from) { return write(from); }
  template <class Container>
  Elements& operator=(const Container& from) {  // what xtensor evaluates expressions to
    return write(from);
  }

  std::size_t size() const noexcept { return size_; }
  /// @throws ShapeError unless size is size().
  void resize(std::size_t size) const {
    if (size != size_)
      throw ShapeError("array: cannot assign " + std::to_string(size) +
                       " elements to a tensor of " + std::to_string(size_) +
                       "; an assignment cannot resize a tensor");
  }
  T* data() const noexcept { return data_; }
  T* begin() const noexcept { return data_; }
  T* end() const noexcept { return data_ + size_; }
  const T* cbegin() const noexcept { return data_; }
  const T* cend() const noexcept { return data_ + size_; }
  reverse_iterator rbegin() const noexcept { return reverse_iterator(end()); }
  reverse_iterator rend() const noexcept { return reverse_iterator(begin()); }
  const_reverse_iterator crbegin() const noexcept { return const_reverse_iterator(cend()); }
  const_reverse_iterator crend() const noexcept { return const_reverse_iterator(cbegin()); }
  T& operator[](std::size_t i) const noexcept { return data_[i]; }

 private:
  template <class Container>
  Elements& write(const Container& from) {
    resize(from.size());
    std::copy_n(from.data(), size_, data_);
    return *this;
  }

  Tensor tensor_;
  T* data_;
  std::size_t size_;
};

}  // namespace detail
}  // namespace xgrad

/// The container in which xtensor evaluates an expression before it writes through an adaptor.
template <class T>
struct xt::temporary_container<xgrad::detail::Elements<T>> {
  using type = xt::uvector<std::remove_const_t<T>>;
};

namespace xgrad {
namespace detail {

template <class T>
using Adaptor =
    xt::xarray_adaptor<Elements<T>, xt::layout_type::row_major, xt::dynamic_shape<std::size_t>>;

template <class T>
Adaptor<T> adapted(T* data, const Tensor& t) {
  return Adaptor<T>(Elements<T>(data, t),
                    typename Adaptor<T>::shape_type(t.shape().begin(), t.shape().end()));
}

}  // namespace detail

/// What `t.array<T>()` returns, and what the functions of `array_op` get: the elements of a tensor,
/// which it keeps alive, as an xtensor array. Expressions hold a copy of it, not a reference, so
/// they may outlive it.
template <class T>
using Array = detail::Adaptor<const T>;

}  // namespace xgrad

// How expressions hold an Array: by value, though other arrays by reference.
template <class T>
struct xtl::closure_type<xgrad::detail::Adaptor<const T>&> {
  using type = xgrad::detail::Adaptor<const T>;
};
template <class T>
struct xtl::closure_type<const xgrad::detail::Adaptor<const T>&>
    : xtl::closure_type<xgrad::detail::Adaptor<const T>&> {};
template <class T>
struct xtl::const_closure_type<xgrad::detail::Adaptor<const T>&>
    : xtl::closure_type<xgrad::detail::Adaptor<const T>&> {};
template <class T>
struct xtl::const_closure_type<const xgrad::detail::Adaptor<const T>&>
    : xtl::closure_type<xgrad::detail::Adaptor<const T>&> {};

namespace xgrad {

/// Implements `t.array<T>()` and `t.mutable_array<T>()`: adaptors over the elements, which keep the
/// tensor alive.
template <class T>
struct ArrayAccess {
  static auto read(const Tensor& t, Site site) { return detail::adapted(t.data<T>(site), t); }
  static auto write(Tensor& t, Site site) { return detail::adapted(t.mutable_data<T>(site), t); }
};

}  // namespace xgrad
