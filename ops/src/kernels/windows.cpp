#include "kernels/windows.hpp"

#include <algorithm>
#include <span>

#include <xgrad/graph/isa.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>

namespace xgrad::detail {
namespace {

std::span<const Span> spans_of(const WindowedAxis& axis) {
  return {axis.spans, static_cast<std::size_t>(axis.count)};
}

// Windows [first, last) along the last axis that look at as many positions and follow each other at
// equal distances: all but those at the edges.
struct Regular {
  std::int64_t first = 0, last = 0, start = 0, stride = 0, step = 1, taps = 0;
};
std::int64_t taps_of(const Span& s) { return (s.stop - s.start + s.step - 1) / s.step; }
Regular regular_windows(const WindowedAxis& axis) {
  const auto spans = spans_of(axis);
  std::int64_t most = 0;
  for (const Span& s : spans) most = std::max(most, taps_of(s));
  Regular r{.taps = most};
  while (taps_of(spans[static_cast<std::size_t>(r.first)]) < most) ++r.first;
  const auto at = [&](std::int64_t i) { return spans[static_cast<std::size_t>(i)]; };
  r.start = at(r.first).start, r.step = at(r.first).step;
  r.stride = r.first + 1 < axis.count ? at(r.first + 1).start - r.start : 1;
  r.last = r.first + 1;
  while (r.last < axis.count && taps_of(at(r.last)) == most && at(r.last).step == r.step &&
         at(r.last).start == at(r.last - 1).start + r.stride)
    ++r.last;
  return r;
}

// Of windows at equal distances: held[c] and at[c] become the element x[c * stride], at position
// here + c * stride, where it is larger, or NaN.
struct KeepLarger {
  template <class Width, class T>
  static void run(const T* x, std::int64_t here, std::int64_t stride, std::int64_t count, T* held,
                  std::int64_t* at) {
    if (stride == 2)
      keep<2>(x, here, stride, count, held, at);
    else
      keep<0>(x, here, stride, count, held, at);
  }

 private:
  template <int known, class T>
  static void keep(const T* __restrict x, std::int64_t here, std::int64_t any, std::int64_t count,
                   T* __restrict held, std::int64_t* __restrict at) {
    const std::int64_t stride = known == 0 ? any : known;
    for (std::int64_t c = 0; c < count; ++c) {
      const T now = x[c * stride];
      const bool larger = !(now <= held[c]);  // or one of them is NaN
      const bool keep = held[c] != held[c] && now == now;
      const bool take = larger && !keep;
      at[c] = take ? here + c * stride : at[c];
      held[c] = take ? now : held[c];
    }
  }
};

template <class T>
class LargestOfPlane {
 public:
  explicit LargestOfPlane(const WindowedAxis (&axes)[3])
      : axes_(axes),
        regular_(regular_windows(axes[2])),
        held_(static_cast<std::size_t>(regular_.last - regular_.first)) {}

  void operator()(const T* plane, std::int64_t* at) {
    const std::int64_t width = axes_[2].count;
    for (const Span& a : spans_of(axes_[0]))
      for (const Span& b : spans_of(axes_[1])) {
        for (std::int64_t c = 0; c < width; ++c)
          if (c < regular_.first || c >= regular_.last)
            at[c] = largest_in(plane, a, b, axes_[2].spans[c]);
        find_regular(plane, a, b, at + regular_.first);
        at += width;
      }
  }

 private:
  // Calls f(position of the first element) for the rows of the windows at these places.
  template <class F>
  void for_rows(const Span& a, const Span& b, F f) const {
    for (std::int64_t i = a.start; i < a.stop; i += a.step)
      for (std::int64_t j = b.start; j < b.stop; j += b.step)
        f((i * axes_[1].size + j) * axes_[2].size);
  }
  std::int64_t largest_in(const T* plane, const Span& a, const Span& b, const Span& c) const {
    std::int64_t best = (a.start * axes_[1].size + b.start) * axes_[2].size + c.start;
    for_rows(a, b, [&](std::int64_t row) {
      for (std::int64_t k = row + c.start; k < row + c.stop; k += c.step)
        if (plane[k] > plane[best] || plane[k] != plane[k]) best = k;
    });
    return best;
  }
  void find_regular(const T* plane, const Span& a, const Span& b, std::int64_t* at) {
    const std::int64_t count = regular_.last - regular_.first,
                       first = (a.start * axes_[1].size + b.start) * axes_[2].size + regular_.start;
    for (std::int64_t c = 0; c < count; ++c) {
      at[c] = first + c * regular_.stride;
      held_[static_cast<std::size_t>(c)] = plane[at[c]];
    }
    for_rows(a, b, [&](std::int64_t row) {
      for (std::int64_t tap = 0; tap < regular_.taps; ++tap) {
        const std::int64_t here = row + regular_.start + tap * regular_.step;
        if (here != first)
          run_best<KeepLarger, const T*, std::int64_t, std::int64_t, std::int64_t, T*,
                   std::int64_t*>(plane + here, here, regular_.stride, count, held_.data(), at);
      }
    });
  }

  const WindowedAxis (&axes_)[3];
  Regular regular_;
  ScratchVector<T> held_;
};

}  // namespace

void positions_of_largest(DType dtype, std::int64_t planes, const WindowedAxis (&axes)[3],
                          const void* x, std::int64_t* at, std::int64_t* elements) {
  const std::int64_t from = axes[0].size * axes[1].size * axes[2].size,
                     to = axes[0].count * axes[1].count * axes[2].count;
  const std::int64_t grain = std::max<std::int64_t>(1, 8192 / std::max<std::int64_t>(1, from));
  dispatch_floating(dtype, [&]<class T>() {
    parallel_ranges(planes, grain, [&](std::int64_t begin, std::int64_t end) {
      LargestOfPlane<T> find(axes);
      for (std::int64_t p = begin; p < end; ++p) {
        find(static_cast<const T*>(x) + p * from, at + p * to);
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
