#include "kernels/label_counts.hpp"

#include <algorithm>

namespace xgrad::detail {

std::optional<std::int64_t> label_counts(std::int64_t rows, std::int64_t classes,
                                         const std::int64_t* labels, std::int64_t* y) {
  std::fill_n(y, rows * classes, std::int64_t{0});
  for (std::int64_t r = 0; r < rows; ++r, labels += classes, y += classes)
    for (std::int64_t k = 0; k < classes && labels[k] >= 0; ++k) {
      if (labels[k] >= classes) return labels[k];
      ++y[labels[k]];
    }
  return std::nullopt;
}

}  // namespace xgrad::detail
