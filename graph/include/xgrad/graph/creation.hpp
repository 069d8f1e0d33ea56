// creation.hpp: functions that create tensors: from numbers, lists and memory, filled, and ranges.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <span>
#include <type_traits>

#include <xgrad/graph/tensor.hpp>

namespace xgrad {

class Generator;

/// Options of the functions that create tensors.
struct TensorOptions {
  std::optional<DType> dtype = {};  ///< default: float32, unless the function documents another
  bool requires_grad = false;
  Generator* generator = nullptr;  ///< for random tensors; default: the thread's generator
};

/// The argument of `tensor`: a number, or nested braces of numbers. It must not outlive the call.
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

/// Creates a tensor from a number (0-d) or from nested braces (1-d to 4-d): `tensor(2.5)`,
/// `tensor({{0., 1.}, {2., 3.}})`.
///
/// The dtype is that of PyTorch: int64 for integers, bool for true and false, otherwise the
/// default, float32. Pass `{.dtype = float64}` for double precision.
/// @throws ShapeError  if lists at the same depth differ in length, or if they are nested more than
///                     4 deep.
Tensor tensor(const NestedList& list, const TensorOptions& options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()});

/// Copies elements in memory to a 1-d tensor. The dtype is that of T, unless the options have one.
template <class T>
requires requires { detail::DTypeOf<std::remove_const_t<T>>::value; }
Tensor tensor(std::span<T> elements, const TensorOptions& options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()});

namespace detail {
Tensor tensor_from_memory(const void* elements, DType dtype, const Shape& shape,
                          const TensorOptions& options, Site site);
}

/// Copies a std::vector, a std::array or another contiguous container to a 1-d tensor.
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

// Filled tensors. The dtype is float32 by default. @throws ShapeError if a size is negative or the
// elements take more than 2^63 - 1 bytes; MemoryError (a std::bad_alloc) if allocation fails.
Tensor zeros(const Shape& shape, const TensorOptions& options = {},
             Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor ones(const Shape& shape, const TensorOptions& options = {},
            Site site = {__builtin_FILE(), __builtin_LINE()});
/// A tensor filled with `number`, by default of the dtype of the number: float32, int64 or bool.
Tensor full(const Shape& shape, const NestedList& number, const TensorOptions& options = {},
            Site site = {__builtin_FILE(), __builtin_LINE()});
/// A tensor with uninitialized elements.
Tensor empty(const Shape& shape, const TensorOptions& options = {},
             Site site = {__builtin_FILE(), __builtin_LINE()});
/// A matrix (n, m) with ones on the diagonal and zeros elsewhere. By default m is n.
Tensor eye(Count n, std::optional<Count> m = {}, const TensorOptions& options = {},
           Site site = {__builtin_FILE(), __builtin_LINE()});

// Tensors of the shape of `like`. By default the dtype is also that of `like`.
Tensor zeros_like(const Tensor& like, const TensorOptions& options = {},
                  Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor ones_like(const Tensor& like, const TensorOptions& options = {},
                 Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor full_like(const Tensor& like, const NestedList& number, const TensorOptions& options = {},
                 Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor empty_like(const Tensor& like, const TensorOptions& options = {},
                  Site site = {__builtin_FILE(), __builtin_LINE()});

/// The numbers start, start + step, ..., up to but excluding end. The dtype is int64 if all three
/// are integers, otherwise float32. @throws ValueError if step is 0 or leads away from end.
Tensor arange(const NestedList& start, const NestedList& end, const NestedList& step = 1,
              const TensorOptions& options = {}, Site site = {__builtin_FILE(), __builtin_LINE()});
/// The numbers 0, 1, ..., up to but excluding end.
Tensor arange(const NestedList& end, const TensorOptions& options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()});
/// `steps` evenly spaced numbers from start to end, both included.
Tensor linspace(double start, double end, Count steps, const TensorOptions& options = {},
                Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
