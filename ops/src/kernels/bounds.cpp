#include "kernels/bounds.hpp"

#include <algorithm>
#include <atomic>

#include <xgrad/graph/parallel.hpp>

namespace xgrad::detail {
namespace {

// Whether `f(begin, end)` holds for a piece of [0, count).
template <class F>
bool any_range(std::int64_t count, F f) {
  std::atomic<bool> found{false};
  parallel_ranges(count, parallel_grain, [&](std::int64_t begin, std::int64_t end) {
    if (f(begin, end)) found.store(true, std::memory_order_relaxed);
  });
  return found.load(std::memory_order_relaxed);
}

template <class E, class T>
std::optional<T> first_outside_of(const E* x, std::int64_t count, T lowest, T highest) {
  const auto outside = [=](E e) {
    return !(static_cast<T>(e) >= lowest && static_cast<T>(e) <= highest);
  };
  const bool any = any_range(count, [=](std::int64_t begin, std::int64_t end) {
    bool found = false;  // no early exit: a loop without branches is faster where all is well
    for (std::int64_t k = begin; k < end; ++k) found |= outside(x[k]);
    return found;
  });
  if (!any) return std::nullopt;
  return static_cast<T>(*std::find_if(x, x + count, outside));
}

}  // namespace

template <class T>
std::optional<T> first_outside(DType dtype, std::int64_t count, const void* x, T lowest,
                               T highest) {
  return dispatch(dtype, [&]<class E>() -> std::optional<T> {
    if constexpr (std::is_floating_point_v<E> == std::is_floating_point_v<T>)
      return first_outside_of(static_cast<const E*>(x), count, lowest, highest);
    __builtin_unreachable();
  });
}
template std::optional<double> first_outside(DType, std::int64_t, const void*, double, double);
template std::optional<std::int64_t> first_outside(DType, std::int64_t, const void*, std::int64_t,
                                                   std::int64_t);

bool has_zero(DType dtype, std::int64_t count, const void* x) {
  return dispatch(dtype, [&]<class T>() {
    const T* const from = static_cast<const T*>(x);
    return any_range(count, [=](std::int64_t begin, std::int64_t end) {
      return std::find(from + begin, from + end, T(0)) != from + end;
    });
  });
}

std::int64_t largest_integer(DType dtype, std::int64_t count, const void* x) {
  return dispatch(dtype, [&]<class T>() -> std::int64_t {
    const T* const from = static_cast<const T*>(x);
    std::int64_t largest = 0;
    if constexpr (std::is_integral_v<T>)
      for (std::int64_t k = 0; k < count; ++k)
        largest = std::max(largest, static_cast<std::int64_t>(from[k]));
    return largest;
  });
}

}  // namespace xgrad::detail
