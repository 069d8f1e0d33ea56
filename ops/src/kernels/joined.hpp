// joined.hpp: rows that consist of parts of other rows.
#pragma once

#include <cstdint>
#include <span>

namespace xgrad::detail {

/// Bytes of each row of some memory: `bytes` of them from `from` on, and from there every `step`.
struct RowPart {
  const void* from = nullptr;
  std::int64_t step = 0;
  std::int64_t bytes = 0;
};
/// y (rows, sum of bytes) = the parts of each row side by side. y overlaps none of them.
void join_parts(std::span<const RowPart> parts, std::int64_t rows, void* y);

}  // namespace xgrad::detail
