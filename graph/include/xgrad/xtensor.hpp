// xtensor.hpp: tensors from xtensor expressions, and tensors as xtensor arrays.
//
// All of xtensor comes through here. Its headers lie flat up to 0.25, in folders from 0.26.
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

#include <xgrad/graph/creation.hpp>

namespace xgrad {

/// Copies an xtensor expression or container, evaluating it once; the dtype is that of its
/// elements, int64 for other whole numbers.
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

/// What `t.array<T>()` and `t.mutable_array<T>()` are made by: adaptors over the elements that hold
/// the tensor, and so keep them alive.
template <class T>
struct ArrayAccess {
  static auto read(const Tensor& t) { return adapted(t.data<T>(), t); }
  static auto write(Tensor& t, Site site) { return adapted(t.mutable_data<T>(site), t); }

 private:
  template <class P>
  static auto adapted(P* elements, const Tensor& t) {
    const std::vector<std::size_t> shape(t.shape().begin(), t.shape().end());
    return xt::adapt_smart_ptr(elements, shape, Tensor(t));
  }
};

}  // namespace xgrad
