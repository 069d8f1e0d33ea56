// conv.hpp: the three maps that convolutions and their gradients are made of.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// Images (batch, groups in, from...), weights (groups out, in, window...), results (batch, groups
/// out, to...): `in` and `out` count channels per group. Three axes always, the first of size 1
/// where there are fewer. Plain numbers, which a local gradient can capture.
struct ConvSize {
  std::int64_t batch, groups, in, out;
  std::int64_t from[3], window[3], to[3];
  std::int64_t stride[3], padding[3], dilation[3];

  std::int64_t from_numel() const { return from[0] * from[1] * from[2]; }
  std::int64_t to_numel() const { return to[0] * to[1] * to[2]; }
  std::int64_t window_numel() const { return window[0] * window[1] * window[2]; }
  friend bool operator==(const ConvSize&, const ConvSize&) = default;
};

/// y = conv(x, w), plus bias (one for each of groups * out channels) if it is not null.
void convolve(DType dtype, const ConvSize& size, const void* x, const void* w, const void* bias,
              void* y);
/// x = the transposed convolution of y with w.
void convolve_backward_data(DType dtype, const ConvSize& size, const void* y, const void* w,
                            void* x);
/// w = the products of x's windows with y, summed.
void convolve_backward_weights(DType dtype, const ConvSize& size, const void* x, const void* y,
                               void* w);

// The backends.

enum class ConvMap { forward, backward_data, backward_weights };
/// y from a and b: (x, w) to y, (y, w) to x, (x, y) to w. Windows as columns, by products: the
/// reference, and what runs where oneDNN does not.
template <class T>
void convolve_plain(const ConvSize& size, ConvMap map, const T* a, const T* b, const T* bias, T* y);
/// A ConvPart (conv_parts.hpp) by oneDNN's primitives, kept by size.
bool convolve_onednn(const ConvSize& size, ConvMap map, std::int64_t channels, const float* a,
                     const float* b, const float* bias, float* y) noexcept;

}  // namespace xgrad::detail
