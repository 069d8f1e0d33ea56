// embedding_bag.hpp: rows of a table, reduced bag by bag.
#pragma once

#include <optional>
#include <string_view>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

struct EmbeddingBagOptions {
  Tensor offsets = {};  ///< int64 (bags): where each bag begins, for indices in one axis
  bool scale_grad_by_freq = false;
  std::string_view mode = "mean";                ///< "sum", "mean" or "max"
  Tensor per_sample_weights = {};                ///< shaped as the indices: factors, for "sum"
  bool include_last_offset = false;              ///< the last offset is where the last bag ends
  std::optional<std::int64_t> padding_idx = {};  ///< indices that count for nothing
};
/// The sum, mean or largest elements of the rows that each bag of indices names: (bags, features)
/// from weight (rows, features). Indices (bags, n) are a bag in each row; indices (n) need offsets.
/// An empty bag gives zeros.
///
/// @throws DTypeError unless indices and offsets are int64; ShapeError for other shapes; ValueError
/// for an index out of range, another mode, offsets that do not start at 0 or that decrease.
/// @grad made of ops; flows to weight and per_sample_weights.
/// @check embedding_bag(tensor({{0, 2}, {2, 1}}), w); w [4, 3]
/// @check embedding_bag(tensor({0, 2, 3}), w, {.offsets = tensor({0, 2}), .mode = "sum",
/// .per_sample_weights = s}); w [4, 3], s [3]
/// @check embedding_bag(tensor({0, 2, 3}), w, {.offsets = tensor({0, 1}), .mode = "max"}); w [4, 3]
Tensor embedding_bag(const Tensor& indices, Operand weight,
                     const EmbeddingBagOptions& options = {});

}  // namespace xgrad
