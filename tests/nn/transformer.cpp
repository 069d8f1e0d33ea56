// Transformer layers and stacks: what they are made of, their masks, and calls that do not fit.
#include <cmath>
#include <limits>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;

namespace {

Tensor x(const Shape& shape, unsigned seed = 1) { return test::uniform(shape, -1, 1, seed); }

nn::TransformerLayerOptions options(nn::TransformerLayerOptions o = {}) {
  o.dim_feedforward = 6;
  o.batch_first = true;
  o.dtype = float64;
  return o;
}
Tensor padding_of(const Shape& shape, std::int64_t where_true) {
  Tensor mask = zeros({shape.numel()}, {.dtype = bool_});
  mask.mutable_data<bool>()[where_true] = true;
  return mask.reshape(shape);
}

}  // namespace

TEST_CASE("an encoder layer is the formula of its comment", "[nn][transformer]") {
  const bool norm_first = GENERATE(false, true);
  const std::string activation = GENERATE("relu", "gelu");
  const nn::TransformerEncoderLayer layer(
      4, 2, options({.dropout = 0, .activation = activation, .norm_first = norm_first}));
  const Tensor src = x({2, 3, 4}), mask = triu(ones({3, 3}, {.dtype = bool_}), 1);
  const auto attended = [&](const Tensor& a) {
    return layer.self_attn(a, a, a, {.attn_mask = mask}).output;
  };
  const auto fed = [&](const Tensor& a) {
    const Tensor inner = layer.linear1(a);
    return layer.linear2(activation == "relu" ? relu(inner) : gelu(inner));
  };
  Tensor expected;
  if (norm_first) {
    const Tensor y = src + attended(layer.norm1(src));
    expected = y + fed(layer.norm2(y));
  } else {
    const Tensor y = layer.norm1(src + attended(src));
    expected = layer.norm2(y + fed(y));
  }
  CHECK(all_close(layer(src, {.src_mask = mask}), expected, 1e-14));
  CHECK(all_close(layer(src, {.is_causal = true}), expected, 1e-14));
}

TEST_CASE("a decoder layer is the formula of its comment", "[nn][transformer]") {
  const bool norm_first = GENERATE(false, true);
  const nn::TransformerDecoderLayer layer(4, 2, options({.dropout = 0, .norm_first = norm_first}));
  const Tensor tgt = x({2, 3, 4}), memory = x({2, 5, 4}, 2), padding = padding_of({2, 5}, 7);
  const auto own = [&](const Tensor& a) {
    return layer.self_attn(a, a, a, {.is_causal = true}).output;
  };
  const auto other = [&](const Tensor& a) {
    return layer.multihead_attn(a, memory, memory, {.key_padding_mask = padding}).output;
  };
  const auto fed = [&](const Tensor& a) { return layer.linear2(relu(layer.linear1(a))); };
  Tensor y;
  if (norm_first) {
    y = tgt + own(layer.norm1(tgt));
    y = y + other(layer.norm2(y));
    y = y + fed(layer.norm3(y));
  } else {
    y = layer.norm1(tgt + own(tgt));
    y = layer.norm2(y + other(y));
    y = layer.norm3(y + fed(y));
  }
  CHECK(all_close(layer(tgt, memory, {.memory_key_padding_mask = padding, .tgt_is_causal = true}),
                  y, 1e-14));
}

TEST_CASE("a causal stack depends on nothing after a position, nor on what is padded",
          "[nn][transformer]") {
  const nn::TransformerEncoderLayer layer(4, 2, options({.dropout = 0}));
  const nn::TransformerEncoder encoder(layer, 2, nn::LayerNorm(4, {.dtype = float64}));
  const nn::TransformerDecoder decoder(nn::TransformerDecoderLayer(4, 2, options({.dropout = 0})),
                                       2);
  const Tensor s = x({2, 5, 4}), memory = x({2, 3, 4}, 2), hidden = padding_of({2, 3}, 5);
  const Tensor y = encoder(s, {.is_causal = true});
  const nn::TransformerDecoderMasks masks{.memory_key_padding_mask = hidden, .tgt_is_causal = true};
  const Tensor z = decoder(s, memory, masks);
  CHECK(all_close(encoder(s, {.mask = triu(ones({5, 5}, {.dtype = bool_}), 1)}), y, 1e-15));
  for (int length = 1; length < 5; ++length) {
    const Tensor start = narrow(s, 1, 0, length);
    CHECK(all_close(encoder(start, {.is_causal = true}), narrow(y, 1, 0, length), 1e-13));
    CHECK(all_close(decoder(start, memory, masks), narrow(z, 1, 0, length), 1e-13));
  }
  const Tensor changed = where(hidden.unsqueeze(-1), 100, memory);
  CHECK(all_close(decoder(s, changed, masks), z, 1e-13));
  // What is padded in the source does not reach the other positions.
  const Tensor padding = padding_of({2, 5}, 4);
  const Tensor seen = encoder(s, {.src_key_padding_mask = padding});
  const Tensor other =
      encoder(where(padding.unsqueeze(-1), 3, s), {.src_key_padding_mask = padding});
  CHECK(all_close(narrow(other, 1, 0, 4), narrow(seen, 1, 0, 4), 1e-13));
  CHECK(!all_close(other, seen, 1e-3));
}

TEST_CASE("a stack has clones of its layer, which start alike", "[nn][transformer]") {
  const nn::TransformerEncoderLayer layer(4, 2, options());
  nn::TransformerEncoder encoder(layer, 3, nn::LayerNorm(4, {.dtype = float64}));
  CHECK(encoder.layers.size() == 3);
  CHECK(encoder.named_parameters().size() == 3 * 12 + 2);
  CHECK(encoder.named_parameters().front().name == "layers.0.self_attn.in_proj_weight");
  CHECK(encoder.named_parameters().back().name == "norm.bias");
  for (const nn::TransformerEncoderLayer& each : encoder.layers)
    CHECK(test::same_bits(each.state_dict(), layer.state_dict()));
  encoder.get_parameter("layers.1.linear1.bias").assign(ones({6}, {.dtype = float64}));
  CHECK(!all_close(layer.linear1.bias, ones({6}), 0));
  CHECK(!all_close(encoder.layers[0].linear1.bias, ones({6}), 0));
  CHECK(all_close(encoder.layers[1].linear1.bias, ones({6}), 0));
  // A clone of the stack calls its own norm and layers.
  const nn::TransformerEncoder copy = encoder.clone();
  encoder.eval();
  nn::TransformerEncoder(copy).eval();
  const Tensor s = x({2, 3, 4}), before = encoder(s);
  copy.get_parameter("norm.weight").assign(zeros({4}));
  copy.get_parameter("norm.bias").assign(full({4}, 7.0));
  CHECK(all_close(copy(s), full({2, 3, 4}, 7.0), 0));
  CHECK(test::same_bits(encoder(s), before));
  CHECK(all_close(nn::TransformerEncoder(layer, 0)(s), s, 0));
}

TEST_CASE("Sequential and AnyModule call encoders", "[nn][transformer]") {
  nn::Sequential net(nn::SinusoidalEmbedding(4, {.batch_first = true}),
                     nn::TransformerEncoder(nn::TransformerEncoderLayer(4, 2, options()), 2),
                     nn::TransformerEncoderLayer(4, 2, options()));
  net.eval();
  const Tensor s = x({2, 3, 4});
  CHECK(net(s).shape() == Shape{2, 3, 4});
  CHECK(test::same_bits(net.clone()(s), net(s)));
  std::vector<std::string> called;
  std::vector<HookHandle> hooks;
  for (auto& [name, module] : net.named_modules())
    if (name.find("1.layers.1") == 0)
      hooks.push_back(module->register_forward_hook(
          [&called, own = name](const nn::Module&, const std::vector<Tensor>&,
                                std::vector<Tensor>&) { called.push_back(own); }));
  net(s);
  // Attention, its projection, two linear layers, two norms, three dropouts, and the layer itself.
  CHECK(called.size() == 10);
  CHECK(called.back() == "1.layers.1");
}

TEST_CASE("a transformer has PyTorch's numbers", "[nn][transformer][pytorch]") {
  // torch::nn::Transformer (libtorch 1.13) of float64, its parameters 0.4 sin(0.7 i + n) with i the
  // element and n the parameter's number, its inputs sin(0.7 i + 20) and sin(0.7 i + 21).
  const auto filled = [](const Shape& shape, double phase) {
    return sin(arange(shape.numel(), {.dtype = float64}) * 0.7 + phase).reshape(shape);
  };
  const nn::Transformer model({.d_model = 4,
                               .nhead = 2,
                               .num_encoder_layers = 1,
                               .num_decoder_layers = 2,
                               .dim_feedforward = 5,
                               .dropout = 0,
                               .activation = "gelu",
                               .dtype = float64});
  double n = 0;
  for (Tensor& p : model.parameters()) p.assign(filled(p.shape(), n++) * 0.4);
  const Tensor src = filled({3, 2, 4}, 20), tgt = filled({2, 2, 4}, 21);
  const Tensor padding = padding_of({2, 3}, 3);
  CHECK(all_close(model(src, tgt,
                        {.tgt_mask = nn::Transformer::generate_square_subsequent_mask(2, float64),
                         .src_key_padding_mask = padding,
                         .memory_key_padding_mask = padding}),
                  tensor({0.414215977483, 0.320116055748, 0.773211413949, 0.369805215491,
                          0.418694249802, 0.332859732657, 0.768038795743, 0.362567858196,
                          0.414115359091, 0.319850203668, 0.773354309461, 0.369892454903,
                          0.419971627804, 0.33669936806, 0.76636992391, 0.360240224718},
                         {.dtype = float64})
                      .reshape({2, 2, 4}),
                  1e-11));
  CHECK(all_close(model(src, tgt),
                  tensor({0.413731621691, 0.31878960873, 0.77367647323, 0.370569582887,
                          0.419593794897, 0.335577467641, 0.766964798996, 0.360789178824,
                          0.414111364909, 0.319837866048, 0.773352301572, 0.369908190985,
                          0.420475468276, 0.338251740668, 0.765722892, 0.359223270174},
                         {.dtype = float64})
                      .reshape({2, 2, 4}),
                  1e-11));
}

TEST_CASE("a transformer starts as PyTorch's", "[nn][transformer]") {
  const nn::Transformer model({.d_model = 32,
                               .nhead = 4,
                               .num_encoder_layers = 1,
                               .num_decoder_layers = 1,
                               .dim_feedforward = 64});
  for (const auto& [name, p] : model.named_parameters()) {
    if (p.dim() < 2) continue;
    const double bound = std::sqrt(6.0 / static_cast<double>(p.size(0) + p.size(1)));
    const double largest = max(abs(p)).item<double>();
    INFO(name);
    CHECK((largest <= bound && largest > 0.95 * bound));
  }
  const Tensor mask = nn::Transformer::generate_square_subsequent_mask(3);
  const double inf = std::numeric_limits<double>::infinity();
  CHECK(all_close(mask, tensor({{0., -inf, -inf}, {0., 0., -inf}, {0., 0., 0.}}), 0));
}

TEST_CASE("a transformer without bias has none", "[nn][transformer]") {
  const nn::Transformer model({.d_model = 4,
                               .nhead = 1,
                               .num_encoder_layers = 1,
                               .num_decoder_layers = 1,
                               .dim_feedforward = 2,
                               .bias = false});
  for (const auto& [name, p] : model.named_parameters())
    CHECK(name.find("bias") == std::string::npos);
  CHECK(model(ones({3, 1, 4}), ones({2, 1, 4})).shape() == Shape{2, 1, 4});
}

TEST_CASE("dropout acts in training only", "[nn][transformer]") {
  nn::TransformerEncoderLayer with(4, 2, options({.dropout = 0.5})),
      without(4, 2, options({.dropout = 0}));
  without.load_state_dict(with.state_dict());
  const Tensor s = x({2, 3, 4});
  CHECK(!all_close(with(s), without(s), 1e-3));
  with.eval();
  CHECK(test::same_bits(with(s), without(s)));
}

TEST_CASE("encoders and decoders print as PyTorch's", "[nn][transformer]") {
  const nn::TransformerEncoder encoder(nn::TransformerEncoderLayer(4, 2, options()), 1);
  CHECK(to_string(encoder) ==
        "TransformerEncoder(\n"
        "  (layers): ModuleList(\n"
        "    (0): TransformerEncoderLayer(\n"
        "      (self_attn): MultiheadAttention(\n"
        "        (out_proj): Linear(in_features=4, out_features=4, bias=True)\n"
        "      )\n"
        "      (linear1): Linear(in_features=4, out_features=6, bias=True)\n"
        "      (dropout): Dropout(p=0.1)\n"
        "      (linear2): Linear(in_features=6, out_features=4, bias=True)\n"
        "      (norm1): LayerNorm([4], eps=1e-05, elementwise_affine=True)\n"
        "      (norm2): LayerNorm([4], eps=1e-05, elementwise_affine=True)\n"
        "      (dropout1): Dropout(p=0.1)\n"
        "      (dropout2): Dropout(p=0.1)\n"
        "    )\n"
        "  )\n"
        ")");
}

TEST_CASE("a transformer's errors name it and what fits", "[nn][transformer]") {
  CHECK(test::throws<ValueError>(
      [] { nn::TransformerEncoderLayer(4, 2, {.activation = "tanh"}); },
      {"TransformerEncoderLayer", "'tanh'", "'relu' or 'gelu'", "transformer.cpp"}));
  CHECK(test::throws<ValueError>([] { nn::TransformerDecoderLayer(4, 3); },
                                 {"num_heads 3", "transformer.cpp"}));
  CHECK(test::throws<ValueError>([] { nn::TransformerEncoderLayer(4, 2, {.dropout = -1}); },
                                 {"dropout"}));
  CHECK(test::throws<ValueError>(
      [] { nn::TransformerEncoder(nn::TransformerEncoderLayer(4, 2), -1); },
      {"TransformerEncoder", "num_layers is -1"}));
  const nn::TransformerEncoderLayer layer(4, 2);
  CHECK(test::throws<ShapeError>(
      [&] {
        layer(ones({2, 3, 5}));
      },
      {"TransformerEncoderLayer", "[2, 3, 5]", "(L, N, 4)", "transformer.cpp"}));
  CHECK(test::throws<ShapeError>(
      [&] {
        layer(ones({2, 3, 4}), {.src_mask = ones({3, 3})});
      },
      {"TransformerEncoderLayer", "attn_mask is [3, 3]", "[2, 2]"}));
}
