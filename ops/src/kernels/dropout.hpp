// dropout.hpp: elements left out at random.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// Element i is left out where its 32 bits lie below p 2^32: word i % 4 of the Philox stream `seed`
/// at `counter` + i / 4. p is in [0, 1].
struct DropoutChoice {
  std::uint64_t seed, counter;
  double p;
};

/// y = x / (1 - p), 0 where an element is left out, whatever it is. Floating dtypes. y may be x.
void dropout(DType dtype, std::int64_t n, const DropoutChoice& choice, const void* x, void* y);

}  // namespace xgrad::detail
