// transformer.hpp: encoders and decoders of attention and feed-forward networks.
#pragma once

#include <cstdint>
#include <string>

#include <xgrad/nn/attention.hpp>
#include <xgrad/nn/containers.hpp>
#include <xgrad/nn/dropout.hpp>
#include <xgrad/nn/normalization.hpp>

namespace xgrad::nn {

struct TransformerLayerOptions {
  std::int64_t dim_feedforward = 2048;
  double dropout = 0.1;
  std::string activation = "relu";  ///< or "gelu"
  double layer_norm_eps = 1e-5;
  bool batch_first = false;  ///< (N, L, E) instead of (L, N, E)
  bool norm_first = false;   ///< normalizes what a sublayer gets, not what it adds to
  bool bias = true;          ///< of linear layers, attention and norms
  DType dtype = get_default_dtype();
};

/// Masks of a call, as MultiheadAttention takes them: bool, true for what takes no part, or floats
/// that are added to the scores.
struct TransformerEncoderLayerMasks {
  Tensor src_mask = {};              ///< (L, L) or (N nhead, L, L)
  Tensor src_key_padding_mask = {};  ///< (N, L), or (L) without a batch
  bool is_causal = false;            ///< position i sees positions up to i alone
};

/// Attention of a sequence to itself, then a feed-forward network for each position, each with a
/// residual connection and layer norm (Vaswani et al., NIPS 2017):
///
///     x = norm1(src + dropout1(self_attn(src, src, src)))
///     y = norm2(x + dropout2(linear2(dropout(activation(linear1(x))))))
///
/// With norm_first, the norms come first (Xiong et al., ICML 2020):
///
///     x = src + dropout1(self_attn(norm1(src), norm1(src), norm1(src)))
///     y = x + dropout2(linear2(dropout(activation(linear1(norm2(x))))))
///
/// src and the result are (L, N, d_model), (N, L, d_model) with batch_first, or (L, d_model).
///
///     nn::TransformerEncoderLayer layer(512, 8, {.activation = "gelu", .batch_first = true});
///     Tensor y = layer(x, {.is_causal = true});
///
/// @throws ValueError  as MultiheadAttention, Linear and Dropout, and for another activation;
///                     ShapeError, DTypeError when called with tensors that do not fit.
class TransformerEncoderLayer : public Layer<TransformerEncoderLayer> {
 public:
  using Masks = TransformerEncoderLayerMasks;

  TransformerEncoderLayer(std::int64_t d_model, std::int64_t nhead,
                          const TransformerLayerOptions& options = {},
                          Site site = {__builtin_FILE(), __builtin_LINE()});

  Tensor forward(Operand src, const Masks& masks = {}) const;
  Tensor operator()(Operand src, const Masks& masks = {}) const;

  MultiheadAttention self_attn;
  Linear linear1;
  Dropout dropout;
  Linear linear2;
  LayerNorm norm1, norm2;
  Dropout dropout1, dropout2;

 private:
  Tensor (*activation_)(const Tensor&);
  bool norm_first_;
};

/// Masks of a call: tgt_mask (T, T), memory_mask (T, S), or either with (N nhead) first; padding
/// masks (N, T) and (N, S), or (T) and (S) without a batch.
struct TransformerDecoderMasks {
  Tensor tgt_mask = {}, memory_mask = {};
  Tensor tgt_key_padding_mask = {}, memory_key_padding_mask = {};
  bool tgt_is_causal = false, memory_is_causal = false;
};

/// Attention of a sequence to itself, then to another one (memory, what an encoder gives), then a
/// feed-forward network for each position, each with a residual connection and layer norm as in
/// TransformerEncoderLayer.
///
/// tgt and the result are (T, N, d_model), memory is (S, N, d_model); N first with batch_first; or
/// both without N.
///
///     nn::TransformerDecoderLayer layer(512, 8, {.batch_first = true});
///     Tensor y = layer(tgt, memory, {.tgt_is_causal = true});
///
/// @throws ValueError, ShapeError, DTypeError  as TransformerEncoderLayer.
class TransformerDecoderLayer : public Layer<TransformerDecoderLayer> {
 public:
  using Masks = TransformerDecoderMasks;

  TransformerDecoderLayer(std::int64_t d_model, std::int64_t nhead,
                          const TransformerLayerOptions& options = {},
                          Site site = {__builtin_FILE(), __builtin_LINE()});

  Tensor forward(Operand tgt, Operand memory, const Masks& masks = {}) const;
  Tensor operator()(Operand tgt, Operand memory, const Masks& masks = {}) const;

  MultiheadAttention self_attn, multihead_attn;
  Linear linear1;
  Dropout dropout;
  Linear linear2;
  LayerNorm norm1, norm2, norm3;
  Dropout dropout1, dropout2, dropout3;

 private:
  Tensor (*activation_)(const Tensor&);
  bool norm_first_;
};

struct TransformerEncoderMasks {
  Tensor mask = {};                  ///< (L, L) or (N nhead, L, L)
  Tensor src_key_padding_mask = {};  ///< (N, L), or (L) without a batch
  bool is_causal = false;            ///< position i sees positions up to i alone
};

/// num_layers clones of a layer, one after the other, and a norm at the end if one is given, which
/// is the child "norm". The clones start with the same weights, as in PyTorch.
///
///     nn::TransformerEncoder encoder(nn::TransformerEncoderLayer(512, 8), 6, nn::LayerNorm(512));
///     Tensor y = encoder(x, {.src_key_padding_mask = padding});
///
/// @throws ValueError  if num_layers is negative.
class TransformerEncoder : public Layer<TransformerEncoder> {
 public:
  using Masks = TransformerEncoderMasks;

  TransformerEncoder(const TransformerEncoderLayer& layer, std::int64_t num_layers,
                     Site site = {__builtin_FILE(), __builtin_LINE()});
  /// @param last  a module that takes one tensor.
  template <class Norm>
  requires detail::CalledWithOne<Norm> TransformerEncoder(const TransformerEncoderLayer& layer,
                                                          std::int64_t num_layers, const Norm& last,
                                                          Site site = {__builtin_FILE(),
                                                                       __builtin_LINE()})
      : TransformerEncoder(layer, num_layers, site) {
    add_child("norm", AnyModule(last));
  }

  Tensor forward(Operand src, const Masks& masks = {}) const;
  Tensor operator()(Operand src, const Masks& masks = {}) const;

  ModuleList<TransformerEncoderLayer> layers;
};

/// num_layers clones of a decoder layer, one after the other, and a norm at the end if one is
/// given: see TransformerEncoder.
///
///     nn::TransformerDecoder decoder(nn::TransformerDecoderLayer(512, 8), 6, nn::LayerNorm(512));
///     Tensor y = decoder(tgt, memory, {.tgt_is_causal = true});
///
/// @throws ValueError  if num_layers is negative.
class TransformerDecoder : public Layer<TransformerDecoder> {
 public:
  using Masks = TransformerDecoderMasks;

  TransformerDecoder(const TransformerDecoderLayer& layer, std::int64_t num_layers,
                     Site site = {__builtin_FILE(), __builtin_LINE()});
  /// @param last  a module that takes one tensor.
  template <class Norm>
  requires detail::CalledWithOne<Norm> TransformerDecoder(const TransformerDecoderLayer& layer,
                                                          std::int64_t num_layers, const Norm& last,
                                                          Site site = {__builtin_FILE(),
                                                                       __builtin_LINE()})
      : TransformerDecoder(layer, num_layers, site) {
    add_child("norm", AnyModule(last));
  }

  Tensor forward(Operand tgt, Operand memory, const Masks& masks = {}) const;
  Tensor operator()(Operand tgt, Operand memory, const Masks& masks = {}) const;

  ModuleList<TransformerDecoderLayer> layers;
};

struct TransformerOptions {
  std::int64_t d_model = 512, nhead = 8;
  std::int64_t num_encoder_layers = 6, num_decoder_layers = 6;
  std::int64_t dim_feedforward = 2048;
  double dropout = 0.1;
  std::string activation = "relu";  ///< or "gelu"
  double layer_norm_eps = 1e-5;
  bool batch_first = false;  ///< (N, L, E) instead of (L, N, E)
  bool norm_first = false;   ///< normalizes what a sublayer gets, not what it adds to
  bool bias = true;          ///< of linear layers, attention and norms
  DType dtype = get_default_dtype();
};

/// Masks of a call: those of the encoder, then of the decoder.
struct TransformerMasks {
  Tensor src_mask = {}, tgt_mask = {}, memory_mask = {};
  Tensor src_key_padding_mask = {}, tgt_key_padding_mask = {}, memory_key_padding_mask = {};
  bool src_is_causal = false, tgt_is_causal = false, memory_is_causal = false;
};

/// decoder(tgt, encoder(src)), with layer norms at the end of both. All matrices start by Xavier's
/// uniform initialization.
///
///     nn::Transformer model({.d_model = 128, .nhead = 4, .batch_first = true});
///     Tensor y = model(src, tgt, {.tgt_is_causal = true});
///
/// @throws ValueError, ShapeError, DTypeError  as the layers.
class Transformer : public Layer<Transformer> {
 public:
  using Masks = TransformerMasks;

  explicit Transformer(const TransformerOptions& options = {},
                       Site site = {__builtin_FILE(), __builtin_LINE()});

  Tensor forward(Operand src, Operand tgt, const Masks& masks = {}) const;
  Tensor operator()(Operand src, Operand tgt, const Masks& masks = {}) const;
  /// The mask of is_causal in floats: (size, size), -inf above the diagonal, 0 elsewhere.
  static Tensor generate_square_subsequent_mask(std::int64_t size,
                                                DType dtype = get_default_dtype());

  TransformerEncoder encoder;
  TransformerDecoder decoder;
};

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<TransformerEncoderLayer>();
extern template const ModuleType* module_type<TransformerDecoderLayer>();
extern template const ModuleType* module_type<TransformerEncoder>();
extern template const ModuleType* module_type<TransformerDecoder>();
extern template const ModuleType* module_type<Transformer>();
}  // namespace detail

}  // namespace xgrad::nn
