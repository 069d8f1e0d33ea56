#include "kernels/groups.hpp"

#include <algorithm>
#include <type_traits>

#include <xgrad/graph/wrapping.hpp>

namespace xgrad::detail {

void extremes_of_groups(DType dtype, Extreme which, std::int64_t n, const void* x,
                        const std::int64_t* group, std::int64_t groups, std::int64_t* best) {
  std::fill_n(best, groups, std::int64_t{-1});
  dispatch(dtype, [&]<class T>() {
    const T* const from = static_cast<const T*>(x);
    for (std::int64_t k = 0; k < n; ++k) {
      if (group[k] < 0) continue;
      std::int64_t& now = best[group[k]];
      const auto better = [&] {
        return which == Extreme::largest ? from[k] > from[now] : from[k] < from[now];
      };
      if (now < 0 || better() || from[k] != from[k]) now = k;
    }
  });
}

void products_of_groups(DType dtype, std::int64_t n, const void* x, const std::int64_t* group,
                        void* y) {
  dispatch(dtype, [&]<class T>() {
    if constexpr (!std::is_same_v<T, bool>)
      for (std::int64_t k = 0; k < n; ++k) {
        if (group[k] < 0) continue;
        T& product = static_cast<T*>(y)[group[k]];
        product = wrapping_mul(product, static_cast<const T*>(x)[k]);
      }
  });
}

std::int64_t order_by_group(std::int64_t n, const std::int64_t* group, std::int64_t groups,
                            std::int64_t* order, bool* begins, std::int64_t* last) {
  std::int64_t found = 0;
  for (std::int64_t k = 0; k < n; ++k)
    if (group[k] >= 0) order[found++] = k;
  std::stable_sort(order, order + found,
                   [group](std::int64_t i, std::int64_t j) { return group[i] < group[j]; });
  std::fill_n(last, groups, std::int64_t{-1});
  for (std::int64_t k = 0; k < found; ++k) {
    begins[k] = k == 0 || group[order[k]] != group[order[k - 1]];
    last[group[order[k]]] = k;
  }
  return found;
}

}  // namespace xgrad::detail
