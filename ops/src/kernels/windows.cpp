#include "kernels/windows.hpp"

#include <algorithm>
#include <span>

#include <xgrad/graph/parallel.hpp>

namespace xgrad::detail {
namespace {

std::span<const Span> spans_of(const WindowedAxis& axis) {
  return {axis.spans, static_cast<std::size_t>(axis.count)};
}

template <class T>
void find_largest(const T* plane, const WindowedAxis (&axes)[3], std::int64_t* at) {
  for (const Span& a : spans_of(axes[0]))
    for (const Span& b : spans_of(axes[1]))
      for (const Span& c : spans_of(axes[2])) {
        std::int64_t best = (a.start * axes[1].size + b.start) * axes[2].size + c.start;
        for (std::int64_t i = a.start; i < a.stop; i += a.step)
          for (std::int64_t j = b.start; j < b.stop; j += b.step)
            for (std::int64_t k = c.start; k < c.stop; k += c.step) {
              const std::int64_t here = (i * axes[1].size + j) * axes[2].size + k;
              if (plane[here] > plane[best] || plane[here] != plane[here]) best = here;
            }
        *at++ = best;
      }
}

}  // namespace

void positions_of_largest(DType dtype, std::int64_t planes, const WindowedAxis (&axes)[3],
                          const void* x, std::int64_t* at, std::int64_t* elements) {
  const std::int64_t from = axes[0].size * axes[1].size * axes[2].size,
                     to = axes[0].count * axes[1].count * axes[2].count;
  const std::int64_t grain = std::max<std::int64_t>(1, 8192 / std::max<std::int64_t>(1, from));
  dispatch_floating(dtype, [&]<class T>() {
    parallel_ranges(planes, grain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t p = begin; p < end; ++p) {
        find_largest(static_cast<const T*>(x) + p * from, axes, at + p * to);
        for (std::int64_t i = p * to; i < (p + 1) * to; ++i) elements[i] = p * from + at[i];
      }
    });
  });
}

void positions_among_planes(std::int64_t planes, std::int64_t each, std::int64_t size,
                            std::int64_t* at) {
  const std::int64_t grain = parallel_grain / std::max<std::int64_t>(1, each);
  parallel_ranges(planes, std::max<std::int64_t>(1, grain),
                  [=](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t p = begin; p < end; ++p)
                      for (std::int64_t k = p * each; k < (p + 1) * each; ++k) at[k] += p * size;
                  });
}

}  // namespace xgrad::detail
