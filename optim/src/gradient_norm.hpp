// gradient_norm.hpp: the norm of all gradients as one vector, and gradients that may be changed.
#pragma once

#include <optional>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::optim::detail {

/// Sums in double over pieces fixed by size: the same bits for any number of threads.
/// With `bound`, of the gradients bounded to it element by element.
double total_norm(const TensorList& parameters, double norm_type, std::optional<double> bound = {});

/// What clip_grad_norm_ multiplies by, at most 1; 1 without a bound.
double clip_factor(double norm, double max_norm);

/// The gradient's elements to change: a copy is put in its place if others hold it too.
template <class T>
T* own_gradient(const Tensor& parameter, Site site) {
  Tensor gradient = parameter.grad();
  // `gradient` here and .grad are two readers.
  if (xgrad::detail::readers_of(gradient.node().counts.load()) > 2 ||
      !gradient.node().storage.unique() || !gradient.is_leaf()) {
    gradient = gradient.detach().clone();
    Tensor(parameter).set_grad(gradient);
  }
  return gradient.mutable_data<T>(site);
}

}  // namespace xgrad::optim::detail
