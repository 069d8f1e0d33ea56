#include "kernels/nll.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <xgrad/graph/parallel.hpp>

namespace xgrad::detail {
namespace {

template <class T>
struct Weights {
  const T* of_class;
  double operator()(std::int64_t c) const {
    return of_class != nullptr ? static_cast<double>(of_class[c]) : 1;
  }
};

// Calls f(line, its first element, target) for those that are not ignored. Without start_of, whose
// divisions take longer than the rest.
template <class F>
void for_targets(const AxisSplit& s, const std::int64_t* target, const NllRule& rule, F f) {
  for (std::int64_t o = 0, k = 0; o < s.outer; ++o)
    for (std::int64_t i = 0; i < s.inner; ++i, ++k)
      if (target[k] != rule.ignore_index) f(k, o * s.size * s.inner + i, target[k]);
}

// What the mean divides by: the weights of the targets.
template <class T>
double total_weight(const AxisSplit& lines, const std::int64_t* target, Weights<T> weight,
                    const NllRule& rule) {
  if (!rule.mean) return 1;
  double total = 0;
  for_targets(lines, target, rule,
              [&](std::int64_t, std::int64_t, std::int64_t c) { total += weight(c); });
  return total;
}

// By memset if it can, which goes past the caches for large arrays.
template <class T>
void fill(T* y, std::int64_t n, T value) {
  if (value == 0 && !std::signbit(value))
    std::memset(y, 0, static_cast<std::size_t>(n) * sizeof(T));
  else
    std::fill_n(y, n, value);
}

}  // namespace

std::optional<std::int64_t> first_bad_class(std::int64_t n, const std::int64_t* target,
                                            std::int64_t classes, std::int64_t ignore_index) {
  const auto is_bad = [=](std::int64_t t) {
    return static_cast<int>(t != ignore_index) &
           static_cast<int>(static_cast<std::uint64_t>(t) >= static_cast<std::uint64_t>(classes));
  };
  int any = 0;
  for (std::int64_t k = 0; k < n; ++k) any |= is_bad(target[k]);
  if (any == 0) return std::nullopt;
  return *std::find_if(target, target + n, is_bad);
}

void nll(DType dtype, const AxisSplit& s, const void* x, const std::int64_t* target,
         const void* weights, const NllRule& rule, void* loss) {
  dispatch_floating(dtype, [&]<class T>() {
    const Weights<T> weight{static_cast<const T*>(weights)};
    T* const to = static_cast<T*>(loss);
    if (rule.each) std::fill_n(to, s.lines(), T(0));
    double total = 0, all_weights = 0;
    for_targets(s, target, rule, [&](std::int64_t k, std::int64_t start, std::int64_t t) {
      const T* const line = static_cast<const T*>(x) + start;
      double one = -(1 - rule.smoothing) * weight(t) * static_cast<double>(line[t * s.inner]);
      if (rule.smoothing != 0)
        for (std::int64_t c = 0; c < s.size; ++c)
          one -= rule.smoothing / static_cast<double>(s.size) * weight(c) *
                 static_cast<double>(line[c * s.inner]);
      if (rule.each) to[k] = static_cast<T>(one);
      total += one;
      all_weights += weight(t);
    });
    if (!rule.each) *to = static_cast<T>(rule.mean ? total / all_weights : total);
  });
}

void nll_gradient(DType dtype, const AxisSplit& s, const std::int64_t* target, const void* weights,
                  const NllRule& rule, const void* dy, void* dx) {
  dispatch_floating(dtype, [&]<class T>() {
    const Weights<T> weight{static_cast<const T*>(weights)};
    const T upstream = dy != nullptr ? *static_cast<const T*>(dy) : T(1);
    T* const to = static_cast<T*>(dx);
    const double scale = -1 / total_weight(s, target, weight, rule);
    const double share = scale * rule.smoothing / static_cast<double>(s.size);
    const std::int64_t block = s.size * s.inner;
    const std::int64_t grain = parallel_grain / std::max<std::int64_t>(1, block);
    parallel_ranges(
        s.outer, std::max<std::int64_t>(1, grain), [&](std::int64_t begin, std::int64_t end) {
          const std::int64_t first = begin * block;
          fill(to + first, (end - begin) * block, T(0) * upstream);  // NaN of what is not finite
          const AxisSplit part{end - begin, s.size, s.inner};
          for_targets(part, target + begin * s.inner, rule,
                      [&](std::int64_t, std::int64_t start, std::int64_t t) {
                        T* const line = to + first + start;
                        const T own = static_cast<T>(scale * (1 - rule.smoothing) * weight(t));
                        if (share == 0)
                          return static_cast<void>(line[t * s.inner] = (T(0) + own) * upstream);
                        for (std::int64_t c = 0; c < s.size; ++c) {
                          const T shared = static_cast<T>(share * weight(c));
                          line[c * s.inner] = (c == t ? shared + own : shared) * upstream;
                        }
                      });
        });
  });
}

}  // namespace xgrad::detail
