// random_numbers.hpp: arrays of random numbers from the Philox stream of a seed, on lanes.
#pragma once

#include <cstdint>

namespace xgrad::detail {

/// Where an array of random numbers begins in a stream.
struct StreamPosition {
  std::uint64_t seed, counter;
};

// An array takes the words of the stream in order, whichever thread computes what, and its bits are
// the same for every instruction set.

/// Numbers in [0, 1): a float is 24 bits of a word, a double 53 bits of two. Four floats or two
/// doubles for each position of the stream.
void uniform_numbers(StreamPosition from, std::int64_t count, float* to);
void uniform_numbers(StreamPosition from, std::int64_t count, double* to);

/// Normal numbers, by Box and Muller's formula in double, within 2.5 ULP of it: two for each
/// position of the stream. Floats are those doubles, rounded.
void normal_numbers(StreamPosition from, std::int64_t count, float* to);
void normal_numbers(StreamPosition from, std::int64_t count, double* to);

}  // namespace xgrad::detail
