// precision.hpp: how finely a floating dtype rounds.
#pragma once

#include <limits>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// The distance from 1 to the next number.
inline double epsilon_of(DType dtype) {
  return dispatch_floating(
      dtype, []<class T>() { return static_cast<double>(std::numeric_limits<T>::epsilon()); });
}

}  // namespace xgrad::detail
