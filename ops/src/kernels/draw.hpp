// draw.hpp: random numbers that take an unknown number of draws each.
#pragma once

#include <cstdint>
#include <optional>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// The caller's stream of random numbers. The kernels here draw from it in one thread.
struct RandomStream {
  void* state;
  double (*uniform)(void* state);                            // in [0, 1)
  std::uint64_t (*below)(void* state, std::uint64_t bound);  // an integer in [0, bound)
};

/// y = Poisson numbers with these means, which are finite and not negative. Floating dtypes.
void draw_poisson(DType dtype, std::int64_t count, const void* means, RandomStream random, void* y);

/// The integers in [0, n) in random order (Fisher and Yates).
void draw_permutation(std::int64_t n, RandomStream random, std::int64_t* y);

/// `rows` rows of `size` weights, finite and none negative.
struct WeightRows {
  std::int64_t rows, size;
};
/// How many weights of the first row with fewer than `least` above 0 are above 0.
std::optional<std::int64_t> too_few_weights(DType dtype, const WeightRows& size,
                                            const void* weights, std::int64_t least);
/// y (rows, draws) = positions in each row, drawn in proportion to the weights. With replacement at
/// least one of a row is above 0, without it as many as there are draws.
void draw_positions(DType dtype, const WeightRows& size, std::int64_t draws, bool replacement,
                    const void* weights, RandomStream random, std::int64_t* y);

}  // namespace xgrad::detail
