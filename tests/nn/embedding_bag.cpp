#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("a bag of each row of indices is their embeddings reduced", "[nn][embedding]") {
  const Tensor indices = tensor({{0, 2, 2}, {4, 1, 0}});
  const nn::Embedding table(5, 3, {.dtype = float64});
  const auto bag = [&](const char* mode) {
    nn::EmbeddingBag layer(5, 3, {.mode = mode, .dtype = float64});
    layer.weight.assign(table.weight.detach());
    return layer(indices).detach();
  };
  const Tensor rows = table(indices).detach();
  CHECK(test::all_close(bag("sum"), rows.sum(1), 1e-14));
  CHECK(test::all_close(bag("mean"), rows.mean(1), 1e-14));
  CHECK(test::all_close(bag("max"), amax(rows, 1), 0));
  CHECK(to_string(nn::EmbeddingBag(5, 3)) == "EmbeddingBag(5, 3, mode='mean')");
}

TEST_CASE("offsets begin bags, and empty ones are zeros", "[nn][embedding]") {
  const Tensor w = test::uniform({5, 2}, -1, 1, 1), indices = tensor({0, 3, 3, 1});
  const Tensor offsets = tensor({0, 2, 2, 3});
  for (const char* mode : {"sum", "mean", "max"}) {
    const Tensor y = embedding_bag(indices, w, {.offsets = offsets, .mode = mode});
    REQUIRE(y.shape() == Shape{4, 2});
    const auto expected = [&](const Tensor& rows) {
      const std::string m = mode;
      return m == "sum" ? rows.sum(0) : m == "mean" ? rows.mean(0) : amax(rows, 0);
    };
    CHECK(test::all_close(y[0], expected(cat({w[0].unsqueeze(0), w[3].unsqueeze(0)})), 1e-14));
    CHECK(test::all_close(y[1], zeros({2}), 0));
    CHECK(test::all_close(y[2], w[3], 1e-14));
    CHECK(test::all_close(y[3], w[1], 1e-14));
    CHECK(test::same_bits(
        embedding_bag(
            indices, w,
            {.offsets = tensor({0, 2, 2, 3, 4}), .mode = mode, .include_last_offset = true}),
        y));
  }
  const Tensor none = zeros({0}, {.dtype = int64});
  CHECK(embedding_bag(none, w, {.offsets = none}).shape() == Shape{0, 2});
  CHECK(test::all_close(embedding_bag(none, w, {.offsets = tensor({0, 0})}), zeros({2, 2}), 0));
}

TEST_CASE("weights of samples, padding and frequencies", "[nn][embedding]") {
  const Tensor w = test::leaf({4, 2}, -1, 1, 1), indices = tensor({{0, 2}, {2, 3}});
  const Tensor s = test::leaf({2, 2}, 0.5, 2, 2);
  const auto f = [&](const Tensor& weight, const Tensor& factors) {
    return embedding_bag(indices, weight, {.mode = "sum", .per_sample_weights = factors});
  };
  CHECK(test::all_close(f(w, s).detach(), (embedding(indices, w) * s.unsqueeze(-1)).sum(1).detach(),
                        1e-14));
  CHECK(gradcheck(f, {w, s}));
  for (const char* mode : {"sum", "mean", "max"}) {
    const auto g = [&](const Tensor& weight) {
      return embedding_bag(indices, weight, {.mode = mode, .padding_idx = 2});
    };
    CHECK(test::all_close(g(w).detach(), index_select(w, 0, tensor({0, 3})).detach(), 1e-14));
    CHECK(gradcheck(g, {w}));
  }
  CHECK(test::all_close(embedding_bag(indices, w, {.padding_idx = -2}).detach(),
                        embedding_bag(indices, w, {.padding_idx = 2}).detach(), 0));
  embedding_bag(indices, w, {.scale_grad_by_freq = true, .mode = "sum"}).sum().backward();
  CHECK(test::all_close(w.grad().sum(1), tensor({2., 0., 2., 2.}), 1e-14));
  const nn::EmbeddingBag padded(4, 2, {.padding_idx = -1});
  CHECK(test::all_close(padded.weight[3].detach(), zeros({2}), 0));
}

TEST_CASE("bags that cannot be are refused", "[nn][embedding]") {
  const Tensor w = ones({4, 2}), i = tensor({0, 1, 2});
  CHECK(
      test::throws<ShapeError>([&] { embedding_bag(i, w); }, {"embedding_bag", "[3]", "offsets"}));
  CHECK(test::throws<ShapeError>([&] { embedding_bag(tensor({{0}}), w, {.offsets = i}); },
                                 {"2-d"}));
  for (const Tensor& offsets : {tensor({1, 2}), tensor({0, 2, 1}), tensor({0, 4}), tensor({0, -1})})
    CHECK(test::throws<ValueError>([&] { embedding_bag(i, w, {.offsets = offsets}); },
                                   {"embedding_bag", "offsets", "3 indices"}));
  CHECK(test::throws<DTypeError>([&] { embedding_bag(i, w, {.offsets = tensor({0.})}); },
                                 {"offsets", "int64"}));
  CHECK(test::throws<ValueError>(
      [&] { embedding_bag(i, w, {.offsets = tensor({0}), .mode = "min"}); }, {"'min'", "'max'"}));
  CHECK(test::throws<ValueError>(
      [&] { embedding_bag(i, w, {.offsets = tensor({0}), .per_sample_weights = ones({3})}); },
      {"per_sample_weights", "'sum'"}));
  CHECK(test::throws<ShapeError>(
      [&] {
        embedding_bag(i, w,
                      {.offsets = tensor({0}), .mode = "sum", .per_sample_weights = ones({2})});
      },
      {"per_sample_weights", "[3]"}));
  CHECK(test::throws<ValueError>([&] { embedding_bag(tensor({{4}}), w); }, {"4", "[0, 4)"}));
  CHECK(test::throws<ShapeError>(
      [&] {
        embedding_bag(i, w, {.offsets = zeros({0}, {.dtype = int64}), .include_last_offset = true});
      },
      {"include_last_offset"}));
}
