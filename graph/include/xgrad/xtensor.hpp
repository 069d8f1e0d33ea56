// xtensor.hpp: converts xtensor expressions to tensors, and views tensors as xtensor arrays.
//
// This is the only header that includes xtensor, whose headers are in folders since version 0.26.
#pragma once

#if __has_include(<xtensor/xadapt.hpp>)
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xexpression.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#else
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xarray.hpp>
#include <xtensor/core/xexpression.hpp>
#include <xtensor/core/xmath.hpp>
#include <xtensor/core/xnoalias.hpp>
#endif

#include <algorithm>
#include <iterator>
#include <memory>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>

namespace xgrad {

/// Copies an xtensor expression or container, which is evaluated once. By default the dtype is that
/// of its elements, and int64 for any integer type.
template <class E>
Tensor tensor(const xt::xexpression<E>& expression, const TensorOptions& options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()}) {
  using From = typename E::value_type;
  using T = std::conditional_t<std::is_integral_v<From> && !std::is_same_v<From, bool>,
                               std::int64_t, From>;
  const E& source = expression.derived_cast();
  const std::vector<std::int64_t> shape(source.shape().begin(), source.shape().end());
  Tensor made = empty(shape, {.dtype = dtype_of<T>}, site);
  if (made.numel() != 0) {
    auto elements = xt::adapt(made.mutable_data<T>(), static_cast<std::size_t>(made.numel()),
                              xt::no_ownership(), shape);
    xt::noalias(elements) = source;
  }
  const Tensor typed = made.to(options.dtype.value_or(dtype_of<T>));
  return options.requires_grad ? Tensor(typed).requires_grad_() : typed;
}

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
auto adapted(T* data, const Tensor& t) {
  using Sizes = std::vector<std::size_t>;
  return xt::xarray_adaptor<Elements<T>, xt::layout_type::row_major, Sizes>(
      Elements<T>(data, t), Sizes(t.shape().begin(), t.shape().end()));
}

}  // namespace detail

/// Implements `t.array<T>()` and `t.mutable_array<T>()`: adaptors over the elements, which keep the
/// tensor alive.
template <class T>
struct ArrayAccess {
  static auto read(const Tensor& t, Site site) { return detail::adapted(t.data<T>(site), t); }
  static auto write(Tensor& t, Site site) { return detail::adapted(t.mutable_data<T>(site), t); }
};

}  // namespace xgrad
