// embedding.hpp: rows of a table.
#pragma once

#include <optional>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// Rows of a table: indices of any shape to (..., features), from weight (rows, features).
///
/// @param padding_idx         rows of this index get no gradient; negative ones count from the end.
/// @param scale_grad_by_freq  divides the gradient of a row by how often it was taken.
/// @throws DTypeError unless indices are int64; ValueError for one out of range.
/// @grad   dweight = dy added to the rows taken; reads indices.
/// @check embedding(tensor({{0, 2}, {2, 1}}), w); w [4, 3]
Tensor embedding(const Tensor& indices, Operand weight,
                 std::optional<std::int64_t> padding_idx = {}, Flag scale_grad_by_freq = false);

}  // namespace xgrad
