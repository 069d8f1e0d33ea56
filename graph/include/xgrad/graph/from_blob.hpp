// from_blob.hpp: tensors that use the user's memory.
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/default_dtype.hpp>

namespace xgrad {

namespace detail {
using Deleter = std::function<void(void*)>;
Tensor from_blob(void* data, DType dtype, const Shape& shape, Deleter deleter,
                 const TensorOptions& options, Site site);
}  // namespace detail

/// Creates a tensor that uses the user's memory without copying it: elements of type T, dense and
/// row-major.
///
///     std::vector<float> pixels(28 * 28);
///     Tensor image = from_blob(pixels.data(), {28, 28});
///
/// Changing the tensor in place changes the memory. Changing the memory changes the tensor and the
/// tensors that share its storage, such as results of `detach` and `reshape`; the library does not
/// notice such a change, so do not make it between an op that saves the tensor and the backward
/// pass. Ops never write their results to the memory. It needs no padding, and no more alignment
/// than T does.
///
/// @param data     pointer to the first element; may be null if there are no elements. The memory
///                 must stay valid as long as the tensor, the tensors that share its storage and
///                 the graphs that have saved it.
/// @param deleter  called with `data` when the memory is no longer used, in the thread that stops
///                 using it; must be copyable and must not throw. It is not called if from_blob
///                 throws.
/// @param options  the dtype, if given, must be that of T.
/// @throws ValueError  if the pointer is null or misaligned.
/// @throws DTypeError  if the options have another dtype, because memory is not converted, or
///                     require a gradient of integers.
/// @throws ShapeError  if a size is negative or the elements take more than 2^63 - 1 bytes;
///                     MemoryError if there is none for the tensor itself.
template <Element T>
Tensor from_blob(T* data, const Shape& shape, const TensorOptions& options = {},
                 Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::from_blob(data, dtype_of<T>, shape, {}, options, site);
}
template <Element T, class Deleter>
requires std::is_invocable_v<Deleter&, void*> Tensor
from_blob(T* data, const Shape& shape, Deleter deleter, const TensorOptions& options = {},
          Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::from_blob(data, dtype_of<T>, shape, std::move(deleter), options, site);
}

/// Memory of other types has no dtype: copy it with `tensor`, or cast the pointer to void* and name
/// the dtype in the options.
template <class T, class... Rest>
requires(!Element<T> && !std::is_void_v<T>) Tensor from_blob(T*, const Shape&, Rest&&...)
= delete;

/// The same for an untyped pointer. The options give the dtype; without one it is the default
/// dtype.
inline Tensor from_blob(void* data, const Shape& shape, const TensorOptions& options = {},
                        Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::from_blob(data, options.dtype.value_or(get_default_dtype()), shape, {}, options,
                           site);
}
template <class Deleter>
requires std::is_invocable_v<Deleter&, void*> Tensor
from_blob(void* data, const Shape& shape, Deleter deleter, const TensorOptions& options = {},
          Site site = {__builtin_FILE(), __builtin_LINE()}) {
  return detail::from_blob(data, options.dtype.value_or(get_default_dtype()), shape,
                           std::move(deleter), options, site);
}

}  // namespace xgrad
