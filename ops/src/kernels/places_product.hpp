// places_product.hpp: products of numbers that lie at sums of places, the inner loops of direct
// convolutions.
#pragma once

#include <cstdint>

namespace xgrad::detail {

/// y[i, c] = start[i, c] + the sum over k of x[at[i] + along[k]] w[k, c], for channels c. What has
/// channels is packed by pack_channels: lanes of them for each i or k.
///
/// For a convolution's results, `at` are the places of the windows and `along` those of the
/// elements within a window. For the gradient of its weights it is the other way round.
struct PlacesProduct {
  const float* x;
  const std::int64_t* at;
  std::int64_t at_count;
  const std::int64_t* along;
  std::int64_t along_count;
  const float* w;
  std::int64_t w_count;  // of k in memory, from lane to lane of channels
  const float* start;    // y itself, or
  bool same_start;       // channels alone, for all i
  float* y;
  std::int64_t channels;
};
void places_product(const PlacesProduct& p);

/// Lanes of channels: [lane of c][i][c within it] = x[c][i], zero behind the last channel.
void pack_channels(const float* x, std::int64_t channels, std::int64_t count, float* packed);
/// The reverse, to channels that lie `next` floats apart.
void unpack_channels(const float* packed, std::int64_t channels, std::int64_t count, float* x,
                     std::int64_t next);
/// The floats in a lane.
std::int64_t floats_of_lane();
/// The floats that pack_channels writes, at most.
std::int64_t packed_numel(std::int64_t channels, std::int64_t count);

}  // namespace xgrad::detail
