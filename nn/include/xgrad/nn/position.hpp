// position.hpp: positions in a sequence, as modules.
#pragma once

#include <cstdint>
#include <string>

#include <xgrad/nn/layer.hpp>

namespace xgrad::nn {

struct SinusoidalEmbeddingOptions {
  double base = 10000;       ///< wavelengths go from 2 pi to 2 pi base
  bool batch_first = false;  ///< (N, L, E) instead of (L, N, E)
};

/// x + sinusoidal_embedding(positions): element 2 i of position p gets sin(p / base^(2 i / E)),
/// element 2 i + 1 the cosine (Vaswani et al., NIPS 2017). Nothing is trained.
///
///     nn::SinusoidalEmbedding positions(512, {.batch_first = true});
///     Tensor x = positions(embedding(words));       // (N, L, 512)
///     Tensor next = positions(embedding(word), L);  // what comes after L positions
///
/// x is (L, N, embed_dim), (N, L, embed_dim) with batch_first, or (L, embed_dim).
/// @throws ValueError  unless embed_dim is even and positive, and base positive; ShapeError for
///                     other shapes of x.
class SinusoidalEmbedding : public Layer<SinusoidalEmbedding> {
 public:
  explicit SinusoidalEmbedding(std::int64_t embed_dim, SinusoidalEmbeddingOptions options = {},
                               Site site = {__builtin_FILE(), __builtin_LINE()});
  /// @param start  the position of x's first element.
  Tensor forward(Operand x, std::int64_t start = 0) const;
  std::string details() const override;

 private:
  std::int64_t embed_dim_;
  SinusoidalEmbeddingOptions options_;
};

struct RotaryEmbeddingOptions {
  double base = 10000;
  bool interleaved = true;  ///< pairs are (2 i, 2 i + 1); else (i, i + E / 2), as in GPT-NeoX
};

/// Rotates pairs of elements by angles that grow with the position: the op rotary_embedding (Su et
/// al., RoFormer, 2021). For queries and keys, (..., L, head_dim), before their product:
///
///     nn::RotaryEmbedding rotary(64);
///     Tensor y = scaled_dot_product_attention(rotary(q), rotary(k), v, {.is_causal = true});
///
/// @throws ValueError  unless head_dim is even and positive, and base positive; ShapeError for
///                     other shapes of x.
class RotaryEmbedding : public Layer<RotaryEmbedding> {
 public:
  explicit RotaryEmbedding(std::int64_t head_dim, RotaryEmbeddingOptions options = {},
                           Site site = {__builtin_FILE(), __builtin_LINE()});
  /// @param start  the position of x's first element.
  Tensor forward(Operand x, std::int64_t start = 0) const;
  std::string details() const override;

 private:
  std::int64_t head_dim_;
  RotaryEmbeddingOptions options_;
};

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<SinusoidalEmbedding>();
extern template const ModuleType* module_type<RotaryEmbedding>();
}  // namespace detail

}  // namespace xgrad::nn
