// distance.hpp: how long vectors are, and how far apart.
//
// float32 or float64, shapes broadcast. @grad made of ops; 0 where a distance is 0.
#pragma once

#include <string_view>

#include <xgrad/ops/linalg.hpp>

namespace xgrad {

/// linalg::vector_norm of all elements, or over dims.
/// @check norm(x); x [2, 3]
/// @check norm(x, "nuc"); x [3, 2]
Tensor norm(Operand x, double p = 2, const Dims& dim = {}, Flag keepdim = false);
/// "fro", which is 2, over one or two dims or all elements; "nuc", the sum of a matrix's singular
/// values.
/// @throws ValueError for another word, or other dims.
Tensor norm(Operand x, std::string_view p, const Dims& dim = {}, Flag keepdim = false);
/// The norm of all differences: 0-d.
/// @check dist(a, b, 3); a [2, 3], b [3]
Tensor dist(Operand a, Operand b, double p = 2);
/// Norms of differences over the last axis, eps added to each difference.
/// @check pairwise_distance(a, b); a [2, 3], b [2, 3]
Tensor pairwise_distance(Operand a, Operand b, double p = 2, double eps = 1e-6,
                         Flag keepdim = false);
/// Of each row of a (..., m, k) from each of b (..., n, k): (..., m, n).
/// @throws ShapeError for other shapes; ValueError if p is negative.
/// @check cdist(a, b); a [3, 2], b [4, 2]
Tensor cdist(Operand a, Operand b, double p = 2);
/// a . b / (|a| |b|) over an axis, the lengths held at eps.
/// @check cosine_similarity(a, b); a [3, 4], b [3, 4]
Tensor cosine_similarity(Operand a, Operand b, Dim dim = 1, double eps = 1e-8);

struct NormalizeOptions {
  double p = 2;
  int dim = 1;
  double eps = 1e-12;  ///< the least that is divided by
};
/// x over its norms along an axis.
/// @check normalize(x); x [3, 4]
Tensor normalize(Operand x, const NormalizeOptions& options = {});

}  // namespace xgrad
