// embedding.hpp: lookup tables of vectors as modules.
#pragma once

#include <optional>
#include <string>

#include <xgrad/nn/layer.hpp>

namespace xgrad::nn {

struct EmbeddingOptions {
  std::optional<std::int64_t> padding_idx = {};  ///< this row starts as 0 and gets no gradient
  bool scale_grad_by_freq = false;
  DType dtype = get_default_dtype();
};

/// Maps int64 indices of any shape (...) to vectors (..., embedding_dim). See the op `embedding`.
///
/// The weight (num_embeddings, embedding_dim) is initialized from a normal distribution with mean 0
/// and standard deviation 1, using the thread's default generator.
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
  bool include_last_offset = false;              ///< the last offset is the end of the last bag
  std::optional<std::int64_t> padding_idx = {};  ///< this row starts as 0 and is left out of bags
  DType dtype = get_default_dtype();
};

/// Reduces bags of table rows to one vector each. See the op `embedding_bag`.
///
/// Call `bag(indices)` for indices (bags, n), and `bag(indices, offsets)` or `bag(indices, offsets,
/// per_sample_weights)` for 1-d indices. The weight (num_embeddings, embedding_dim) is initialized
/// from a normal distribution with mean 0 and standard deviation 1.
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

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<Embedding>();
extern template const ModuleType* module_type<EmbeddingBag>();
}  // namespace detail

}  // namespace xgrad::nn
