// default_dtype.hpp: the dtype of floating-point numbers where none is given.
#pragma once

#include <atomic>

#include <xgrad/graph/dtype.hpp>
#include <xgrad/graph/site.hpp>

namespace xgrad {

namespace detail {
extern std::atomic<DType> default_dtype;
}

/// Returns the dtype of floating-point numbers where none is given. It is float32 at first.
///
/// It applies to functions that create tensors (`zeros`, `rand`, `tensor` of numbers and braces,
/// ...), to layers, and to integer tensors where an op needs floating-point numbers, as in
/// `sqrt(tensor(2))`, `x / 2` and `x * 0.5`. Elements that are copied from memory, as in
/// `tensor(std::vector<double>{1})`, keep their type.
inline DType get_default_dtype() noexcept {
  return detail::default_dtype.load(std::memory_order_relaxed);
}

/// Sets the default dtype. As in PyTorch, it belongs to the process, not to the thread: set it
/// before other threads compute. Setting it while they do is not a data race, but whether an op in
/// another thread uses the old or the new dtype is not specified.
/// @throws DTypeError  unless d is float32 or float64.
void set_default_dtype(DType d, Site site = {__builtin_FILE(), __builtin_LINE()});

}  // namespace xgrad
