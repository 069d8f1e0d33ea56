// position.hpp: position embeddings, which tell attention the order of a sequence.
#pragma once

#include <cstdint>
#include <optional>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Sinusoidal position embedding, with wavelengths from 2 pi to 2 pi base (Vaswani et al., NIPS
/// 2017):
///
///     y[..., 2 i]     = sin(position / base^(2 i / dim))
///     y[..., 2 i + 1] = cos(position / base^(2 i / dim))
///
/// @param positions  any shape (...); float32, float64 or int64.
/// @param dim        the size of an embedding; even.
/// @param dtype      of the result; by default that of floating-point positions, and the default
///                   dtype for int64 positions. Angles of int64 positions are computed in float64.
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
  Tensor positions = {};  ///< broadcasts to (..., L); 0 to L - 1 if undefined
  double base = 10000;
  bool interleaved = true;  ///< rotates pairs (2 i, 2 i + 1); else (i, i + E / 2), as in GPT-NeoX
};

/// Rotary position embedding: rotates each pair of elements by an angle proportional to the
/// position (Su et al., RoFormer, 2021). The angle of pair i at position p is
/// t = p / base^(2 i / E):
///
///     y[2 i]     = x[2 i] cos t - x[2 i + 1] sin t
///     y[2 i + 1] = x[2 i] sin t + x[2 i + 1] cos t
///
/// The dot product of a rotated query and a rotated key depends on their positions only by the
/// distance. Rotate queries and keys, not values, after splitting them into heads.
///
/// @param x  (..., L, E): L positions, E even; float32 or float64.
/// @return   same shape and dtype; the norm of each pair is preserved.
/// @throws ShapeError  if x has fewer than 2 dims, E is odd, or positions do not broadcast;
///                     ValueError unless base is positive; DTypeError for integers.
/// @grad   made of ops: dx is dy rotated back. Positions get no gradient.
///
///     Tensor y = scaled_dot_product_attention(rotary_embedding(q), rotary_embedding(k), v);
///
/// @check rotary_embedding(x); x [2, 3, 4]
/// @check rotary_embedding(x, {.base = 10, .interleaved = false}); x [3, 6]
Tensor rotary_embedding(Operand x, const RotaryOptions& options = {});

}  // namespace xgrad
