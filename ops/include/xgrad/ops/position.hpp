// position.hpp: positions in a sequence, for attention, which does not see them by itself.
#pragma once

#include <cstdint>
#include <optional>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Sines and cosines of positions, at wavelengths from 2 pi to 2 pi base (Vaswani et al., NIPS
/// 2017):
///
///     y[..., 2 i]     = sin(position / base^(2 i / dim))
///     y[..., 2 i + 1] = cos(position / base^(2 i / dim))
///
/// @param positions  any shape (...); float32, float64 or int64.
/// @param dim        how many numbers describe a position; even.
/// @param dtype      of the result; if not given, that of floating positions, and float32 for
///                   integers, whose angles are computed in float64.
/// @return  (..., dim).
/// @throws ValueError  unless dim is even and positive, and base positive; DTypeError for bool
///                     positions, or an integer dtype.
/// @grad   made of ops.
///
///     Tensor x = embedding(words) + sinusoidal_embedding(arange(length), 512);
///
/// @check sinusoidal_embedding(x, 4); x [2, 3] in (0.5, 2)
/// @check sinusoidal_embedding(x, 2, 100); x []
Tensor sinusoidal_embedding(Operand positions, std::int64_t dim, double base = 10000,
                            std::optional<DType> dtype = {});

struct RotaryOptions {
  Tensor positions = {};  ///< (..., L), broadcasts to x's axes before E; 0 to L - 1 if undefined
  double base = 10000;
  bool interleaved = true;  ///< pairs are (2 i, 2 i + 1); else (i, i + E / 2), as in GPT-NeoX
};

/// Rotates each pair of elements by an angle that grows with the position (Su et al., RoFormer,
/// 2021). For pair i at position p, with angle t = p / base^(2 i / E):
///
///     y[2 i]     = x[2 i] cos t - x[2 i + 1] sin t
///     y[2 i + 1] = x[2 i] sin t + x[2 i + 1] cos t
///
/// The product of a query and a key that are both rotated depends on their distance only. Rotate
/// queries and keys, not values, after they are divided into heads.
///
/// @param x  (..., L, E): L positions, E even; float32 or float64.
/// @return   same shape and dtype; lengths of pairs stay.
/// @throws ShapeError  if x has fewer than two axes, E is odd, or positions do not fit;
///                     ValueError unless base is positive; DTypeError for integers.
/// @grad   made of ops: dx is dy rotated back. Positions get none.
///
///     Tensor y = scaled_dot_product_attention(rotary_embedding(q), rotary_embedding(k), v);
///
/// @check rotary_embedding(x); x [2, 3, 4]
/// @check rotary_embedding(x, {.base = 10, .interleaved = false}); x [3, 6]
Tensor rotary_embedding(Operand x, const RotaryOptions& options = {});

}  // namespace xgrad
