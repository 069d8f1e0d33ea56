// operand.hpp: Operand, the parameter type of ops: a tensor or a number, with the line of the call.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <type_traits>

#include <xgrad/graph/default_dtype.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/tensor.hpp>

namespace xgrad {

/// An argument of an op. Converts implicitly from tensors and numbers. It refers to the tensor and
/// must not outlive the call.
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
  /// A tensor with the line of the composite op that passes it on.
  Operand(const Tensor& tensor, Site site) : tensor_(&tensor), site_(site) {}
  Operand(Tensor&& tensor, Site site) : tensor_(&tensor), site_(site), dying_(true) {}

  bool is_number() const noexcept { return tensor_ == nullptr; }
  /// False for an undefined tensor.
  bool defined() const noexcept { return is_number() || tensor_->defined(); }
  /// The tensor, which may be undefined. Not valid for numbers.
  const Tensor& tensor() const { return *tensor_; }
  /// The tensor's node. Not valid for numbers. @throws GraphError if the tensor is undefined.
  detail::Node& node() const {
    if (!tensor_->defined()) throw_undefined();
    return tensor_->node();
  }
  Site site() const noexcept { return site_; }
  /// The dtype of the tensor, or bool_, int64 or the default dtype for a bool, integer or floating
  /// number.
  DType dtype() const {
    if (!is_number()) return node().dtype;
    return number_type_ == DType::float32 ? get_default_dtype() : number_type_;
  }
  const Shape& shape() const;

  /// The number converted to T.
  template <class T>
  T number() const noexcept {
    return number_type_ == DType::float32 ? detail::converted<T>(number_.floating)
                                          : detail::converted<T>(number_.integer);
  }
  /// The tensor, or the number as a 0-d tensor of the given dtype. @throws ValueError if that is
  /// int64 and the number is out of its range.
  Tensor materialize(DType dtype) const;
  /// The tensor, or the number as a 0-d tensor of dtype().
  Tensor materialize() const { return is_number() ? materialize(dtype()) : *tensor_; }
  bool requires_grad() const noexcept {
    return !is_number() && tensor_->defined() && tensor_->node().requires_grad();
  }
  /// Whether the op may reuse the tensor's storage, because the tensor is a temporary that nothing
  /// else refers to.
  bool reusable() const noexcept {
    return dying_ && tensor_->defined() && detail::sole_owner(tensor_->node()) &&
           !detail::keep_values;
  }
  /// Makes the tensor undefined, after the result has taken over its storage.
  void give_up_tensor() const { *const_cast<Tensor*>(tensor_) = Tensor(); }

 private:
  [[noreturn]] void throw_undefined() const;

  const Tensor* tensor_ = nullptr;
  union {
    double floating;
    std::int64_t integer;
  } number_{0.0};
  Site site_;
  DType number_type_ = DType::float32;  // float32 for floating-point numbers of any dtype
  bool dying_ = false;
};

inline OpScope::OpScope(const char* op, const Operand& x) noexcept : OpScope(op, x.site()) {}

/// The operand as error messages show it: "[2, 3] float32 'weight'" or "2.5".
std::string describe(const Operand& operand);

/// The dtype of the result of an op on these operands, by PyTorch's promotion rules. The operands
/// form three groups: tensors with axes, 0-d tensors, and numbers. A later group counts only if its
/// kind (bool, integer, float) is higher than that of the groups before it.
DType result_type(const Operand* operands, std::size_t count);
inline DType result_type(std::initializer_list<Operand> operands) {
  return result_type(operands.begin(), operands.size());
}

namespace detail {
/// The broadcast shape of two shapes, if they broadcast.
std::optional<Shape> broadcast_of(const Shape& a, const Shape& b);
}  // namespace detail

/// The broadcast shape of two operands. @throws ShapeError, naming the op, if there is none.
Shape broadcast_shape(const char* op, const Operand& a, const Operand& b);

}  // namespace xgrad
