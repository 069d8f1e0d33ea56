#include <xgrad/nn/position.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/position.hpp>
#include <xgrad/ops/reshape.hpp>

#include "python_text.hpp"

namespace xgrad::nn {
namespace {

void check_options(const char* layer, const char* size, std::int64_t features, double base,
                   Site site) {
  if (features < 2 || features % 2 != 0)
    throw ValueError(
        fmt::format("{}: {} is {}; it must be even and positive", layer, size, features), site);
  if (!(base > 0 && std::isfinite(base)))
    throw ValueError(fmt::format("{}: base is {}; it must be positive", layer, base), site);
}

}  // namespace

SinusoidalEmbedding::SinusoidalEmbedding(std::int64_t embed_dim, SinusoidalEmbeddingOptions options,
                                         Site site)
    : embed_dim_(embed_dim), options_(options) {
  check_options("SinusoidalEmbedding", "embed_dim", embed_dim, options.base, site);
}

Tensor SinusoidalEmbedding::forward(Operand x, std::int64_t start) const {
  const OpScope scope("SinusoidalEmbedding", x);
  const int axes = x.shape().dim();
  if ((axes != 2 && axes != 3) || x.shape().back() != embed_dim_)
    throw ShapeError(fmt::format("SinusoidalEmbedding: x is {}; it must be ({}, {}) or (L, {})",
                                 describe(x), options_.batch_first ? "N, L" : "L, N", embed_dim_,
                                 embed_dim_));
  const bool batch_inside = axes == 3 && !options_.batch_first;
  const std::int64_t length = x.shape()[axes == 3 && options_.batch_first ? 1 : 0];
  const Tensor positions = arange(length) + start;
  const Tensor table = sinusoidal_embedding(positions, embed_dim_, options_.base, x.dtype());
  return x + (batch_inside ? table.unsqueeze(1) : table);
}

std::string SinusoidalEmbedding::details() const {
  return fmt::format("embed_dim={}, base={}, batch_first={}", embed_dim_, options_.base,
                     detail::python_text(options_.batch_first));
}

RotaryEmbedding::RotaryEmbedding(std::int64_t head_dim, RotaryEmbeddingOptions options, Site site)
    : head_dim_(head_dim), options_(options) {
  check_options("RotaryEmbedding", "head_dim", head_dim, options.base, site);
}

Tensor RotaryEmbedding::forward(Operand x, std::int64_t start) const {
  const OpScope scope("RotaryEmbedding", x);
  const Shape& shape = x.shape();
  if (shape.dim() < 2 || shape.back() != head_dim_)
    throw ShapeError(
        fmt::format("RotaryEmbedding: x is {}; it must be (..., L, {})", describe(x), head_dim_));
  return rotary_embedding(x, {.positions = arange(shape[shape.dim() - 2]) + start,
                              .base = options_.base,
                              .interleaved = options_.interleaved});
}

std::string RotaryEmbedding::details() const {
  return fmt::format("head_dim={}, base={}, interleaved={}", head_dim_, options_.base,
                     detail::python_text(options_.interleaved));
}

namespace detail {
template const ModuleType* module_type<SinusoidalEmbedding>();
template const ModuleType* module_type<RotaryEmbedding>();
}  // namespace detail

}  // namespace xgrad::nn
