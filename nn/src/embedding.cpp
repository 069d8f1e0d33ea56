#include <xgrad/nn/embedding.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/nn/init.hpp>
#include <xgrad/ops/embedding.hpp>

namespace xgrad::nn {
namespace {

void clear_row(Tensor weight, std::int64_t row, Site site) {
  dispatch_floating(weight.dtype(), [&]<class T>() {
    T* const from = weight.mutable_data<T>(site) + row * weight.size(1);
    std::fill_n(from, weight.size(1), T(0));
  });
}

}  // namespace

Embedding::Embedding(std::int64_t num_embeddings, std::int64_t embedding_dim,
                     EmbeddingOptions options, Site site)
    : options_(options) {
  const OpScope scope("Embedding", site);
  weight =
      parameter("weight", empty({num_embeddings, embedding_dim}, {.dtype = options.dtype}, site));
  init::normal_(weight);
  if (!options.padding_idx) return;
  const std::int64_t row = *options.padding_idx;
  if (row < -num_embeddings || row >= num_embeddings)
    throw ValueError(
        fmt::format("Embedding: padding_idx {} is out of range; it must be in [{}, {}]", row,
                    -num_embeddings, num_embeddings - 1),
        site);
  options_.padding_idx = row < 0 ? row + num_embeddings : row;
  clear_row(weight, *options_.padding_idx, site);
}

Tensor Embedding::forward(const Tensor& indices, Site site) const {
  return embedding(indices, Operand(weight, site), options_.padding_idx,
                   options_.scale_grad_by_freq);
}

std::string Embedding::details() const {
  std::string text = fmt::format("{}, {}", weight.size(0), weight.size(1));
  if (options_.padding_idx) text += fmt::format(", padding_idx={}", *options_.padding_idx);
  return text;
}

}  // namespace xgrad::nn
