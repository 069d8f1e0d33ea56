#include <xgrad/ops/attention.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/diagonal.hpp>
#include <xgrad/ops/dropout.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/softmax.hpp>

namespace xgrad {
namespace {

void check(const Operand& q, const Operand& k, const Operand& v, const AttentionOptions& o) {
  const Shape &a = q.shape(), &b = k.shape(), &c = v.shape();
  if (a.dim() < 2 || b.dim() < 2 || c.dim() < 2 || a.back() != b.back() ||
      b[b.dim() - 2] != c[c.dim() - 2])
    throw ShapeError(
        fmt::format("scaled_dot_product_attention: query is {}, key {} and value {}; they must be "
                    "(..., L, E), (..., S, E) and (..., S, Ev)",
                    describe(q), describe(k), describe(v)));
  if (o.is_causal && o.attn_mask.defined())
    throw ValueError(
        "scaled_dot_product_attention: attn_mask and is_causal are both set; pass either of them, "
        "not both");
}

Tensor masked(const Tensor& scores, const AttentionOptions& o) {
  if (o.is_causal)
    return where(tril(ones({scores.size(-2), scores.size(-1)}, {.dtype = bool_})), scores,
                 -INFINITY);
  if (!o.attn_mask.defined()) return scores;
  return o.attn_mask.dtype() == bool_ ? where(o.attn_mask, scores, -INFINITY)
                                      : scores + o.attn_mask;
}

}  // namespace

Attention scaled_dot_product_attention_with_weights(Operand q, Operand k, Operand v,
                                                    const AttentionOptions& o) {
  const OpScope scope("scaled_dot_product_attention_with_weights", q);
  check(q, k, v, o);
  const double scale = o.scale.value_or(1 / std::sqrt(static_cast<double>(q.shape().back())));
  const Tensor scaled = q.tensor() * scale;  // fewer elements than the scores have
  const Tensor scores = matmul(scaled, transpose(k, -2, -1));
  Tensor weights = softmax(masked(scores, o), -1);
  if (o.dropout_p > 0) weights = dropout(weights, o.dropout_p, true, o.generator);
  return {matmul(weights, v), weights};
}

Tensor scaled_dot_product_attention(Operand q, Operand k, Operand v, const AttentionOptions& o) {
  const OpScope scope("scaled_dot_product_attention", q);
  return scaled_dot_product_attention_with_weights(q, k, v, o).output;
}

}  // namespace xgrad
