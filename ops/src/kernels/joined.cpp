#include "kernels/joined.hpp"

#include <algorithm>
#include <cstring>

#include <xgrad/graph/parallel.hpp>

namespace xgrad::detail {
namespace {

constexpr std::int64_t grain_bytes = parallel_grain * 4;

// Long parts are divided among threads, too.
void copy(char* to, const char* from, std::int64_t bytes) {
  parallel_ranges(bytes, grain_bytes, [=](std::int64_t begin, std::int64_t end) {
    std::memcpy(to + begin, from + begin, static_cast<std::size_t>(end - begin));
  });
}

}  // namespace

void join_parts(std::span<const RowPart> parts, std::int64_t rows, void* y) {
  std::int64_t row_bytes = 0;
  for (const RowPart& p : parts) row_bytes += p.bytes;
  if (row_bytes == 0) return;
  const auto join_row = [&](std::int64_t row) {
    char* to = static_cast<char*>(y) + row * row_bytes;
    for (const RowPart& p : parts) {
      copy(to, static_cast<const char*>(p.from) + row * p.step, p.bytes);
      to += p.bytes;
    }
  };
  if (rows == 1) return join_row(0);
  parallel_ranges(rows, std::max<std::int64_t>(1, grain_bytes / row_bytes),
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t row = begin; row < end; ++row) join_row(row);
                  });
}

}  // namespace xgrad::detail
