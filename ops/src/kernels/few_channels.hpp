// few_channels.hpp: the inner loops of direct convolutions with few channels: lanes hold places
// side by side, since channels would not fill them.
#pragma once

#include <cstdint>

namespace xgrad::detail {

inline constexpr std::int64_t few_channels = 6;

/// y[c, i] = start[c], or y[c, i] if it `adds`, + the sum over k of w[c, k] x[i + along[k]] for
/// i < count and at most few_channels c.
struct SumAlong {
  const float* x;
  std::int64_t count;  // fills a lane at least; nothing is read behind x[count - 1 + along[k]]
  const std::int64_t* along;
  std::int64_t along_count;
  const float* w;
  std::int64_t w_next;  // from w[c, k] to w[c + 1, k]
  const float* start;   // or null, for zeros
  bool adds;
  float* y;
  std::int64_t y_next;
  std::int64_t channels;
};
void sum_along(const SumAlong& s);

/// Rows of places side by side: row r of the results and what it reads begin at to[r] and from[r].
struct PlaceRows {
  const std::int64_t *to, *from;
  std::int64_t rows, length;
};
/// sums[c, k] += the sum over all places of y[c, place] x[place + along[k]], for at most
/// few_channels c, which are `plane` apart.
void sum_over_rows(const float* x, const float* y, std::int64_t plane, std::int64_t channels,
                   const PlaceRows& places, const std::int64_t* along, std::int64_t along_count,
                   double* sums);

}  // namespace xgrad::detail
