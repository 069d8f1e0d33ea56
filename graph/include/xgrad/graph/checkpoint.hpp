// checkpoint.hpp: time for memory: a part of a model is computed again when gradients need it.
#pragma once

#include <type_traits>

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/vector_function.hpp>

namespace xgrad {

namespace detail {
std::vector<Tensor> checkpoint(VectorFunction f, std::vector<Tensor> inputs, Site site);

/// What f gives: a tensor or a vector.
template <class F>
auto as_given_by(std::vector<Tensor> results) {
  if constexpr (gives_several<F>)
    return results;
  else
    return results.at(0);
}
}  // namespace detail

/// f(inputs...), of whose insides only the inputs are kept; the sweep runs f again, then goes
/// through it. The same bits: for that the thread's default generator is put back to where it was,
/// so dropout drops the same elements (Chen et al., 2016).
///
/// f is a function of up to six tensors, or of a vector of them, that gives one or a vector, and
/// the same at each call. What it captures gets gradients too, weights say; they must live until
/// the sweep and not change. Generators other than the default are f's own care.
/// @throws GraphError  in the sweep, if an input or a captured tensor has changed since, or if f
///                     gives other results than at first: their number, shapes, dtypes, and which
///                     of them require a gradient.
/// @grad   f's, of any order, since the sweep goes through what f records.
template <class F, class... X>
requires(std::is_convertible_v<const X&, Tensor>&&...) auto checkpoint(F f, Operand first,
                                                                       const X&... inputs) {
  return detail::as_given_by<F>(detail::checkpoint(
      detail::as_vector_function(f), {first.materialize(), Tensor(inputs)...}, first.site()));
}
/// The same of a function of a vector that takes nothing but what it captures.
template <class F>
auto checkpoint(F f, Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::as_given_by<F>(detail::checkpoint(detail::as_vector_function(f), {}, site));
}

}  // namespace xgrad
