#include <xgrad/nn/attention.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/nn/init.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/diagonal.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad::nn {
namespace {

// embed_dim, once all is known to be valid.
std::int64_t checked(std::int64_t embed_dim, std::int64_t num_heads,
                     const MultiheadAttentionOptions& o, Site site) {
  const auto invalid = [site](const std::string& what) {
    return ValueError("MultiheadAttention: " + what, site);
  };
  if (embed_dim < 1 || num_heads < 1 || embed_dim % num_heads != 0)
    throw invalid(fmt::format("embed_dim is {}, num_heads {}; num_heads must divide embed_dim",
                              embed_dim, num_heads));
  if (o.kdim.value_or(1) < 1 || o.vdim.value_or(1) < 1)
    throw invalid(fmt::format("kdim is {}, vdim {}; they must be positive",
                              o.kdim.value_or(embed_dim), o.vdim.value_or(embed_dim)));
  if (!(o.dropout >= 0 && o.dropout <= 1))
    throw invalid(fmt::format("dropout is {}; it must be in [0, 1]", o.dropout));
  return embed_dim;
}

// The sizes that queries, keys and values give a call.
struct Sizes {
  bool batched;
  std::int64_t samples, queries, keys;
};

Sizes sizes_of(const Tensor& q, const Tensor& k, bool batch_first) {
  if (q.dim() == 2) return {false, 1, q.size(0), k.size(0)};
  const int batch = batch_first ? 0 : 1;
  return {true, q.size(batch), q.size(1 - batch), k.size(1 - batch)};
}

void check_inputs(const Operand& q, const Operand& k, const Operand& v, std::int64_t embed_dim,
                  const MultiheadAttentionOptions& o) {
  const Shape &a = q.shape(), &b = k.shape(), &c = v.shape();
  const std::int64_t kdim = o.kdim.value_or(embed_dim), vdim = o.vdim.value_or(embed_dim);
  const int axes = a.dim(), batch = o.batch_first ? 0 : 1;
  const auto fits = [&] {
    if ((axes != 2 && axes != 3) || b.dim() != axes || c.dim() != axes) return false;
    if (a.back() != embed_dim || b.back() != kdim || c.back() != vdim) return false;
    if (axes == 2) return b[0] == c[0];
    return a[batch] == b[batch] && b[0] == c[0] && b[1] == c[1];
  };
  if (fits()) return;
  const char *query = o.batch_first ? "N, L" : "L, N", *key = o.batch_first ? "N, S" : "S, N";
  throw ShapeError(
      fmt::format("MultiheadAttention: query {}, key {}, value {}; they must be ({}, {}), ({}, {}) "
                  "and ({}, {}), "
                  "or without N",
                  describe(q), describe(k), describe(v), query, embed_dim, key, kdim, key, vdim));
}

// What a query must not see, and what is added to scores; each undefined if nothing.
class Mask {
 public:
  void add(const Tensor& mask) {
    if (mask.dtype() == bool_)
      blocked_ = blocked_.defined() ? logical_or(blocked_, mask) : mask;
    else
      added_ = added_.defined() ? added_ + mask : mask;
  }
  /// As scaled_dot_product_attention takes it: true for keys that take part, or floats. The keys
  /// that attention adds are seen by all.
  Tensor result(std::int64_t added_keys) const {
    if (!blocked_.defined() && !added_.defined()) return {};
    const Tensor mask = !added_.defined()     ? logical_not(blocked_)
                        : !blocked_.defined() ? added_
                                              : where(blocked_, -INFINITY, added_);
    if (added_keys == 0) return mask;
    Shape shape = mask.shape();
    shape[shape.dim() - 1] = added_keys;
    return cat({mask, full(shape, mask.dtype() == bool_ ? 1.0 : 0.0, {.dtype = mask.dtype()})}, -1);
  }

 private:
  Tensor blocked_, added_;
};

// The mask as (N or 1, heads or 1, L or 1, S).
Tensor checked_mask(const char* what, const Tensor& mask, DType dtype,
                    std::initializer_list<std::pair<Shape, Shape>> choices) {
  if (mask.dtype() != bool_ && !is_floating(mask.dtype()))
    throw DTypeError(fmt::format(
        "MultiheadAttention: {} is {}; it must be bool (true for what takes no part) or "
        "floating",
        what, describe(mask)));
  std::string allowed;
  for (const auto& [shape, as] : choices) {
    if (mask.shape() == shape) return reshape(mask.dtype() == bool_ ? mask : mask.to(dtype), as);
    allowed += (allowed.empty() ? "" : " or ") + to_string(shape);
  }
  throw ShapeError(
      fmt::format("MultiheadAttention: {} is {}; it must be {}", what, describe(mask), allowed));
}

Tensor mask_of(const MultiheadAttentionForwardOptions& o, const Sizes& n, std::int64_t heads,
               std::int64_t added_keys, DType dtype) {
  Mask mask;
  if (o.key_padding_mask.defined())
    mask.add(checked_mask(
        "key_padding_mask", o.key_padding_mask, dtype,
        {{n.batched ? Shape{n.samples, n.keys} : Shape{n.keys}, {n.samples, 1, 1, n.keys}}}));
  if (o.attn_mask.defined())
    mask.add(checked_mask(
        "attn_mask", o.attn_mask, dtype,
        {{{n.queries, n.keys}, {1, 1, n.queries, n.keys}},
         {{n.samples * heads, n.queries, n.keys}, {n.samples, heads, n.queries, n.keys}}}));
  if (o.is_causal)
    mask.add(triu(ones({n.queries, n.keys}, {.dtype = bool_}), 1).unsqueeze(0).unsqueeze(0));
  return mask.result(added_keys);
}

}  // namespace

MultiheadAttention::MultiheadAttention(std::int64_t embed_dim, std::int64_t num_heads,
                                       MultiheadAttentionOptions options, Site site)
    : out_proj(checked(embed_dim, num_heads, options, site), embed_dim,
               {.bias = options.bias, .dtype = options.dtype}, site),
      embed_dim_(embed_dim),
      num_heads_(num_heads),
      options_(options) {
  const OpScope scope("MultiheadAttention", site);
  const auto weight = [&](const char* name, std::int64_t out, std::int64_t in) {
    return init::xavier_uniform_(parameter(name, empty({out, in}, {.dtype = options.dtype})));
  };
  const std::int64_t kdim = options.kdim.value_or(embed_dim),
                     vdim = options.vdim.value_or(embed_dim);
  if (kdim == embed_dim && vdim == embed_dim) {
    in_proj_weight = weight("in_proj_weight", 3 * embed_dim, embed_dim);
  } else {
    q_proj_weight = weight("q_proj_weight", embed_dim, embed_dim);
    k_proj_weight = weight("k_proj_weight", embed_dim, kdim);
    v_proj_weight = weight("v_proj_weight", embed_dim, vdim);
  }
  if (options.bias) {
    in_proj_bias = parameter("in_proj_bias", zeros({3 * embed_dim}, {.dtype = options.dtype}));
    init::zeros_(out_proj.bias);
  }
  child("out_proj", out_proj);
  if (!options.add_bias_kv) return;
  for (auto [name, bias] : {std::pair{"bias_k", &bias_k}, {"bias_v", &bias_v}})
    *bias =
        init::xavier_normal_(parameter(name, empty({1, 1, embed_dim}, {.dtype = options.dtype})));
}

std::int64_t MultiheadAttention::added_keys() const {
  return static_cast<std::int64_t>(options_.add_bias_kv) +
         static_cast<std::int64_t>(options_.add_zero_attn);
}

// Queries are 0, keys 1, values 2.
Tensor MultiheadAttention::projected(const Tensor& x, int which) const {
  const auto part = [&](const Tensor& all) {
    return all.defined() ? narrow(all, 0, which * embed_dim_, embed_dim_) : Tensor();
  };
  const Tensor* const own[] = {&q_proj_weight, &k_proj_weight, &v_proj_weight};
  return linear(x, in_proj_weight.defined() ? part(in_proj_weight) : *own[which],
                part(in_proj_bias));
}

// (N, heads, L, features of a head).
Tensor MultiheadAttention::heads_of(const Tensor& x, int which) const {
  const Tensor heads = unflatten(projected(x, which), -1, {num_heads_, -1});
  if (x.dim() == 2) return permute(heads, {1, 0, 2}).unsqueeze(0);
  return options_.batch_first ? permute(heads, {0, 2, 1, 3}) : permute(heads, {1, 2, 0, 3});
}
Tensor MultiheadAttention::joined(const Tensor& heads, bool batched) const {
  if (!batched) return flatten(permute(heads.squeeze(0), {1, 0, 2}), -2);
  return flatten(
      permute(heads, options_.batch_first ? std::vector{0, 2, 1, 3} : std::vector{2, 0, 1, 3}), -2);
}

Tensor MultiheadAttention::with_added_keys(const Tensor& heads, const Tensor& bias) const {
  if (added_keys() == 0) return heads;
  const Shape one{heads.size(0), num_heads_, 1, heads.size(3)};
  std::vector<Tensor> all{heads};
  if (bias.defined()) all.push_back(expand(reshape(bias, {1, num_heads_, 1, heads.size(3)}), one));
  if (options_.add_zero_attn) all.push_back(zeros(one, {.dtype = heads.dtype()}));
  return cat(all, -2);
}

Attention MultiheadAttention::forward(Operand query, Operand key, Operand value,
                                      const ForwardOptions& options) const {
  const OpScope scope("MultiheadAttention", query);
  check_inputs(query, key, value, embed_dim_, options_);
  const Sizes n = sizes_of(query.tensor(), key.tensor(), options_.batch_first);
  const Tensor q = heads_of(query.tensor(), 0);
  const Tensor k = with_added_keys(heads_of(key.tensor(), 1), bias_k);
  const Tensor v = with_added_keys(heads_of(value.tensor(), 2), bias_v);
  const AttentionOptions o{.attn_mask = mask_of(options, n, num_heads_, added_keys(), q.dtype()),
                           .dropout_p = is_training() ? options_.dropout : 0};
  if (!options.need_weights)
    return {out_proj(joined(scaled_dot_product_attention(q, k, v, o), n.batched)), {}};
  auto [y, weights] = scaled_dot_product_attention_with_weights(q, k, v, o);
  if (options.average_attn_weights) weights = mean(weights, 1);
  return {out_proj(joined(y, n.batched)), n.batched ? weights : weights.squeeze(0)};
}

Attention MultiheadAttention::operator()(Operand query, Operand key, Operand value,
                                         const ForwardOptions& options) const {
  return Layer::operator()(query, key.materialize(), value.materialize(), options);
}

// Of the projections of query, key and value, and of the two products of attention.
std::int64_t MultiheadAttention::multiply_adds(const std::vector<Shape>& inputs,
                                               const std::vector<Shape>&) const {
  const std::int64_t samples = inputs[0].dim() == 2 ? 1 : inputs[0][options_.batch_first ? 0 : 1];
  const std::int64_t queries = inputs[0].numel() / embed_dim_;
  const std::int64_t keys = inputs[1].numel() / inputs[1].back();
  const std::int64_t keys_seen = samples == 0 ? 0 : keys / samples + added_keys();
  return embed_dim_ *
         (inputs[0].numel() + inputs[1].numel() + inputs[2].numel() + 2 * queries * keys_seen);
}

namespace detail {
template const ModuleType* module_type<MultiheadAttention>();
}  // namespace detail

}  // namespace xgrad::nn
