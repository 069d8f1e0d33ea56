// The code of docs/layers.md.
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"

using namespace xgrad;

namespace {

struct Scaled : nn::Layer<Scaled> {
  explicit Scaled(std::int64_t features) : scale(parameter("scale", ones({features}))) {}
  Tensor forward(Operand x) const { return x.materialize() * scale; }
  std::string details() const override { return fmt::format("features={}", scale.numel()); }

  Tensor scale;
};

struct Block : nn::Layer<Block> {
  explicit Block(std::int64_t features)
      : scaled(child("scaled", Scaled(features))),
        linear(child("linear", nn::Linear(features, features))) {}
  Tensor forward(const Tensor& x, const Tensor& mask) { return x + linear(scaled(x)) * mask; }

  Scaled scaled;
  nn::Linear linear;
};

struct Transformer : nn::Layer<Transformer> {
  nn::ModuleList<Block> blocks = child("blocks", nn::ModuleList<Block>(6, [] { return Block(8); }));
  Tensor forward(Tensor x, const Tensor& mask) {
    for (Block& block : blocks) x = block(x, mask);
    return x;
  }
};

}  // namespace

TEST_CASE("the page of layers", "[layers]") {
  nn::Conv2d conv(1, 16, 3, {.stride = 2, .padding = 1, .bias = false});
  nn::BatchNorm2d norm(16, {.momentum = 0.05, .dtype = float64});
  Tensor y = conv(ones({2, 1, 8, 8}));
  CHECK(norm(y.to(float64)).shape() == Shape{2, 16, 4, 4});
  CHECK(to_string(Scaled(3)) == "Scaled(features=3)");
  Transformer model;
  CHECK(model.parameters().size() == 18);
  CHECK(model(ones({2, 8}), zeros({8})).shape() == Shape{2, 8});
  CHECK(allclose(model(ones({2, 8}), zeros({8})), ones({2, 8})));
}

TEST_CASE("the page's recurrent networks", "[layers]") {
  nn::LSTM lstm(28, 64, {.num_layers = 2, .batch_first = true});
  Tensor sequences = randn({8, 10, 28});
  auto [output, h_n, c_n] = lstm(sequences);
  CHECK(output.shape() == Shape{8, 10, 64});
  CHECK(h_n.shape() == Shape{2, 8, 64});
  CHECK(c_n.shape() == Shape{2, 8, 64});
  auto [more, h_m, c_m] = lstm(randn({8, 5, 28}), {h_n, c_n});
  CHECK(more.shape() == Shape{8, 5, 64});
  CHECK(h_m.shape() == c_m.shape());
  Tensor lengths = tensor({10, 3, 7, 1, 10, 9, 2, 5});
  auto [padded, h_l, c_l] = lstm(sequences, {}, lengths);
  CHECK(allclose(padded[1][2], h_l[1][1]));
  CHECK(allclose(padded[1][3], zeros({64})));
  CHECK(c_l.shape() == Shape{2, 8, 64});
  nn::LSTMCell cell(28, 64);
  Tensor h_0 = zeros({8, 64}), c_0 = zeros({8, 64}), x = randn({8, 28});
  auto [h, c] = cell(x, {h_0, c_0});
  CHECK(h.shape() == c.shape());
}

TEST_CASE("the page's attention", "[layers]") {
  nn::MultiheadAttention attention(64, 4, {.dropout = 0.1, .batch_first = true});
  Tensor words = randn({8, 10, 64});
  auto [attended, weights] = attention(words, words, words);
  CHECK(attended.shape() == Shape{8, 10, 64});
  CHECK(weights.shape() == Shape{8, 10, 10});
  Tensor padding = arange(10) >= tensor({10, 3, 7, 1, 10, 9, 2, 5}).unsqueeze(1);
  Tensor seen =
      attention(words, words, words, {.key_padding_mask = padding, .need_weights = false}).output;
  CHECK(isfinite(seen).to(float32).mean().item<double>() == 1);

  nn::TransformerEncoderLayer layer(
      64, 4, {.dim_feedforward = 128, .activation = "gelu", .batch_first = true});
  nn::TransformerEncoder encoder(layer, 3, nn::LayerNorm(64));
  Tensor coded = encoder(words, {.src_key_padding_mask = padding});

  nn::TransformerDecoder decoder(nn::TransformerDecoderLayer(64, 4, {.batch_first = true}), 2);
  Tensor decoded =
      decoder(words, coded, {.memory_key_padding_mask = padding, .tgt_is_causal = true});
  CHECK(decoded.shape() == Shape{8, 10, 64});

  nn::SinusoidalEmbedding positions(64, {.batch_first = true});
  Tensor placed = positions(words);
  CHECK(placed.shape() == words.shape());
  nn::RotaryEmbedding rotary(16);
  Tensor q = randn({8, 4, 10, 16}), k = randn({8, 4, 10, 16}), v = randn({8, 4, 10, 16});
  Tensor heads = scaled_dot_product_attention(rotary(q), rotary(k), v, {.is_causal = true});
  CHECK(heads.shape() == v.shape());
  Tensor next = rotary(randn({8, 4, 1, 16}), 10);
  CHECK(next.shape() == Shape{8, 4, 1, 16});
}
