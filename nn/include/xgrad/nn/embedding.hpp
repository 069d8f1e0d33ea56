// embedding.hpp: a table of vectors as a module.
#pragma once

#include <optional>

#include <xgrad/nn/module.hpp>

namespace xgrad::nn {

struct EmbeddingOptions {
  std::optional<std::int64_t> padding_idx = {};  ///< this row starts as 0 and is not trained
  bool scale_grad_by_freq = false;
  DType dtype = float32;
};

/// int64 indices of any shape to (..., embedding_dim): op embedding. The weight (num_embeddings,
/// embedding_dim) starts normal, mean 0, standard deviation 1, from the thread's generator.
/// @throws ValueError if padding_idx is out of range.
class Embedding : public Module {
 public:
  Embedding(std::int64_t num_embeddings, std::int64_t embedding_dim, EmbeddingOptions options = {},
            Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(const Tensor& indices, Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  Tensor operator()(const Tensor& indices, Site site = {__builtin_FILE(), __builtin_LINE()}) const {
    return forward(indices, site);
  }
  std::string details() const override;

  Tensor weight;

 private:
  EmbeddingOptions options_;
};

}  // namespace xgrad::nn
