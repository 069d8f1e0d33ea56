#include "kernels/positions.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/saturated.hpp>
#include <xgrad/graph/scratch_vector.hpp>

#include "kernels/odometer.hpp"

namespace xgrad::detail {
namespace {

std::int64_t product(std::span<const std::int64_t> sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), std::int64_t{1}, std::multiplies<>());
}

// Calls row(first position, first element) for each row of n elements, for which the first position
// is `offset` plus the sum of place(axis, i) over the other axes.
template <class Place, class Row>
void for_rows(std::span<const std::int64_t> sizes, std::int64_t n, std::int64_t offset, Place place,
              Row row) {
  parallel_ranges(product(sizes), std::max<std::int64_t>(1, parallel_grain / n),
                  [&](std::int64_t begin, std::int64_t end) {
                    Odometer index(sizes, begin);
                    std::array<std::int64_t, Odometer::max_axes + 1> sums;
                    sums[0] = offset;
                    std::size_t changed = 0;
                    for (std::int64_t k = begin; k < end; ++k, changed = index.next()) {
                      for (std::size_t d = changed; d < sizes.size(); ++d)
                        sums[d + 1] = place(d, sums[d], index[d]);
                      row(sums[sizes.size()], k * n);
                    }
                  });
}

// `before` plus the position at place i along an axis; negative if one of them is nowhere.
std::int64_t advance(std::int64_t before, const AxisPositions& axis, std::int64_t i) {
  if (axis.at == nullptr) return before < 0 ? -1 : before + i * axis.stride;
  return before < 0 || axis.at[i] < 0 ? -1 : before + axis.at[i] * axis.stride;
}

void put_row(const AxisPositions& axis, std::int64_t before, std::int64_t* y) {
  for (std::int64_t i = 0; i < axis.size; ++i) y[i] = advance(before, axis, i);
}

}  // namespace

void wrap_positions(std::int64_t count, std::int64_t n, const std::int64_t* x, std::int64_t* y) {
  parallel_ranges(count, parallel_grain, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) y[k] = x[k] < 0 ? x[k] + n : x[k];
  });
}

void positions_by_axes(std::span<const AxisPositions> axes, std::int64_t offset, std::int64_t* y) {
  std::array<AxisPositions, Odometer::max_axes> wide;  // the axes of more than one element
  std::array<std::int64_t, Odometer::max_axes> sizes;
  std::size_t count = 0;
  for (const AxisPositions& axis : axes) {
    if (axis.size == 0) return;
    if (axis.size == 1)
      offset = advance(offset, axis, 0);
    else
      sizes[count] = axis.size, wide[count++] = axis;
  }
  const AxisPositions inner = count == 0 ? AxisPositions{1, 0} : wide[--count];
  for_rows(
      std::span(sizes.data(), count), inner.size, offset,
      [&](std::size_t d, std::int64_t before, std::int64_t i) {
        return advance(before, wide[d], i);
      },
      [&](std::int64_t before, std::int64_t first) { put_row(inner, before, y + first); });
}

void positions_along(std::span<const std::int64_t> sizes, std::span<const std::int64_t> strides,
                     std::size_t axis, std::int64_t* at) {
  if (product(sizes) == 0) return;
  const std::size_t last = sizes.size() - 1;
  const std::int64_t n = sizes[last], scale = strides[axis],
                     step = axis == last ? 0 : strides[last];
  for_rows(
      sizes.first(last), n, 0,
      [&](std::size_t d, std::int64_t before, std::int64_t i) {
        return before + (d == axis ? 0 : i * strides[d]);
      },
      [=](std::int64_t before, std::int64_t first) {
        for (std::int64_t i = 0; i < n; ++i)
          at[first + i] = before + at[first + i] * scale + i * step;
      });
}

void unravel_positions(std::int64_t count, std::span<const std::int64_t> sizes,
                       const std::int64_t* at, std::int64_t* y) {
  const std::size_t axes = sizes.size();
  parallel_ranges(count, parallel_grain / 8, [=](std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = begin; k < end; ++k) {
      std::int64_t rest = at[k];
      std::int64_t* const index = y + k * static_cast<std::int64_t>(axes);
      for (std::size_t d = axes; d-- > 0; rest /= sizes[d]) index[d] = rest % sizes[d];
    }
  });
}

void keep_last(std::int64_t count, std::int64_t n, const std::int64_t* at, std::int64_t* y) {
  ScratchVector<std::int64_t> last(static_cast<std::size_t>(n), -1);
  for (std::int64_t k = 0; k < count; ++k)
    if (at[k] >= 0) last[static_cast<std::size_t>(at[k])] = k;
  for (std::int64_t k = 0; k < count; ++k)
    y[k] = at[k] >= 0 && last[static_cast<std::size_t>(at[k])] == k ? at[k] : -1;
}

std::int64_t count_true(std::int64_t n, const bool* mask) {
  return std::count(mask, mask + n, true);
}

void true_positions(std::int64_t n, const bool* mask, std::int64_t count, std::int64_t* y) {
  std::int64_t found = 0;
  for (std::int64_t k = 0; k < n && found < count; ++k) {
    y[found] = k;  // stays if the mask holds there
    found += mask[k];
  }
}

std::int64_t saturated_total(std::int64_t count, const std::int64_t* x) {
  return std::accumulate(x, x + count, std::int64_t{0}, saturated_sum);
}

void repeat_positions(std::int64_t n, const std::int64_t* repeats, std::int64_t stride,
                      std::int64_t* y) {
  for (std::int64_t i = 0; i < n; ++i) y = std::fill_n(y, repeats[i * stride], i);
}

void one_hot(std::int64_t count, std::int64_t classes, const std::int64_t* at, std::int64_t* y) {
  parallel_ranges(count,
                  std::max<std::int64_t>(1, parallel_grain / std::max<std::int64_t>(1, classes)),
                  [=](std::int64_t begin, std::int64_t end) {
                    std::fill_n(y + begin * classes, (end - begin) * classes, 0);
                    for (std::int64_t k = begin; k < end; ++k) y[k * classes + at[k]] = 1;
                  });
}

}  // namespace xgrad::detail
