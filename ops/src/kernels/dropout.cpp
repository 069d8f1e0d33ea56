#include "kernels/dropout.hpp"

#include <algorithm>
#include <cmath>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/philox.hpp>

namespace xgrad::detail {

void dropout(DType dtype, std::int64_t n, const DropoutChoice& choice, const void* x, void* y) {
  const auto bound = static_cast<std::uint64_t>(std::ldexp(choice.p, 32));
  dispatch_floating(dtype, [&]<class T>() {
    const T* const from = static_cast<const T*>(x);
    T* const to = static_cast<T*>(y);
    const T scale = choice.p == 1 ? T(0) : static_cast<T>(1 / (1 - choice.p));
    parallel_ranges(n, 4096, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; i += 4) {
        std::uint32_t word[4];
        philox(choice.seed, choice.counter + static_cast<std::uint64_t>(i / 4), word);
        for (std::int64_t k = 0; k < std::min<std::int64_t>(4, end - i); ++k)
          to[i + k] = word[k] < bound ? T(0) : from[i + k] * scale;
      }
    });
  });
}

}  // namespace xgrad::detail
