// embedding.hpp: lookup of rows in a table.
#pragma once

#include <optional>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Returns the rows of weight (rows, features) at indices. indices has any shape (...); the result
/// is (..., features).
///
/// @param padding_idx         the row that gets no gradient; a negative one counts from the end.
/// @param scale_grad_by_freq  divides the gradient of a row by how often indices contains it.
/// @throws DTypeError if indices is not int64; ValueError for an index out of range.
/// @grad   dweight = dy, added at the rows that were read; saves indices.
/// @check embedding(tensor({{0, 2}, {2, 1}}), w); w [4, 3]
Tensor embedding(const Tensor& indices, Operand weight,
                 std::optional<std::int64_t> padding_idx = {}, Flag scale_grad_by_freq = false);

}  // namespace xgrad
