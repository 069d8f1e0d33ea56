// limits.hpp: what the machine can do: copy, read, multiply and add, and multiply matrices.
// Compiled for this machine alone.
#pragma once

#include <string>
#include <vector>

#include "work.hpp"

namespace bench {

/// Reads and writes so many bytes of memory that is already mapped: copies the smaller number, and
/// sums or fills the rest.
Work stream(double read, double written);
/// oneDNN's float32 product of (m, k) and (k, n), or, without oneDNN, the BLAS's.
Work gemm(std::int64_t m, std::int64_t k, std::int64_t n);

struct Limit {
  std::string name;
  double value = 0;
  std::string unit;
};
/// Bandwidths of 64 MiB and the peak of fused multiply-adds, in so many threads; the best of a few
/// rounds.
std::vector<Limit> measured_limits(int threads);

}  // namespace bench
