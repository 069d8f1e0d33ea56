// attention.hpp: values averaged by how well keys fit queries.
#pragma once

#include <optional>

#include <xgrad/graph/operand.hpp>
#include <xgrad/graph/random.hpp>

namespace xgrad {

struct AttentionOptions {
  /// Broadcasts to (..., L, S): bool, true where a key takes part; or a float that is added to
  /// scores.
  Tensor attn_mask = {};
  double dropout_p = 0;              ///< share of weights left out at random
  bool is_causal = false;            ///< query i sees keys up to i; not together with a mask
  std::optional<double> scale = {};  ///< factor of the scores; 1 / sqrt(E) if not given
  Generator* generator = nullptr;    ///< of the dropout
};

struct Attention {
  Tensor output;   ///< (..., L, Ev)
  Tensor weights;  ///< (..., L, S), rows of sum 1 (before dropout they are)
};

/// softmax(q k^T scale + mask) v for queries (..., L, E), keys (..., S, E), values (..., S, Ev)
/// (Vaswani et al., NIPS 2017). A query that sees no key gives NaN, as in PyTorch.
/// @throws ShapeError, DTypeError for what does not go together; ValueError for a mask and
/// is_causal.
/// @grad made of ops.
/// @check scaled_dot_product_attention(q, k, v, {.is_causal = true}); q [2, 3, 4], k [2, 3, 4], v
/// [2, 3, 2]
Tensor scaled_dot_product_attention(Operand query, Operand key, Operand value,
                                    const AttentionOptions& options = {});
/// And the weights.
/// @check scaled_dot_product_attention_with_weights(q, k, v).weights; q [3, 4], k [2, 4], v [2, 2]
Attention scaled_dot_product_attention_with_weights(Operand query, Operand key, Operand value,
                                                    const AttentionOptions& options = {});

}  // namespace xgrad
