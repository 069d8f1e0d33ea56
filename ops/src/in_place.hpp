// in_place.hpp: the common part of the members of Tensor that change it in place.
#pragma once

#include <initializer_list>

#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// A change of a leaf to the result of an op, such as `x.add_(y)`:
///
///     const InPlace change("add_", *this, {y}, site);
///     return change.write(add(change.tensor(), y));
///
/// During its lifetime nothing is recorded, and errors and nodes get the name and line of this op.
class InPlace {
 public:
  /// @throws GraphError  if the tensor is not a leaf, or if grad mode is on and an operand requires
  ///                     a gradient, which would be lost.
  InPlace(const char* op, TensorMembers& tensor, std::initializer_list<Operand> operands,
          Site site);

  const Tensor& tensor() const noexcept { return tensor_; }
  /// Writes the result into the tensor and returns the tensor. @throws ShapeError unless the shapes
  /// are equal; DTypeError if the tensor cannot hold the result.
  Tensor& write(const Tensor& result) const;

 private:
  const char* const op_;
  Tensor& tensor_;
  const OpScope scope_;
  const Site site_;
  const NoGrad guard_;
};

}  // namespace xgrad
