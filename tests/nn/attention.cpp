// MultiheadAttention: what its definition promises, its masks, and calls that do not fit.
#include <cmath>
#include <limits>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

Tensor x(const Shape& shape, unsigned seed = 1) { return test::uniform(shape, -1, 1, seed); }

nn::MultiheadAttention attention_of(nn::MultiheadAttentionOptions o = {}) {
  o.dtype = float64;
  return nn::MultiheadAttention(4, 2, o);
}
Tensor blocked(const Shape& shape, const std::vector<std::int64_t>& where_true) {
  Tensor all = zeros({shape.numel()}, {.dtype = bool_});
  for (const std::int64_t i : where_true) all.mutable_data<bool>()[i] = true;
  return all.reshape(shape);
}
// A bool mask in floats.
Tensor in_floats(const Tensor& mask) {
  return where(mask, -inf, zeros(mask.shape(), {.dtype = float64}));
}

}  // namespace

TEST_CASE("attention is the formula of its comment", "[nn][attention]") {
  const nn::MultiheadAttention layer = attention_of({.batch_first = true});
  const Tensor q = x({3, 2, 4}), k = x({3, 5, 4}, 2), v = x({3, 5, 4}, 3);
  const auto part = [&](const Tensor& of, int which) {
    return linear(of, narrow(layer.in_proj_weight, 0, 4 * which, 4),
                  narrow(layer.in_proj_bias, 0, 4 * which, 4));
  };
  std::vector<Tensor> heads, weights;
  for (int h = 0; h < 2; ++h) {
    const auto head = [&](const Tensor& of, int which) {
      return narrow(part(of, which), -1, 2 * h, 2);
    };
    weights.push_back(
        softmax(matmul(head(q, 0), transpose(head(k, 1), -2, -1)) / std::sqrt(2.0), -1));
    heads.push_back(matmul(weights.back(), head(v, 2)));
  }
  const Tensor expected = linear(cat(heads, -1), layer.out_proj.weight, layer.out_proj.bias);
  const auto [y, averaged] = layer(q, k, v);
  CHECK(all_close(y, expected, 1e-14));
  CHECK(all_close(averaged, (weights[0] + weights[1]) / 2, 1e-14));
  const Attention each = layer(q, k, v, {.average_attn_weights = false});
  CHECK(all_close(each.weights, stack(weights, 1), 1e-14));
  CHECK(all_close(each.weights.sum(-1), ones({3, 2, 2}), 1e-14));
  const Attention without = layer(q, k, v, {.need_weights = false});
  CHECK(all_close(without.output, expected, 1e-14));
  CHECK(!without.weights.defined());
}

TEST_CASE("the batch's place, and whether there is one, does not matter", "[nn][attention]") {
  const nn::MultiheadAttention later = attention_of(), first = attention_of({.batch_first = true});
  nn::MultiheadAttention(first).load_state_dict(later.state_dict());
  const Tensor q = x({2, 3, 4}), k = x({5, 3, 4}, 2);
  const Tensor mask = blocked({2, 5}, {1, 8}), padding = blocked({3, 5}, {0, 7});
  const Attention a = later(q, k, k, {.key_padding_mask = padding, .attn_mask = mask});
  const Attention b = first(transpose(q, 0, 1), transpose(k, 0, 1), transpose(k, 0, 1),
                            {.key_padding_mask = padding, .attn_mask = mask});
  CHECK(all_close(transpose(b.output, 0, 1), a.output, 1e-14));
  CHECK(all_close(b.weights, a.weights, 1e-14));
  for (int n = 0; n < 3; ++n) {
    const Attention one = later(select(q, 1, n), select(k, 1, n), select(k, 1, n),
                                {.key_padding_mask = padding[n], .attn_mask = mask});
    CHECK(all_close(one.output, select(a.output, 1, n), 1e-14));
    CHECK(all_close(one.weights, a.weights[n], 1e-14));
    CHECK(later(select(q, 1, n), select(k, 1, n), select(k, 1, n), {.average_attn_weights = false})
              .weights.shape() == Shape{2, 2, 5});
  }
}

TEST_CASE("a masked key has no influence, on values or gradients", "[nn][attention]") {
  const nn::MultiheadAttention layer = attention_of({.batch_first = true});
  const Tensor q = x({2, 3, 4}), k = test::leaf({2, 4, 4}, -1, 1, 2),
               v = test::leaf({2, 4, 4}, -1, 1, 3);
  const Tensor padding = blocked({2, 4}, {3, 4});  // the last of one sample, the first of another
  for (const Tensor& mask : {padding, in_floats(padding)}) {
    const Attention a = layer(q, k, v, {.key_padding_mask = mask});
    CHECK(all_close(select(a.weights[0], -1, 3), zeros({3}), 0));
    CHECK(all_close(select(a.weights[1], -1, 0), zeros({3}), 0));
    const std::vector<Tensor> slopes = grad((a.output * a.output).sum(), {k, v});
    const Tensor hidden = padding.unsqueeze(-1);
    for (const Tensor& slope : slopes) {
      CHECK(all_close(where(hidden, slope, 0), zeros(slope.shape()), 0));
      CHECK(count_nonzero(slope).item<int>() == 2 * 3 * 4);
    }
    const Tensor elsewhere = where(hidden, 1e3, k.detach());
    CHECK(test::same_bits(layer(q, elsewhere, v, {.key_padding_mask = mask}).output.detach(),
                          a.output.detach()));
  }
}

TEST_CASE("a causal query depends on nothing after it", "[nn][attention]") {
  const nn::MultiheadAttention layer = attention_of({.batch_first = true});
  const Tensor s = x({2, 5, 4});
  const Tensor later = triu(ones({5, 5}, {.dtype = bool_}), 1);
  const Tensor y = layer(s, s, s, {.is_causal = true}).output;
  CHECK(all_close(layer(s, s, s, {.attn_mask = later}).output, y, 1e-15));
  CHECK(all_close(layer(s, s, s, {.attn_mask = in_floats(later)}).output, y, 1e-15));
  CHECK(all_close(layer(s, s, s, {.attn_mask = later, .is_causal = true}).output, y, 1e-15));
  for (int length = 1; length < 5; ++length) {
    const Tensor start = narrow(s, 1, 0, length);
    CHECK(all_close(layer(start, start, start, {.is_causal = true}).output, narrow(y, 1, 0, length),
                    1e-14));
  }
}

TEST_CASE("masks of several kinds act together", "[nn][attention]") {
  const nn::MultiheadAttention layer = attention_of({.batch_first = true});
  const Tensor q = x({2, 3, 4}), k = x({2, 4, 4}, 2);
  const Tensor padding = blocked({2, 4}, {3}), each = blocked({4, 3, 4}, {1, 14, 40});
  const Tensor shift = x({3, 4}, 5);
  const Tensor both = layer(q, k, k, {.key_padding_mask = padding, .attn_mask = each}).output;
  const Tensor floats =
      layer(q, k, k, {.key_padding_mask = in_floats(padding), .attn_mask = in_floats(each)}).output;
  CHECK(all_close(floats, both, 1e-15));
  // Padding of each sample, a shift for all: written out for each head.
  const Tensor together =
      (shift.unsqueeze(0) + in_floats(padding).unsqueeze(1)).unsqueeze(1);  // (N, 1, L, S)
  CHECK(all_close(
      layer(q, k, k, {.key_padding_mask = padding, .attn_mask = shift}).output,
      layer(q, k, k, {.attn_mask = expand(together, {2, 2, 3, 4}).reshape({4, 3, 4})}).output,
      1e-15));
  // A shift of all keys changes nothing.
  CHECK(all_close(layer(q, k, k, {.attn_mask = full({3, 4}, 2.5)}).output, layer(q, k, k).output,
                  1e-14));
  const Tensor blind = layer(q, k, k, {.attn_mask = blocked({3, 4}, {4, 5, 6, 7})}).output;
  CHECK(all(isnan(select(blind, 1, 1))).item<bool>());
  CHECK(!any(isnan(select(blind, 1, 0))).item<bool>());
}

TEST_CASE("added keys are seen by all, whatever the masks", "[nn][attention]") {
  const Tensor q = x({3, 2, 4}), k = x({4, 2, 4}, 2), none = ones({3, 4}, {.dtype = bool_});
  const nn::MultiheadAttention zero = attention_of({.add_zero_attn = true});
  const Attention of_zeros = zero(q, k, k, {.attn_mask = none});
  CHECK(all_close(of_zeros.output, expand(zero.out_proj.bias, {3, 2, 4}), 1e-15));
  CHECK(all_close(of_zeros.weights, expand(tensor({0., 0., 0., 0., 1.}), {2, 3, 5}), 1e-15));
  const nn::MultiheadAttention more = attention_of({.add_bias_kv = true, .add_zero_attn = true});
  const Attention of_bias = more(q, k, k, {.attn_mask = in_floats(none)});
  CHECK(of_bias.weights.shape() == Shape{2, 3, 6});
  CHECK(all_close(narrow(of_bias.weights, -1, 4, 2).sum(-1), ones({2, 3}), 1e-15));
  const Tensor share =
      select(more(q, k, k, {.attn_mask = none, .average_attn_weights = false}).weights, -1, 4);
  const Tensor values = more.bias_v.reshape({2, 1, 2}) * share.unsqueeze(-1);  // (N, H, L, 2)
  const Tensor joined = values.permute({2, 0, 1, 3}).flatten(-2);
  CHECK(all_close(of_bias.output, linear(joined, more.out_proj.weight, more.out_proj.bias), 1e-14));
}

TEST_CASE("attention with added keys, and keys of another size, has PyTorch's numbers",
          "[nn][attention][pytorch]") {
  // torch::nn::MultiheadAttention (libtorch 1.13) of float64, its parameters 0.4 sin(0.7 i + n)
  // with i the element and n the parameter's number, its inputs sin(0.7 i + 10), + 11 and + 12.
  const auto filled = [](const Shape& shape, double phase) {
    return sin(arange(shape.numel(), {.dtype = float64}) * 0.7 + phase).reshape(shape);
  };
  const nn::MultiheadAttention layer =
      attention_of({.add_bias_kv = true, .add_zero_attn = true, .kdim = 3, .vdim = 3});
  double n = 0;
  for (Tensor& p : layer.parameters()) p.assign(filled(p.shape(), n++) * 0.4);
  const Tensor q = filled({2, 2, 4}, 10), k = filled({3, 2, 3}, 11), v = filled({3, 2, 3}, 12);
  const auto [y, weights] = layer(q, k, v, {.key_padding_mask = blocked({2, 3}, {2})});
  CHECK(all_close(y,
                  tensor({0.173788663559, 0.489479318203, 0.253308190389, 0.200259794978,
                          0.0858864675884, 0.567263262822, 0.194630845631, 0.233050060606,
                          0.176694997487, 0.487467171781, 0.254193635085, 0.200603369853,
                          0.0818306348315, 0.572175498978, 0.189429841089, 0.237938829795},
                         {.dtype = float64})
                      .reshape({2, 2, 4}),
                  1e-11));
  CHECK(all_close(weights,
                  tensor({0.264635172102,
                          0.246045033491,
                          0,
                          0.25919537336,
                          0.230124421047,
                          0.250133138406,
                          0.261656554804,
                          0,
                          0.260729299236,
                          0.227481007555,
                          0.262816538315,
                          0.171828269137,
                          0.153605683148,
                          0.209530180201,
                          0.2022193292,
                          0.239121185575,
                          0.200963868308,
                          0.148400437542,
                          0.209998972402,
                          0.201515536174},
                         {.dtype = float64})
                      .reshape({2, 2, 5}),
                  1e-11));
  // Upstream gradients sin(0.7 i + 14) and + 15.
  ((y * filled({2, 2, 4}, 14)).sum() + (weights * filled({2, 2, 5}, 15)).sum()).backward();
  CHECK(all_close(layer.bias_k.grad(),
                  tensor({-0.0181294404664, 0.0254502531979, -0.0531297003959, 0.0342663169258},
                         {.dtype = float64})
                      .reshape({1, 1, 4}),
                  1e-11));
  CHECK(all_close(layer.k_proj_weight.grad(),
                  tensor({0.0108412939977, 0.057602748535, 0.0772727303685, 0.00383182810117,
                          -0.0395517625453, -0.0643335412534, 0.00597404844424, -0.02222006724,
                          -0.0399637381032, 0.0410433677112, 0.0422730201982, 0.0236210107518},
                         {.dtype = float64})
                      .reshape({4, 3}),
                  1e-11));
}

TEST_CASE("dropout takes weights in training only", "[nn][attention]") {
  nn::MultiheadAttention layer = attention_of({.dropout = 0.4, .batch_first = true});
  const Tensor s = x({2, 9, 4});
  manual_seed(3);
  const Attention a = layer(s, s, s, {.average_attn_weights = false});
  const double dropped = (a.weights == 0).to(float64).mean().item<double>();
  CHECK(std::abs(dropped - 0.4) < 0.1);
  layer.eval();
  const Attention b = layer(s, s, s, {.average_attn_weights = false});
  CHECK(count_nonzero(b.weights).item<int>() == b.weights.numel());
  CHECK(all_close(where(a.weights == 0, 0, b.weights / 0.6), a.weights, 1e-14));
}

TEST_CASE("attention starts and is named as PyTorch's", "[nn][attention]") {
  nn::MultiheadAttention layer(64, 4, {.add_bias_kv = true});
  std::vector<std::string> names;
  for (const auto& [name, p] : layer.named_parameters()) names.push_back(name);
  CHECK(names == std::vector<std::string>{"in_proj_weight", "in_proj_bias", "bias_k", "bias_v",
                                          "out_proj.weight", "out_proj.bias"});
  const double bound = std::sqrt(6.0 / (64 + 3 * 64));
  const double largest = max(abs(layer.in_proj_weight)).item<double>();
  CHECK((largest <= bound && largest > 0.99 * bound));
  CHECK(all_close(layer.in_proj_bias, zeros({192}), 0));
  CHECK(all_close(layer.out_proj.bias, zeros({64}), 0));
  CHECK(std::abs(xgrad::std(layer.bias_k).item<double>() - std::sqrt(2.0 / 128)) < 0.04);
  const nn::MultiheadAttention sizes(4, 2, {.bias = false, .kdim = 3});
  CHECK(!sizes.in_proj_weight.defined());
  CHECK(sizes.k_proj_weight.shape() == Shape{4, 3});
  CHECK(sizes.v_proj_weight.shape() == Shape{4, 4});
  CHECK(sizes.named_parameters().size() == 4);
  CHECK(to_string(layer) ==
        "MultiheadAttention(\n"
        "  (out_proj): Linear(in_features=64, out_features=64, bias=True)\n)");
  const nn::MultiheadAttention copy = layer.clone();
  CHECK(test::same_bits(copy.state_dict(), layer.state_dict()));
  layer.out_proj.bias.assign(ones({64}));
  CHECK(copy.get_parameter("out_proj.bias").sum().item<double>() == 0);
}

TEST_CASE("hooks see attention's tensors, and a summary its cost", "[nn][attention]") {
  nn::MultiheadAttention layer(4, 2, {.kdim = 3, .vdim = 2, .batch_first = true});
  const Tensor q = ones({2, 3, 4}), k = ones({2, 5, 3}), v = ones({2, 5, 2});
  std::size_t seen = 0;
  const HookHandle handle = layer.register_forward_hook(
      [&](const nn::Module&, const std::vector<Tensor>& inputs, std::vector<Tensor>& outputs) {
        seen = 10 * inputs.size() + outputs.size();
        outputs[0] = outputs[0] * 0;
      });
  CHECK(layer(q, k, v).output.sum().item<double>() == 0);
  CHECK(seen == 32);
  CHECK(layer.forward(q, k, v).output.sum().item<double>() != 0);
  const nn::ModelSummary s = nn::summary(layer, {{2, 3, 4}, {2, 5, 3}, {2, 5, 2}});
  // Projections of 6 queries, 10 keys, 10 values; two products of 6 x 5 x 4; the output's.
  CHECK(s.multiply_adds == 6 * 4 * 4 + 10 * 3 * 4 + 10 * 2 * 4 + 2 * 6 * 5 * 4 + 6 * 4 * 4);
}

TEST_CASE("attention of nothing is nothing", "[nn][attention]") {
  const nn::MultiheadAttention layer(4, 2, {.batch_first = true});
  CHECK(layer(ones({0, 3, 4}), ones({0, 2, 4}), ones({0, 2, 4})).output.shape() == Shape{0, 3, 4});
  const Attention a = layer(ones({2, 0, 4}), ones({2, 3, 4}), ones({2, 3, 4}));
  CHECK(a.output.shape() == Shape{2, 0, 4});
  CHECK(a.weights.shape() == Shape{2, 0, 3});
}

TEST_CASE("attention's errors say what arrived and what fits", "[nn][attention]") {
  using nn::MultiheadAttention;
  CHECK(test::throws<ValueError>(
      [] { MultiheadAttention(5, 2); },
      {"MultiheadAttention", "5", "num_heads 2", "divide", "attention.cpp"}));
  CHECK(test::throws<ValueError>([] { MultiheadAttention(4, 0); }, {"num_heads 0"}));
  CHECK(
      test::throws<ValueError>([] { MultiheadAttention(4, 2, {.dropout = 2}); }, {"dropout is 2"}));
  CHECK(test::throws<ValueError>([] { MultiheadAttention(4, 2, {.kdim = 0}); }, {"kdim is 0"}));
  const MultiheadAttention layer(4, 2, {.vdim = 3});
  const Tensor q = ones({2, 3, 4}), v = ones({2, 3, 3}), mask = ones({2, 2});
  const auto refuses = [&](const Tensor& a, const Tensor& b, const Tensor& c) {
    return test::throws<ShapeError>(
        [&] { layer(a, b, c); },
        {"MultiheadAttention: query", "(L, N, 4)", "(S, N, 3)", "or without N"});
  };
  CHECK(refuses(q, q, q));
  CHECK(refuses(q, ones({2, 2, 4}), ones({2, 2, 3})));
  CHECK(refuses(q, q, ones({1, 3, 3})));
  CHECK(refuses(ones({3, 4}), q, v));
  CHECK(refuses(ones({4}), ones({4}), ones({3})));
  const auto mask_refused = [&](const nn::MultiheadAttentionForwardOptions& o, const char* what) {
    return test::throws<ShapeError>([&] { layer(q, q, v, o); }, {"MultiheadAttention", what});
  };
  CHECK(mask_refused({.key_padding_mask = mask},
                     "key_padding_mask is [2, 2] float32; it must be [3, 2]"));
  CHECK(mask_refused({.attn_mask = ones({3, 3})}, "it must be [2, 2] or [6, 2, 2]"));
  CHECK(test::throws<DTypeError>([&] { layer(q, q, v, {.attn_mask = mask.to(int64)}); },
                                 {"attn_mask", "int64", "bool"}));
}
