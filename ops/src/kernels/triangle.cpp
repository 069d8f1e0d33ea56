#include "kernels/triangle.hpp"

#include <algorithm>
#include <numeric>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/saturated.hpp>

namespace xgrad::detail {
namespace {

// The columns [begin, end) of row r.
struct Columns {
  std::int64_t begin, end;
};
Columns columns_of(const Triangle& t, std::int64_t r) {
  const std::int64_t behind = saturated_sum(saturated_sum(r, t.diagonal), t.lower ? 1 : 0);
  const std::int64_t edge = std::clamp<std::int64_t>(behind, 0, t.columns);
  return t.lower ? Columns{0, edge} : Columns{edge, t.columns};
}

}  // namespace

void copy_triangle(DType dtype, std::int64_t batch, const Triangle& t, const void* x, void* y) {
  const std::int64_t grain = parallel_grain / std::max<std::int64_t>(1, t.columns);
  dispatch(dtype, [&]<class T>() {
    parallel_ranges(batch * t.rows, std::max<std::int64_t>(1, grain),
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t r = begin; r < end; ++r) {
                        const T* const from = static_cast<const T*>(x) + r * t.columns;
                        T* const to = static_cast<T*>(y) + r * t.columns;
                        const Columns kept = columns_of(t, r % t.rows);
                        std::fill(to, to + kept.begin, T(0));
                        std::copy(from + kept.begin, from + kept.end, to + kept.begin);
                        std::fill(to + kept.end, to + t.columns, T(0));
                      }
                    });
  });
}

void triangle_places(const Triangle& t, std::int64_t count, std::int64_t* rows,
                     std::int64_t* columns) {
  if (count == 0) return;  // the diagonal may be anywhere
  const std::int64_t* const end = rows + count;
  for (std::int64_t r = t.lower ? std::max<std::int64_t>(0, -t.diagonal) : 0; rows < end; ++r) {
    const Columns c = columns_of(t, r);
    rows = std::fill_n(rows, c.end - c.begin, r);
    std::iota(columns, columns + (c.end - c.begin), c.begin);
    columns += c.end - c.begin;
  }
}

}  // namespace xgrad::detail
