// distance.hpp: norms and distances.
//
// float32 or float64; shapes broadcast. @grad made of ops; 0 where a distance is 0.
#pragma once

#include <string_view>

#include <xgrad/ops/linalg.hpp>

namespace xgrad {

/// linalg::vector_norm over dim, or over all elements if dim is empty.
/// @check norm(x); x [2, 3]
/// @check norm(x, "nuc"); x [3, 2]
Tensor norm(Operand x, double p = 2, const Dims& dim = {}, Flag keepdim = false);
/// p is "fro" for the Frobenius norm over at most 2 dims (none: over all elements), or "nuc" for
/// the nuclear norm of matrices, the sum of their singular values.
/// @throws ValueError for another p, or another number of dims.
Tensor norm(Operand x, std::string_view p, const Dims& dim = {}, Flag keepdim = false);
/// The p-norm of a - b over all elements. The result is 0-d.
/// @check dist(a, b, 3); a [2, 3], b [3]
Tensor dist(Operand a, Operand b, double p = 2);
/// The p-norm of a - b + eps over the last dim.
/// @check pairwise_distance(a, b); a [2, 3], b [2, 3]
Tensor pairwise_distance(Operand a, Operand b, double p = 2, double eps = 1e-6,
                         Flag keepdim = false);
/// The p-norm distances between all rows of a (..., m, k) and all rows of b (..., n, k). The result
/// is (..., m, n). @throws ShapeError for other shapes; ValueError if p is negative.
/// @check cdist(a, b); a [3, 2], b [4, 2]
Tensor cdist(Operand a, Operand b, double p = 2);
/// a . b / (|a| |b|) along dim; each norm is at least eps.
/// @check cosine_similarity(a, b); a [3, 4], b [3, 4]
Tensor cosine_similarity(Operand a, Operand b, Dim dim = 1, double eps = 1e-8);

struct NormalizeOptions {
  double p = 2;
  int dim = 1;
  double eps = 1e-12;  ///< lower bound of the norm that x is divided by
};
/// x divided by its p-norm along dim.
/// @check normalize(x); x [3, 4]
Tensor normalize(Operand x, const NormalizeOptions& options = {});

}  // namespace xgrad
