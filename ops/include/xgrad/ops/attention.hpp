// attention.hpp: scaled dot-product attention.
#pragma once

#include <optional>

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/random.hpp>

namespace xgrad {

struct AttentionOptions {
  /// Broadcasts to (..., L, S). A bool mask is true where a query attends to a key; a float mask is
  /// added to the scores.
  Tensor attn_mask = {};
  double dropout_p = 0;              ///< probability that an attention weight is dropped
  bool is_causal = false;            ///< query i attends to keys 0 to i; excludes attn_mask
  std::optional<double> scale = {};  ///< factor of the scores; by default 1 / sqrt(E)
  Generator* generator = nullptr;    ///< random numbers for the dropout
};

struct Attention {
  Tensor output;   ///< (..., L, Ev)
  Tensor weights;  ///< (..., L, S); before dropout, each row sums to 1
};

/// softmax(query key^T scale + mask) value, for query (..., L, E), key (..., S, E) and value
/// (..., S, Ev) (Vaswani et al., NIPS 2017). The result is (..., L, Ev). A query that attends to no
/// key gives NaN, as in PyTorch.
/// @throws ShapeError, DTypeError if shapes or dtypes do not match; ValueError if both attn_mask
/// and is_causal are set.
/// @grad made of ops.
/// @check scaled_dot_product_attention(q, k, v, {.is_causal = true}); q [2, 3, 4], k [2, 3, 4], v
/// [2, 3, 2]
Tensor scaled_dot_product_attention(Operand query, Operand key, Operand value,
                                    const AttentionOptions& options = {});
/// Also returns the attention weights.
/// @check scaled_dot_product_attention_with_weights(q, k, v).weights; q [3, 4], k [2, 4], v [2, 2]
Attention scaled_dot_product_attention_with_weights(Operand query, Operand key, Operand value,
                                                    const AttentionOptions& options = {});

}  // namespace xgrad
