// diagonal.hpp: diagonals and triangles of matrices, and of batches of them.
//
// `offset` counts diagonals from the main one, upwards. Any dtype.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// The diagonals of the matrices along two axes, as a new last axis. @throws ShapeError if the dims
/// are the same. @grad dx = dy on the diagonal, 0 elsewhere.
/// @check diagonal(x, 1, 0, 2); x [3, 2, 4]
Tensor diagonal(Operand x, int offset = 0, Dim dim1 = 0, Dim dim2 = 1);
/// The last axis as the diagonal of matrices along two new axes. @grad dx = diagonal(dy).
/// @check diag_embed(x, -1); x [2, 3]
Tensor diag_embed(Operand x, int offset = 0, Dim dim1 = -2, Dim dim2 = -1);
/// A vector as the diagonal of a matrix, the diagonal of a matrix as a vector.
/// @throws ShapeError for other numbers of axes.
/// @check diag(x, 1); x [3]; x [3, 4]
Tensor diag(Operand x, int diagonal = 0);
/// All elements in a row as the diagonal of a matrix.
/// @check diagflat(x); x [2, 2]
Tensor diagflat(Operand x, int offset = 0);
/// The elements up to a diagonal, or from it on, 0 in place of the others.
/// @throws ShapeError below two axes. @grad dx = dy likewise.
/// @check tril(x, -1); x [2, 3, 3]
Tensor tril(Operand x, int diagonal = 0);
/// @check triu(x, 1); x [3, 4]
Tensor triu(Operand x, int diagonal = 0);

}  // namespace xgrad
