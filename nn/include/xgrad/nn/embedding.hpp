// embedding.hpp: tables of vectors as modules.
#pragma once

#include <optional>
#include <string>

#include <xgrad/nn/layer.hpp>

namespace xgrad::nn {

struct EmbeddingOptions {
  std::optional<std::int64_t> padding_idx = {};  ///< this row starts as 0 and is not trained
  bool scale_grad_by_freq = false;
  DType dtype = float32;
};

/// int64 indices of any shape to (..., embedding_dim): op embedding. The weight (num_embeddings,
/// embedding_dim) starts normal, mean 0, standard deviation 1, from the thread's generator.
/// @throws ValueError if padding_idx is out of range.
class Embedding : public Layer<Embedding> {
 public:
  Embedding(std::int64_t num_embeddings, std::int64_t embedding_dim, EmbeddingOptions options = {},
            Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand indices) const;
  std::string details() const override;

  Tensor weight;

 private:
  EmbeddingOptions options_;
};

struct EmbeddingBagOptions {
  bool scale_grad_by_freq = false;
  std::string mode = "mean";                     ///< "sum", "mean" or "max"
  bool include_last_offset = false;              ///< the last offset is where the last bag ends
  std::optional<std::int64_t> padding_idx = {};  ///< this row starts as 0 and counts for nothing
  DType dtype = float32;
};

/// Rows of a table reduced bag by bag: the op embedding_bag. Called as `bag(indices)` for indices
/// (bags, n), and as `bag(indices, offsets)` or `bag(indices, offsets, per_sample_weights)` for
/// indices in one axis. The weight (num_embeddings, embedding_dim) starts normal, mean 0, standard
/// deviation 1.
class EmbeddingBag : public Layer<EmbeddingBag> {
 public:
  EmbeddingBag(std::int64_t num_embeddings, std::int64_t embedding_dim,
               EmbeddingBagOptions options = {}, Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand indices, const Tensor& offsets = {},
                 const Tensor& per_sample_weights = {}) const;
  std::string details() const override;

  Tensor weight;

 private:
  EmbeddingBagOptions options_;
};

}  // namespace xgrad::nn
