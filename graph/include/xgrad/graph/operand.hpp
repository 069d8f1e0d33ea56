// operand.hpp: what ops take: a tensor or a number, and the line it was written in.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <type_traits>

#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/tensor.hpp>

namespace xgrad {

/// An argument of an op: implicit from tensors and from numbers. Lives for one call.
class Operand {
 public:
  Operand(const Tensor& tensor, const char* file = __builtin_FILE(),
          unsigned line = __builtin_LINE())
      : tensor_(&tensor), site_{file, line} {}
  Operand(Tensor&& tensor, const char* file = __builtin_FILE(), unsigned line = __builtin_LINE())
      : tensor_(&tensor), site_{file, line}, dying_(true) {}
  template <class T>
  requires std::is_arithmetic_v<T> Operand(T number, const char* file = __builtin_FILE(),
                                           unsigned line = __builtin_LINE())
      : site_{file, line} {
    if constexpr (std::is_floating_point_v<T>)
      number_.floating = static_cast<double>(number);
    else
      number_.integer = static_cast<std::int64_t>(number);
    number_type_ = std::is_same_v<T, bool>       ? DType::bool_
                   : std::is_floating_point_v<T> ? DType::float32
                                                 : DType::int64;
  }
  /// A tensor, told where a composite op was called.
  Operand(const Tensor& tensor, Site site) : tensor_(&tensor), site_(site) {}

  bool is_number() const noexcept { return tensor_ == nullptr; }
  /// Whether there is a value: false for an undefined tensor.
  bool defined() const noexcept { return is_number() || tensor_->defined(); }
  /// The tensor; not for numbers. @throws GraphError if it is undefined.
  const Tensor& tensor() const { return *tensor_; }
  /// The tensor's node. @throws GraphError, with the site, if the tensor is undefined.
  detail::Node& node() const {
    if (!tensor_->defined()) throw_undefined();
    return tensor_->node();
  }
  Site site() const noexcept { return site_; }
  /// bool_, int64 or float32 for a number of that kind, the dtype of a tensor.
  DType dtype() const { return is_number() ? number_type_ : node().dtype; }
  const Shape& shape() const;

  /// The number converted to T.
  template <class T>
  T number() const noexcept {
    return number_type_ == DType::float32 ? detail::converted<T>(number_.floating)
                                          : detail::converted<T>(number_.integer);
  }
  /// The tensor, or the number as a 0-d tensor of the given type.
  Tensor materialize(DType dtype) const;
  /// The tensor, or the number as a 0-d tensor of its own kind.
  Tensor materialize() const { return is_number() ? materialize(number_type_) : *tensor_; }
  bool requires_grad() const noexcept {
    return !is_number() && tensor_->defined() && tensor_->node().requires_grad();
  }
  /// Whether this call may take the value over: nobody can see it once the call is done.
  bool reusable() const noexcept {
    return dying_ && tensor_->defined() && detail::sole_owner(tensor_->node()) &&
           !detail::keep_values;
  }
  /// After the result took its storage over: the tensor is then undefined.
  void give_up_tensor() const { *const_cast<Tensor*>(tensor_) = Tensor(); }

 private:
  [[noreturn]] void throw_undefined() const;

  const Tensor* tensor_ = nullptr;
  union {
    double floating;
    std::int64_t integer;
  } number_{0.0};
  Site site_;
  DType number_type_ = DType::float32;
  bool dying_ = false;
};

inline OpScope::OpScope(const char* op, const Operand& x) noexcept : OpScope(op, x.site()) {}

/// "[2, 3] float32 'weight'" or "2.5": an operand as error messages show it.
std::string describe(const Operand& operand);

/// The element type that operands of these types give together, by PyTorch's rules: among tensors
/// with axes, 0-d tensors and numbers, a later group counts only if its kind (bool, integer,
/// float) is higher than that of the ones before.
DType result_type(const Operand* operands, std::size_t count);
inline DType result_type(std::initializer_list<Operand> operands) {
  return result_type(operands.begin(), operands.size());
}

namespace detail {
/// The shape that both expand to, if there is one.
std::optional<Shape> broadcast_of(const Shape& a, const Shape& b);
}  // namespace detail

/// The shape that two operands broadcast to. @throws ShapeError naming the op and both.
Shape broadcast_shape(const char* op, const Operand& a, const Operand& b);

}  // namespace xgrad
