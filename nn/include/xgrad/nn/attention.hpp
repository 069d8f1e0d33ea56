// attention.hpp: attention with several heads.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <xgrad/nn/layer.hpp>
#include <xgrad/nn/linear.hpp>
#include <xgrad/ops/attention.hpp>

namespace xgrad::nn {

struct MultiheadAttentionOptions {
  double dropout = 0;                                ///< share of the weights that training drops
  bool bias = true;                                  ///< of the projections
  bool add_bias_kv = false;                          ///< one more key and value, which are trained
  bool add_zero_attn = false;                        ///< one more key and value of zeros
  std::optional<std::int64_t> kdim = {}, vdim = {};  ///< features of keys, values; or embed_dim
  bool batch_first = false;                          ///< (N, L, E) instead of (L, N, E)
  DType dtype = get_default_dtype();
};

/// Optional arguments of a call.
struct MultiheadAttentionForwardOptions {
  /// (N, S), or (S) without a batch: bool, true for keys that take no part; or floats that are
  /// added to their scores.
  Tensor key_padding_mask = {};
  bool need_weights = true;  ///< whether the result has weights
  /// (L, S) for all heads, or (N num_heads, L, S): bool, true where a query must not see a key; or
  /// floats that are added to the scores.
  Tensor attn_mask = {};
  bool average_attn_weights = true;  ///< weights averaged over heads, or those of each head
  bool is_causal = false;            ///< query i sees keys up to i alone, in addition to the masks
};

/// Attention in num_heads subspaces (Vaswani et al., NIPS 2017):
///
///     head_h = softmax(q_h k_h^T / sqrt(embed_dim / num_heads) + masks) v_h
///     y      = concat(head_1, ...) W_out^T + b_out
///
/// where q_h, k_h, v_h are the h-th slices of the projections of query, key and value. For N
/// samples, L queries and S keys:
///
/// - query and output are (L, N, embed_dim), key (S, N, kdim), value (S, N, vdim); with batch_first
///   N is the first axis; without a batch there is no N.
/// - The weights are averaged over heads, (N, L, S), or those of each head, (N, num_heads, L, S);
///   without a batch there is no N. S counts added keys. Dropout has been applied to them.
///
/// A query that may see no key gives NaN, as in PyTorch.
///
/// The weights of the projections start by Xavier's uniform initialization, that of out_proj as
/// Linear's, biases as zeros, bias_k and bias_v by Xavier's normal initialization.
///
///     nn::MultiheadAttention attention(512, 8, {.batch_first = true});
///     auto [y, weights] = attention(x, x, x, {.key_padding_mask = padding});
///
/// @throws ValueError  unless num_heads divides embed_dim, sizes are positive and dropout is in
///                     [0, 1]; ShapeError, DTypeError when called with tensors that do not fit.
class MultiheadAttention : public Layer<MultiheadAttention> {
 public:
  using ForwardOptions = MultiheadAttentionForwardOptions;

  MultiheadAttention(std::int64_t embed_dim, std::int64_t num_heads,
                     MultiheadAttentionOptions options = {},
                     Site site = {__builtin_FILE(), __builtin_LINE()});

  /// The weights are undefined unless they are needed.
  Attention forward(Operand query, Operand key, Operand value,
                    const ForwardOptions& options = {}) const;
  Attention operator()(Operand query, Operand key, Operand value,
                       const ForwardOptions& options = {}) const;
  std::int64_t multiply_adds(const std::vector<Shape>& inputs,
                             const std::vector<Shape>& outputs) const override;

  Tensor in_proj_weight;  ///< (3 embed_dim, embed_dim): query's, key's, value's; or undefined and
  Tensor q_proj_weight, k_proj_weight, v_proj_weight;  ///< with a kdim or vdim of its own, these
  Tensor in_proj_bias;                                 ///< (3 embed_dim). Undefined without bias.
  Linear out_proj;
  Tensor bias_k, bias_v;  ///< (1, 1, embed_dim). Undefined unless add_bias_kv.

 private:
  Tensor projected(const Tensor& x, int which) const;
  Tensor heads_of(const Tensor& x, int which) const;
  Tensor with_added_keys(const Tensor& heads, const Tensor& bias) const;
  Tensor joined(const Tensor& heads, bool batched) const;
  std::int64_t added_keys() const;

  std::int64_t embed_dim_, num_heads_;
  MultiheadAttentionOptions options_;
};

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<MultiheadAttention>();
}  // namespace detail

}  // namespace xgrad::nn
