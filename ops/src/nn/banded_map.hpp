// banded_map.hpp: linear maps along axes whose rows have few entries: pooling by averages and
// interpolation are one for each spatial axis.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/scratch_vector.hpp>

namespace xgrad::detail {

/// y[i] = sum over t of weight[i][t] x[at[i][t]], `taps` of them for each i; -1 stands for none.
struct Taps {
  std::int64_t from = 0;  // x's size along the axis
  std::int64_t taps = 0;
  ScratchVector<std::int64_t> at;
  ScratchVector<double> weight;

  Taps(std::int64_t size, std::int64_t most) : from(size), taps(most) {}
  std::int64_t size() const { return taps == 0 ? 0 : std::int64_t(at.size()) / taps; }
  /// The next row: `count` positions from start on, one weight for all.
  void add_window(std::int64_t start, std::int64_t count, double each);
};

/// At most so many axes from one on.
inline constexpr int most_resampled = 3;

/// x with sizes[i] elements along each axis `axis` + i, by taps_of(i), which are made once there is
/// memory for the result.
/// @grad dx = the transposed map of dy, of any order.
Tensor resample(const char* op, const Operand& x, int axis, const std::vector<std::int64_t>& sizes,
                const std::function<Taps(int)>& taps_of);

}  // namespace xgrad::detail
