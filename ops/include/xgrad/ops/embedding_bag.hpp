// embedding_bag.hpp: lookup of rows in a table, reduced over bags of indices.
#pragma once

#include <optional>
#include <string_view>

#include <xgrad/graph/operand.hpp>

namespace xgrad {

struct EmbeddingBagOptions {
  Tensor offsets = {};  ///< int64 (bags): the start of each bag, for 1-d indices
  bool scale_grad_by_freq = false;
  std::string_view mode = "mean";                ///< "sum", "mean" or "max"
  Tensor per_sample_weights = {};                ///< shape of indices: factors of rows, for "sum"
  bool include_last_offset = false;              ///< the last offset is the end of the last bag
  std::optional<std::int64_t> padding_idx = {};  ///< the index that is ignored
};
/// Looks up rows of weight (rows, features) and reduces them over each bag of indices, to (bags,
/// features). If indices is (bags, n), each of its rows is a bag; if it is (n), offsets divides it
/// into bags. An empty bag gives zeros.
///
/// @throws DTypeError unless indices and offsets are int64; ShapeError for other shapes; ValueError
/// for an index out of range, another mode, or offsets that do not start at 0 or decrease.
/// @grad made of ops; flows to weight and per_sample_weights.
/// @check embedding_bag(tensor({{0, 2}, {2, 1}}), w); w [4, 3]
/// @check embedding_bag(tensor({0, 2, 3}), w, {.offsets = tensor({0, 2}), .mode = "sum",
/// .per_sample_weights = s}); w [4, 3], s [3]
/// @check embedding_bag(tensor({0, 2, 3}), w, {.offsets = tensor({0, 1}), .mode = "max"}); w [4, 3]
Tensor embedding_bag(const Tensor& indices, Operand weight,
                     const EmbeddingBagOptions& options = {});

}  // namespace xgrad
