// diagonal.hpp: diagonals and triangles of matrices and batches of matrices.
//
// offset 0 is the main diagonal, a positive offset a diagonal above it. Any dtype.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// The diagonal of the matrices in dim1 and dim2, as a new last dim. Copies. @throws ShapeError if
/// dim1 and dim2 are the same dim. @grad dx = dy on the diagonal, 0 elsewhere.
/// @check diagonal(x, 1, 0, 2); x [3, 2, 4]
Tensor diagonal(Operand x, int offset = 0, Dim dim1 = 0, Dim dim2 = 1);
/// Matrices with the last dim of x on their diagonal and 0 elsewhere; dim1 and dim2 are the dims of
/// the matrices in the result. @grad dx = diagonal(dy).
/// @check diag_embed(x, -1); x [2, 3]
Tensor diag_embed(Operand x, int offset = 0, Dim dim1 = -2, Dim dim2 = -1);
/// If x is 1-d, the matrix with diagonal x; if x is 2-d, the diagonal of x.
/// @throws ShapeError if x is neither.
/// @check diag(x, 1); x [3]; x [3, 4]
Tensor diag(Operand x, int diagonal = 0);
/// The matrix whose diagonal has the elements of x, flattened.
/// @check diagflat(x); x [2, 2]
Tensor diagflat(Operand x, int offset = 0);
/// tril keeps the elements on and below a diagonal, triu those on and above it; the others are 0.
/// @throws ShapeError if x has fewer than 2 dims. @grad dx = tril(dy) or triu(dy).
/// @check tril(x, -1); x [2, 3, 3]
Tensor tril(Operand x, int diagonal = 0);
/// @check triu(x, 1); x [3, 4]
Tensor triu(Operand x, int diagonal = 0);

}  // namespace xgrad
