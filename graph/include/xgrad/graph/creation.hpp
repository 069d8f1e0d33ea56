// creation.hpp: tensors from numbers, lists, memory, and rules.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <span>
#include <type_traits>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

class Generator;

/// How to make a tensor.
struct TensorOptions {
  std::optional<DType> dtype = {};  ///< float32, unless the function says otherwise
  bool requires_grad = false;
  Generator* generator = nullptr;  ///< for random ones; the thread's by default
};

/// A number, or braces within braces around numbers: what `tensor` takes. Lives for one call.
class NestedList {
 public:
  NestedList() = default;
  template <class T>
  requires std::is_arithmetic_v<T> NestedList(T number)
      : number_(static_cast<double>(number)),
        integer_(static_cast<std::int64_t>(std::is_floating_point_v<T> ? 0 : number)),
        dtype_(std::is_same_v<T, bool>       ? DType::bool_
               : std::is_floating_point_v<T> ? DType::float32
                                             : DType::int64),
        is_number_(true) {}
  NestedList(std::initializer_list<NestedList> list) : list_(list) {}

  bool is_number() const noexcept { return is_number_; }
  template <class T>
  T number() const noexcept {
    return dtype_ == DType::float32 ? detail::converted<T>(number_)
                                    : detail::converted<T>(integer_);
  }
  DType dtype() const noexcept { return dtype_; }
  std::initializer_list<NestedList> list() const noexcept { return list_; }

 private:
  std::initializer_list<NestedList> list_{};
  double number_ = 0;
  std::int64_t integer_ = 0;
  DType dtype_ = DType::bool_;
  bool is_number_ = false;
};

/// From a number (0-d) or braces (1-d to 4-d): `tensor(2.5)`, `tensor({{0., 1.}, {2., 3.}})`.
///
/// Integers give int64, true and false bool, all else the default, float32, as in PyTorch;
/// ask for more digits with `{.dtype = float64}`.
/// @throws ShapeError  if lists beside each other differ in length, or lie deeper than 4.
Tensor tensor(const NestedList& list, const TensorOptions& options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()});

/// A copy of elements in memory, 1-d; the dtype is that of T.
template <class T>
requires requires { detail::DTypeOf<std::remove_const_t<T>>::value; }
Tensor tensor(std::span<T> elements, const TensorOptions& options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()});

namespace detail {
Tensor tensor_from_memory(const void* elements, DType dtype, const Shape& shape,
                          const TensorOptions& options, Site site);
}

/// The same of a std::vector, std::array or other container that lies in one piece.
template <class C>
requires requires(const C& c) {
  detail::DTypeOf<typename C::value_type>::value;
  std::span<const typename C::value_type>(c.data(), c.size());
  requires !requires { c.shape(); };
}
Tensor tensor(const C& elements, const TensorOptions& options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::tensor_from_memory(elements.data(), dtype_of<typename C::value_type>,
                                    {static_cast<std::int64_t>(elements.size())}, options, site);
}
template <class T>
requires requires { detail::DTypeOf<std::remove_const_t<T>>::value; }
Tensor tensor(std::span<T> elements, const TensorOptions& options, Site site) {
  return detail::tensor_from_memory(elements.data(), dtype_of<std::remove_const_t<T>>,
                                    {static_cast<std::int64_t>(elements.size())}, options, site);
}

// Filled tensors; float32 unless told otherwise. @throws ShapeError for negative sizes and for more
// bytes than 64 bits count, MemoryError (a std::bad_alloc) for memory that cannot be had.
Tensor zeros(const Shape& shape, const TensorOptions& options = {},
             Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor ones(const Shape& shape, const TensorOptions& options = {},
            Site site = {__builtin_FILE(), __builtin_LINE()});
/// dtype by default that of the number: float32, int64 or bool.
Tensor full(const Shape& shape, const NestedList& number, const TensorOptions& options = {},
            Site site = {__builtin_FILE(), __builtin_LINE()});
/// Memory as it comes.
Tensor empty(const Shape& shape, const TensorOptions& options = {},
             Site site = {__builtin_FILE(), __builtin_LINE()});
/// (n, n) or (n, m), ones on the diagonal.
Tensor eye(Count n, std::optional<Count> m = {}, const TensorOptions& options = {},
           Site site = {__builtin_FILE(), __builtin_LINE()});

// As `like`, whose shape and dtype are the defaults.
Tensor zeros_like(const Tensor& like, const TensorOptions& options = {},
                  Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor ones_like(const Tensor& like, const TensorOptions& options = {},
                 Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor full_like(const Tensor& like, const NestedList& number, const TensorOptions& options = {},
                 Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor empty_like(const Tensor& like, const TensorOptions& options = {},
                  Site site = {__builtin_FILE(), __builtin_LINE()});

/// start, start + step, ... below end (above it for a negative step). int64 if all are whole
/// numbers. @throws ValueError if step is 0 or leads away from end.
Tensor arange(const NestedList& start, const NestedList& end, const NestedList& step = 1,
              const TensorOptions& options = {}, Site site = {__builtin_FILE(), __builtin_LINE()});
/// From 0.
Tensor arange(const NestedList& end, const TensorOptions& options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()});
/// `steps` numbers from start to end, both included, evenly spaced.
Tensor linspace(double start, double end, Count steps, const TensorOptions& options = {},
                Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
