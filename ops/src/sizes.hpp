// sizes.hpp: sizes that a caller's numbers give, counted so that too much is refused as too much.
#pragma once

#include <cstdint>
#include <limits>

#include <xgrad/graph/saturated.hpp>
#include <xgrad/graph/storage.hpp>

namespace xgrad::detail {

/// The number of elements of sizes that are not negative. The largest int64 if a product of them,
/// empty axes left out, is beyond: such a shape cannot be strided over.
inline std::int64_t saturated_numel(const Shape& shape) {
  std::int64_t count = 1;
  bool is_empty = false;
  for (const std::int64_t size : shape) {
    is_empty = is_empty || size == 0;
    count = saturated_product(count, size == 0 ? 1 : size);
  }
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  return is_empty && count != most ? 0 : count;
}

/// Throws if there is no memory for such a value: before work is done for it, and before other
/// memory in proportion to it is asked for.
inline void require_memory(const Shape& shape, DType dtype) {
  static_cast<void>(Value::empty(shape, dtype));
}

}  // namespace xgrad::detail
