// batched_matrices.hpp: what linear algebra's ops share: checks, and matrices transposed.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad::detail {

/// @throws ShapeError, DTypeError unless x is a batch of float matrices; square ones, if told.
void check_matrices(const char* op, const Operand& x);
void check_square(const char* op, const Operand& x);
/// @throws ValueError for NaN and infinities, which LAPACK's iterations do not end with.
void check_finite(const char* op, const Operand& x);

std::int64_t rows_of(const Shape& shape);
std::int64_t columns_of(const Shape& shape);
/// The axes before the matrices', and how many matrices there are.
Shape batch_of(const Shape& shape);
std::int64_t batches_of(const Shape& shape);
/// The batch with other axes behind it.
Shape batch_with(const Shape& batch, std::initializer_list<std::int64_t> last);

/// The last two axes swapped.
Tensor swapped(const Tensor& x);
/// As x, the identity in each matrix: n by n, for the batch of a shape.
Tensor identities(const Shape& shape, std::int64_t n, DType dtype);

}  // namespace xgrad::detail
