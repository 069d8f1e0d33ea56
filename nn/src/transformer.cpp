#include <xgrad/nn/transformer.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/nn/init.hpp>
#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/diagonal.hpp>

namespace xgrad::nn {
namespace {

Tensor (*activation_of(const char* layer, const TransformerLayerOptions& o,
                       Site site))(const Tensor&) {
  if (o.activation == "relu") return [](const Tensor& x) { return relu(x); };
  if (o.activation == "gelu") return [](const Tensor& x) { return gelu(x); };
  throw ValueError(
      fmt::format("{}: activation is '{}'; it must be 'relu' or 'gelu'", layer, o.activation),
      site);
}
MultiheadAttention attention_of(std::int64_t d_model, std::int64_t nhead,
                                const TransformerLayerOptions& o, Site site) {
  return MultiheadAttention(
      d_model, nhead,
      {.dropout = o.dropout, .bias = o.bias, .batch_first = o.batch_first, .dtype = o.dtype}, site);
}
Linear linear_of(std::int64_t in, std::int64_t out, const TransformerLayerOptions& o, Site site) {
  return Linear(in, out, {.bias = o.bias, .dtype = o.dtype}, site);
}
LayerNorm norm_of(std::int64_t d_model, const TransformerLayerOptions& o, Site site) {
  return LayerNorm(d_model, {.eps = o.layer_norm_eps, .bias = o.bias, .dtype = o.dtype}, site);
}

Tensor attended(const MultiheadAttention& attention, const Tensor& x, const Tensor& memory,
                const Tensor& mask, const Tensor& padding, bool is_causal) {
  return attention(x, memory, memory,
                   {.key_padding_mask = padding,
                    .need_weights = false,
                    .attn_mask = mask,
                    .is_causal = is_causal})
      .output;
}

// A sublayer f with its residual connection.
template <class F>
Tensor residual(bool norm_first, const Tensor& x, const LayerNorm& norm, const Dropout& dropout,
                const F& f) {
  if (norm_first) return x + dropout(f(norm(x)));
  return norm(x + dropout(f(x)));
}

}  // namespace

TransformerEncoderLayer::TransformerEncoderLayer(std::int64_t d_model, std::int64_t nhead,
                                                 const TransformerLayerOptions& o, Site site)
    : self_attn(child("self_attn", attention_of(d_model, nhead, o, site))),
      linear1(child("linear1", linear_of(d_model, o.dim_feedforward, o, site))),
      dropout(child("dropout", Dropout(o.dropout, site))),
      linear2(child("linear2", linear_of(o.dim_feedforward, d_model, o, site))),
      norm1(child("norm1", norm_of(d_model, o, site))),
      norm2(child("norm2", norm_of(d_model, o, site))),
      dropout1(child("dropout1", Dropout(o.dropout, site))),
      dropout2(child("dropout2", Dropout(o.dropout, site))),
      activation_(activation_of("TransformerEncoderLayer", o, site)),
      norm_first_(o.norm_first) {}

Tensor TransformerEncoderLayer::forward(Operand src, const Masks& masks) const {
  const OpScope scope("TransformerEncoderLayer", src);
  const Tensor x = residual(norm_first_, src.materialize(), norm1, dropout1, [&](const Tensor& a) {
    return attended(self_attn, a, a, masks.src_mask, masks.src_key_padding_mask, masks.is_causal);
  });
  return residual(norm_first_, x, norm2, dropout2,
                  [this](const Tensor& a) { return linear2(dropout(activation_(linear1(a)))); });
}
Tensor TransformerEncoderLayer::operator()(Operand src, const Masks& masks) const {
  return Layer::operator()(src, masks);
}

TransformerDecoderLayer::TransformerDecoderLayer(std::int64_t d_model, std::int64_t nhead,
                                                 const TransformerLayerOptions& o, Site site)
    : self_attn(child("self_attn", attention_of(d_model, nhead, o, site))),
      multihead_attn(child("multihead_attn", attention_of(d_model, nhead, o, site))),
      linear1(child("linear1", linear_of(d_model, o.dim_feedforward, o, site))),
      dropout(child("dropout", Dropout(o.dropout, site))),
      linear2(child("linear2", linear_of(o.dim_feedforward, d_model, o, site))),
      norm1(child("norm1", norm_of(d_model, o, site))),
      norm2(child("norm2", norm_of(d_model, o, site))),
      norm3(child("norm3", norm_of(d_model, o, site))),
      dropout1(child("dropout1", Dropout(o.dropout, site))),
      dropout2(child("dropout2", Dropout(o.dropout, site))),
      dropout3(child("dropout3", Dropout(o.dropout, site))),
      activation_(activation_of("TransformerDecoderLayer", o, site)),
      norm_first_(o.norm_first) {}

Tensor TransformerDecoderLayer::forward(Operand tgt, Operand memory, const Masks& masks) const {
  const OpScope scope("TransformerDecoderLayer", tgt);
  const Tensor seen = memory.materialize();
  Tensor x = residual(norm_first_, tgt.materialize(), norm1, dropout1, [&](const Tensor& a) {
    return attended(self_attn, a, a, masks.tgt_mask, masks.tgt_key_padding_mask,
                    masks.tgt_is_causal);
  });
  x = residual(norm_first_, x, norm2, dropout2, [&](const Tensor& a) {
    return attended(multihead_attn, a, seen, masks.memory_mask, masks.memory_key_padding_mask,
                    masks.memory_is_causal);
  });
  return residual(norm_first_, x, norm3, dropout3,
                  [this](const Tensor& a) { return linear2(dropout(activation_(linear1(a)))); });
}
Tensor TransformerDecoderLayer::operator()(Operand tgt, Operand memory, const Masks& masks) const {
  return Layer::operator()(tgt, memory.materialize(), masks);
}

namespace {

template <class Each>
ModuleList<Each> clones(const char* stack, const Each& layer, std::int64_t n, Site site) {
  if (n < 0)
    throw ValueError(fmt::format("{}: num_layers is {}; it must be at least 0", stack, n), site);
  return ModuleList<Each>(static_cast<std::size_t>(n), [&] { return layer.clone(); });
}
// By the module that was registered after the layers, if there is one.
Tensor normed(const std::vector<NamedModule>& children, const Tensor& x) {
  return children.size() > 1 ? children[1].module(x) : x;
}

}  // namespace

TransformerEncoder::TransformerEncoder(const TransformerEncoderLayer& layer,
                                       std::int64_t num_layers, Site site)
    : layers(child("layers", clones("TransformerEncoder", layer, num_layers, site))) {}

Tensor TransformerEncoder::forward(Operand src, const Masks& masks) const {
  const OpScope scope("TransformerEncoder", src);
  Tensor x = src.materialize();
  for (const TransformerEncoderLayer& layer : layers)
    x = layer(x, {masks.mask, masks.src_key_padding_mask, masks.is_causal});
  return normed(registered(), x);
}
Tensor TransformerEncoder::operator()(Operand src, const Masks& masks) const {
  return Layer::operator()(src, masks);
}

TransformerDecoder::TransformerDecoder(const TransformerDecoderLayer& layer,
                                       std::int64_t num_layers, Site site)
    : layers(child("layers", clones("TransformerDecoder", layer, num_layers, site))) {}

Tensor TransformerDecoder::forward(Operand tgt, Operand memory, const Masks& masks) const {
  const OpScope scope("TransformerDecoder", tgt);
  const Tensor seen = memory.materialize();
  Tensor x = tgt.materialize();
  for (const TransformerDecoderLayer& layer : layers) x = layer(x, seen, masks);
  return normed(registered(), x);
}
Tensor TransformerDecoder::operator()(Operand tgt, Operand memory, const Masks& masks) const {
  return Layer::operator()(tgt, memory.materialize(), masks);
}

namespace {

TransformerLayerOptions layer_options(const TransformerOptions& o) {
  return {.dim_feedforward = o.dim_feedforward,
          .dropout = o.dropout,
          .activation = o.activation,
          .layer_norm_eps = o.layer_norm_eps,
          .batch_first = o.batch_first,
          .norm_first = o.norm_first,
          .bias = o.bias,
          .dtype = o.dtype};
}

template <class Stack, class Each>
Stack stack_of(std::int64_t num_layers, const TransformerOptions& o, Site site) {
  const TransformerLayerOptions each = layer_options(o);
  return Stack(Each(o.d_model, o.nhead, each, site), num_layers, norm_of(o.d_model, each, site),
               site);
}

}  // namespace

Transformer::Transformer(const TransformerOptions& o, Site site)
    : encoder(child("encoder", stack_of<TransformerEncoder, TransformerEncoderLayer>(
                                   o.num_encoder_layers, o, site))),
      decoder(child("decoder", stack_of<TransformerDecoder, TransformerDecoderLayer>(
                                   o.num_decoder_layers, o, site))) {
  for (const Tensor& p : parameters())
    if (p.dim() > 1) init::xavier_uniform_(p);
}

Tensor Transformer::forward(Operand src, Operand tgt, const Masks& masks) const {
  const OpScope scope("Transformer", src);
  const Tensor memory =
      encoder(src, {masks.src_mask, masks.src_key_padding_mask, masks.src_is_causal});
  return decoder(tgt, memory,
                 {masks.tgt_mask, masks.memory_mask, masks.tgt_key_padding_mask,
                  masks.memory_key_padding_mask, masks.tgt_is_causal, masks.memory_is_causal});
}
Tensor Transformer::operator()(Operand src, Operand tgt, const Masks& masks) const {
  return Layer::operator()(src, tgt.materialize(), masks);
}

Tensor Transformer::generate_square_subsequent_mask(std::int64_t size, DType dtype) {
  return triu(full({size, size}, -INFINITY, {.dtype = dtype}), 1);
}

namespace detail {
template const ModuleType* module_type<TransformerEncoderLayer>();
template const ModuleType* module_type<TransformerDecoderLayer>();
template const ModuleType* module_type<TransformerEncoder>();
template const ModuleType* module_type<TransformerDecoder>();
template const ModuleType* module_type<Transformer>();
}  // namespace detail

}  // namespace xgrad::nn
