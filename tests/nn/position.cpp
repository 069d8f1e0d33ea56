// Positions: the laws of sinusoidal and rotary embeddings, as modules and as ops.
#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;

namespace {
Tensor x(const Shape& shape, unsigned seed = 1) { return test::uniform(shape, -1, 1, seed); }
}  // namespace

TEST_CASE("sinusoidal embeddings are the paper's sines and cosines", "[nn][position]") {
  const Tensor table = sinusoidal_embedding(arange(50), 6, 10000, float64);
  CHECK(table.shape() == Shape{50, 6});
  for (int p = 0; p < 50; ++p)
    for (int i = 0; i < 3; ++i) {
      const double angle = p / std::pow(10000.0, 2 * i / 6.0);
      CHECK(std::abs(table[p][2 * i].item<double>() - std::sin(angle)) < 1e-12);
      CHECK(std::abs(table[p][2 * i + 1].item<double>() - std::cos(angle)) < 1e-12);
    }
  CHECK(sinusoidal_embedding(arange(3), 4).dtype() == float32);
  CHECK(sinusoidal_embedding(x({2, 3}), 4).dtype() == float64);
  CHECK(sinusoidal_embedding(7, 4).shape() == Shape{4});
  // Far positions keep float32's digits, as their angles are computed in float64.
  const Tensor far = tensor({1000003});
  CHECK(
      all_close(sinusoidal_embedding(far, 8), sinusoidal_embedding(far, 8, 10000, float64), 1e-7));
}

TEST_CASE("a shift of sinusoidal positions is a rotation", "[nn][position]") {
  const Tensor table = sinusoidal_embedding(arange(20), 8, 100, float64);
  // With the pairs (cos t, sin t), position p + 3 is position p rotated by position 3.
  const auto ordered = [](const Tensor& t) {
    return stack({t.index({Ellipsis, Slice(1, None, 2)}), t.index({Ellipsis, Slice(0, None, 2)})},
                 -1)
        .flatten(-2);
  };
  const Tensor shifted =
      rotary_embedding(ordered(narrow(table, 0, 0, 17)), {.positions = tensor({3}), .base = 100});
  CHECK(all_close(shifted, ordered(narrow(table, 0, 3, 17)), 1e-12));
}

TEST_CASE("the sinusoidal layer adds positions, wherever the batch is", "[nn][position]") {
  const nn::SinusoidalEmbedding later(4), first(4, {.batch_first = true});
  const Tensor s = x({2, 5, 4}), table = sinusoidal_embedding(arange(5), 4, 10000, float64);
  CHECK(all_close(first(s), s + table, 0));
  CHECK(all_close(later(s.transpose(0, 1)), (s + table).transpose(0, 1), 0));
  CHECK(all_close(later(s[0]), s[0] + table, 0));
  CHECK(all_close(first(narrow(s, 1, 3, 2), 3), narrow(first(s), 1, 3, 2), 0));
  CHECK(first(s.to(float32)).dtype() == float32);
  CHECK(later.parameters().empty());
  CHECK(to_string(first) == "SinusoidalEmbedding(embed_dim=4, base=10000, batch_first=True)");
}

TEST_CASE("a rotation keeps lengths and sees distances only", "[nn][position]") {
  const bool interleaved = GENERATE(true, false);
  const nn::RotaryEmbedding rotary(6, {.base = 50, .interleaved = interleaved});
  const Tensor q = x({2, 7, 6}), k = x({2, 7, 6}, 2);
  CHECK(all_close(norm(rotary(q), 2, -1), norm(q, 2, -1), 1e-14));
  CHECK(all_close(select(rotary(q), 1, 0), select(q, 1, 0), 0));
  const auto scores = [&](std::int64_t start) {
    return matmul(rotary(q, start), transpose(rotary(k, start), -2, -1));
  };
  CHECK(all_close(scores(1000), scores(0), 1e-11));
  CHECK(!all_close(scores(0), matmul(q, transpose(k, -2, -1)), 0.1));
  // Rotated back by the negative positions.
  const Tensor back = rotary_embedding(
      rotary(q), {.positions = -arange(7), .base = 50, .interleaved = interleaved});
  CHECK(all_close(back, q, 1e-14));
}

TEST_CASE("a rotation is the paper's matrix, and both pairings are one up to order",
          "[nn][position]") {
  const Tensor q = x({3, 4});
  const Tensor y = rotary_embedding(q);
  for (int p = 0; p < 3; ++p)
    for (int i = 0; i < 2; ++i) {
      const double t = p / std::pow(10000.0, i / 2.0);
      const double a = q[p][2 * i].item<double>(), b = q[p][2 * i + 1].item<double>();
      CHECK(std::abs(y[p][2 * i].item<double>() - (a * std::cos(t) - b * std::sin(t))) < 1e-14);
      CHECK(std::abs(y[p][2 * i + 1].item<double>() - (a * std::sin(t) + b * std::cos(t))) < 1e-14);
    }
  const Tensor order = tensor({0, 2, 1, 3});
  const Tensor halves = rotary_embedding(index_select(q, -1, order), {.interleaved = false});
  CHECK(all_close(index_select(halves, -1, order), y, 1e-15));
}

TEST_CASE("positions can be given, for each sample", "[nn][position]") {
  const Tensor q = x({2, 3, 2, 4}), positions = tensor({{5, 6}, {0, 9}}).unsqueeze(1);
  const Tensor y = rotary_embedding(q, {.positions = positions});
  CHECK(all_close(y[0], rotary_embedding(q[0], {.positions = tensor({5, 6})}), 0));
  CHECK(all_close(y[1], rotary_embedding(q[1], {.positions = tensor({0, 9})}), 0));
  CHECK(rotary_embedding(ones({0, 4})).shape() == Shape{0, 4});
  CHECK(rotary_embedding(ones({2, 3, 0})).shape() == Shape{2, 3, 0});
}

TEST_CASE("positions' errors say what arrived and what fits", "[nn][position]") {
  CHECK(
      test::throws<ValueError>([] { nn::SinusoidalEmbedding(3); },
                               {"SinusoidalEmbedding", "embed_dim is 3", "even", "position.cpp"}));
  CHECK(test::throws<ValueError>([] { nn::RotaryEmbedding(0); },
                                 {"RotaryEmbedding", "head_dim is 0"}));
  CHECK(test::throws<ValueError>([] { nn::RotaryEmbedding(2, {.base = 0}); }, {"base is 0"}));
  const nn::SinusoidalEmbedding layer(4);
  CHECK(test::throws<ShapeError>(
      [&] {
        layer(ones({2, 3}));
      },
      {"SinusoidalEmbedding", "[2, 3]", "(L, N, 4)", "position.cpp"}));
  CHECK(test::throws<ShapeError>([] { nn::RotaryEmbedding(4)(ones({4})); },
                                 {"RotaryEmbedding", "(..., L, 4)"}));
}
