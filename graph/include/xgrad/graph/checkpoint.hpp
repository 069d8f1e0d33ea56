// checkpoint.hpp: trades time for memory: recomputes a part of a model during the sweep.
#pragma once

#include <type_traits>

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/vector_function.hpp>

namespace xgrad {

namespace detail {
std::vector<Tensor> checkpoint(VectorFunction f, std::vector<Tensor> inputs, Site site);

/// The results as f returns them: a tensor or a vector of tensors.
template <class F>
auto as_given_by(std::vector<Tensor> results) {
  if constexpr (gives_several<F>)
    return results;
  else
    return results.at(0);
}
}  // namespace detail

/// Computes f(inputs...) without saving intermediate values (Chen et al., 2016).
///
/// The graph keeps only the inputs. The sweep calls f again and continues through the ops that this
/// call records. The gradients have the same bits as without a checkpoint: the thread's default
/// generator is restored for the second call, so dropout drops the same elements. f itself must
/// restore other generators.
///
/// f takes one to six tensors, or a vector of tensors, and returns a tensor or a vector. It must
/// return the same results at every call. Tensors that f captures, such as weights, get gradients
/// too; they must be alive and unchanged when the sweep runs.
/// @throws GraphError  in the sweep, if an input or a captured tensor was changed in place, or if
///                     the results of the second call differ in number, shape, dtype or in whether
///                     they require a gradient.
/// @grad   the gradient of f, of any order.
template <class F, class... X>
requires(std::is_convertible_v<const X&, Tensor>&&...) auto checkpoint(F f, Operand first,
                                                                       const X&... inputs) {
  return detail::as_given_by<F>(detail::checkpoint(
      detail::as_vector_function(f), {first.materialize(), Tensor(inputs)...}, first.site()));
}
/// Checkpoints a function of a vector that only uses tensors it captures. It is called with an
/// empty vector.
template <class F>
auto checkpoint(F f, Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::as_given_by<F>(detail::checkpoint(detail::as_vector_function(f), {}, site));
}

}  // namespace xgrad
