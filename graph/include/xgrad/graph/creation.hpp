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
  std::optional<DType> dtype = {};  ///< the default dtype, unless the function documents another
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
/// default dtype (default_dtype.hpp). Pass `{.dtype = float64}` for double precision.
/// @throws ShapeError  if lists at the same depth differ in length, or if they are nested more than
///                     4 deep.
Tensor tensor(const NestedList& list, const TensorOptions& options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()});

namespace detail {
Tensor tensor_from_memory(const void* elements, DType dtype, const Shape& shape,
                          const TensorOptions& options, Site site);
Tensor tensor_of_bools(const std::vector<bool>& elements, const TensorOptions& options, Site site);

/// The numbers that a tensor can be made from.
template <class T>
concept Number = std::is_arithmetic_v<T> && !is_character<T>;
template <class C>
concept NumberContainer = requires(const C& c) {
  requires Number<typename C::value_type>;
  std::span<const typename C::value_type>(c.data(), c.size());
  requires !requires { c.shape(); };  // not an array of xtensor's
};
template <class A>
concept NumberArray = std::is_array_v<A> && Number<std::remove_all_extents_t<A>>;

// The sizes of a C array's axes.
template <class A, std::size_t... axis>
Shape shape_of_array(std::index_sequence<axis...>) {
  return {std::extent_v<A, axis>...};
}

/// @throws ValueError  for one beyond int64.
void check_unsigned(const void* elements, std::int64_t n, Site site);

template <class T>
Tensor tensor_of(const T* elements, const Shape& shape, const TensorOptions& options, Site site) {
  if constexpr (Element<T>) {
    return tensor_from_memory(elements, dtype_of<T>, shape, options, site);
  } else {
    using E = std::conditional_t<std::is_integral_v<T>, std::int64_t, double>;
    if constexpr (std::is_unsigned_v<T> && sizeof(T) == 8)
      check_unsigned(elements, shape.numel(), site);
    const std::vector<E> typed(elements, elements + shape.numel());
    return tensor_from_memory(typed.data(), dtype_of<E>, shape, options, site);
  }
}
}  // namespace detail

/// Copies a std::vector, std::array, std::span or another contiguous container of numbers to a 1-d
/// tensor: `tensor(std::vector<int>{1, 2})`.
///
/// The dtype is that of the elements, unless the options have one: int64 for integers of any type,
/// bool, float32 for float, float64 for double and long double.
/// @throws ValueError  for unsigned integers beyond int64's range.
template <class C>
requires detail::NumberContainer<C> Tensor tensor(const C& elements,
                                                  const TensorOptions& options = {},
                                                  Site site = {__builtin_FILE(),
                                                               __builtin_LINE()}) {
  return detail::tensor_of(elements.data(), elements.size(), options, site);
}
template <class Bools>  // a template, because braces would convert to a std::vector<bool>
requires std::is_same_v<Bools, std::vector<bool>> Tensor tensor(const Bools& elements,
                                                                const TensorOptions& options = {},
                                                                Site site = {__builtin_FILE(),
                                                                             __builtin_LINE()}) {
  return detail::tensor_of_bools(elements, options, site);
}

/// Copies a C array to a tensor of the same shape: `float m[2][3]` to a float32 tensor (2, 3).
template <class A>
requires detail::NumberArray<A> Tensor tensor(const A& array, const TensorOptions& options = {},
                                              Site site = {__builtin_FILE(), __builtin_LINE()}) {
  using T = std::remove_all_extents_t<A>;
  const Shape shape = detail::shape_of_array<A>(std::make_index_sequence<std::rank_v<A>>());
  return detail::tensor_of(reinterpret_cast<const T*>(&array), shape, options, site);
}

// Filled tensors. The dtype is the default dtype (default_dtype.hpp), unless the options have one.
// @throws ShapeError if a size is negative or the elements take more than 2^63 - 1 bytes;
// MemoryError (a std::bad_alloc) if allocation fails.
Tensor zeros(const Shape& shape, const TensorOptions& options = {},
             Site site = {__builtin_FILE(), __builtin_LINE()});
Tensor ones(const Shape& shape, const TensorOptions& options = {},
            Site site = {__builtin_FILE(), __builtin_LINE()});
/// A tensor filled with `number`, by default of the dtype of the number: int64, bool or the default
/// dtype.
Tensor full(const Shape& shape, const NestedList& number, const TensorOptions& options = {},
            Site site = {__builtin_FILE(), __builtin_LINE()});
/// A tensor with uninitialized elements.
Tensor empty(const Shape& shape, const TensorOptions& options = {},
             Site site = {__builtin_FILE(), __builtin_LINE()});
/// The same with up to four sizes without braces: `zeros(3, 4)`, `zeros(3, 4, {.dtype = float64})`.
/// A single size never needs braces: `zeros(3)`.
#define XGRAD_BARE_SIZES(op)                                                              \
  inline Tensor op(Count a, Count b, const TensorOptions& options = {},                   \
                   Site site = {__builtin_FILE(), __builtin_LINE()}) {                    \
    return op({a, b}, options, site);                                                     \
  }                                                                                       \
  inline Tensor op(Count a, Count b, Count c, const TensorOptions& options = {},          \
                   Site site = {__builtin_FILE(), __builtin_LINE()}) {                    \
    return op({a, b, c}, options, site);                                                  \
  }                                                                                       \
  inline Tensor op(Count a, Count b, Count c, Count d, const TensorOptions& options = {}, \
                   Site site = {__builtin_FILE(), __builtin_LINE()}) {                    \
    return op({a, b, c, d}, options, site);                                               \
  }
XGRAD_BARE_SIZES(zeros)
XGRAD_BARE_SIZES(ones)
XGRAD_BARE_SIZES(empty)

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
/// are integers, otherwise the default dtype. @throws ValueError if step is 0 or leads away from
/// end.
Tensor arange(const NestedList& start, const NestedList& end, const NestedList& step = 1,
              const TensorOptions& options = {}, Site site = {__builtin_FILE(), __builtin_LINE()});
/// The numbers 0, 1, ..., up to but excluding end.
Tensor arange(const NestedList& end, const TensorOptions& options = {},
              Site site = {__builtin_FILE(), __builtin_LINE()});
/// `steps` evenly spaced numbers from start to end, both included.
Tensor linspace(double start, double end, Count steps, const TensorOptions& options = {},
                Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
