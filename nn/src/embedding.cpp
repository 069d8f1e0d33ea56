#include <xgrad/nn/embedding.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/nn/init.hpp>
#include <xgrad/ops/embedding.hpp>
#include <xgrad/ops/embedding_bag.hpp>

namespace xgrad::nn {
namespace {

void clear_row(Tensor weight, std::int64_t row, Site site) {
  dispatch_floating(weight.dtype(), [&]<class T>() {
    T* const from = weight.mutable_data<T>(site) + row * weight.size(1);
    std::fill_n(from, weight.size(1), T(0));
  });
}

// The table at its start, with the padding row 0; the padding row counted from the front.
Tensor table(const char* layer, std::int64_t rows, std::int64_t features, DType dtype,
             std::optional<std::int64_t>& padding_idx, Site site) {
  Tensor weight = init::normal_(empty({rows, features}, {.dtype = dtype}, site));
  if (!padding_idx) return weight;
  if (*padding_idx < -rows || *padding_idx >= rows)
    throw ValueError(fmt::format("{}: padding_idx {} is out of range; it must be in [{}, {}]",
                                 layer, *padding_idx, -rows, rows - 1),
                     site);
  if (*padding_idx < 0) *padding_idx += rows;
  clear_row(weight, *padding_idx, site);
  return weight;
}

}  // namespace

Embedding::Embedding(std::int64_t num_embeddings, std::int64_t embedding_dim,
                     EmbeddingOptions options, Site site)
    : options_(options) {
  const OpScope scope("Embedding", site);
  weight = parameter(
      "weight",
      table("Embedding", num_embeddings, embedding_dim, options.dtype, options_.padding_idx, site),
      site);
}

Tensor Embedding::forward(Operand indices) const {
  return embedding(indices.tensor(), Operand(weight, indices.site()), options_.padding_idx,
                   options_.scale_grad_by_freq);
}

std::string Embedding::details() const {
  std::string text = fmt::format("{}, {}", weight.size(0), weight.size(1));
  if (options_.padding_idx) text += fmt::format(", padding_idx={}", *options_.padding_idx);
  return text;
}

EmbeddingBag::EmbeddingBag(std::int64_t num_embeddings, std::int64_t embedding_dim,
                           EmbeddingBagOptions options, Site site)
    : options_(std::move(options)) {
  const OpScope scope("EmbeddingBag", site);
  weight = parameter("weight",
                     table("EmbeddingBag", num_embeddings, embedding_dim, options_.dtype,
                           options_.padding_idx, site),
                     site);
}

Tensor EmbeddingBag::forward(Operand indices, const Tensor& offsets,
                             const Tensor& per_sample_weights) const {
  return embedding_bag(indices.tensor(), Operand(weight, indices.site()),
                       {.offsets = offsets,
                        .scale_grad_by_freq = options_.scale_grad_by_freq,
                        .mode = options_.mode,
                        .per_sample_weights = per_sample_weights,
                        .include_last_offset = options_.include_last_offset,
                        .padding_idx = options_.padding_idx});
}

std::string EmbeddingBag::details() const {
  return fmt::format("{}, {}, mode='{}'", weight.size(0), weight.size(1), options_.mode);
}

namespace detail {
template const ModuleType* module_type<Embedding>();
template const ModuleType* module_type<EmbeddingBag>();
}  // namespace detail

}  // namespace xgrad::nn
