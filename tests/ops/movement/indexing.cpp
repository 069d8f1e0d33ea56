// Parts of tensors: values against index arithmetic, edges, and what is refused.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::same_bits;
using test::throws;

namespace {

// 0, 1, 2, ... in a shape.
Tensor counted(const Shape& shape) { return reshape(arange(shape.numel()), shape); }

}  // namespace

TEST_CASE("an index takes what its arithmetic says", "[ops][index]") {
  const Tensor x = counted({4, 5, 6});
  for (const std::int64_t start : {0, 1, -2, -9, 3, 4, 7})
    for (const std::int64_t stop : {0, 2, -1, 4, 9})
      for (const std::int64_t step : {1, 2, 3, 5}) {
        const Tensor y = x.index({Slice(start, stop, step), 2, Slice(None, None, step)});
        std::vector<std::int64_t> expected;
        const auto wrap = [](std::int64_t i) {
          return std::clamp<std::int64_t>(i < 0 ? i + 4 : i, 0, 4);
        };
        std::int64_t rows = 0;
        for (std::int64_t i = wrap(start); i < wrap(stop); i += step, ++rows)
          for (std::int64_t k = 0; k < 6; k += step) expected.push_back(i * 30 + 12 + k);
        CHECK(y.shape() == Shape{rows, (6 + step - 1) / step});
        CHECK(same_bits(y.flatten(), tensor(expected).flatten()));
      }
  CHECK(same_bits(x.index({}), x));
  CHECK(same_bits(x.index({Ellipsis, -1}), x.index({Slice(), Slice(), 5})));
  CHECK(x.index({None, 1, Ellipsis, None}).shape() == Shape{1, 5, 6, 1});
  CHECK(same_bits(x[1][2][3], tensor(30 + 12 + 3)));
  CHECK(same_bits(x.index({true}), x[1]));  // an integral position, as any other
}

TEST_CASE("an index that cannot be is refused, at the line that asked", "[ops][index]") {
  const Tensor x = counted({2, 3});
  const int line = __LINE__ + 1;
  const auto far = [&] { return x[2]; };
  CHECK(throws<ShapeError>(
      far, {"index 2", "[2, 3]", "[-2, 1]", "indexing.cpp:" + std::to_string(line)}));
  CHECK(throws<ShapeError>([&] { x.index({0, 0, 0}); }, {"index", "3 dims", "[2, 3]"}));
  CHECK(throws<ShapeError>([&] { x.index({Ellipsis, Ellipsis}); }, {"2 Ellipsis"}));
  CHECK(throws<ShapeError>([&] { x.index({Slice(0, 2, 0)}); }, {"step 0", "flip"}));
  CHECK(throws<ShapeError>([&] { x.index({Slice(0, 2, -1)}); }, {"step -1"}));
  CHECK(throws<ShapeError>([&] { select(x, 2, 0); }, {"select", "dim 2"}));
  CHECK(throws<ShapeError>([&] { select(tensor(1.0), 0, 0); }, {"select", "0-d"}));
  CHECK(throws<ShapeError>([&] { narrow(x, 1, 2, 2); }, {"narrow", "start 2 with length 2"}));
  CHECK(throws<GraphError>([] { Tensor()[0]; }, {"undefined"}));
}

TEST_CASE("a loop over rows adds each gradient into its part", "[ops][index]") {
  const std::int64_t n = 500;
  const Tensor x = test::uniform({n, 3}, -1, 1, 1).requires_grad_();
  Tensor total = zeros({3}, {.dtype = float64});
  for (std::int64_t i = 0; i < n; ++i) total = total + x[i] * static_cast<double>(i);
  total.sum().backward();
  const Tensor expected = expand(unsqueeze(arange(n).to(float64), 1), {n, 3});
  CHECK(test::all_close(x.grad(), expected, 1e-12));
}

TEST_CASE("flip, roll and permute move each element where they say", "[ops][reshape]") {
  const Tensor x = counted({2, 3});
  CHECK(same_bits(flip(x, {1}), tensor({{2, 1, 0}, {5, 4, 3}})));
  CHECK(same_bits(flip(flip(x, {0, 1}), {0, 1}), x));
  CHECK(same_bits(roll(x, {1}, {1}), tensor({{2, 0, 1}, {5, 3, 4}})));
  CHECK(same_bits(roll(x, {-1}), tensor({{1, 2, 3}, {4, 5, 0}})));
  CHECK(same_bits(roll(roll(x, {7, -5}, {0, 1}), {-7, 5}, {0, 1}), x));
  CHECK(same_bits(permute(x, {1, 0}), x.t()));
  const Tensor y = counted({2, 3, 4, 5});
  const Tensor p = permute(y, {2, 0, 3, 1});
  CHECK(p.shape() == Shape{4, 2, 5, 3});
  CHECK(p[1][0][3][2].item<int>() == y[0][2][1][3].item<int>());
  CHECK(same_bits(permute(p, {1, 3, 0, 2}), y));
  CHECK(throws<ShapeError>([&] { permute(x, {0}); }, {"permute", "1 dims", "[2, 3]"}));
  CHECK(throws<ShapeError>([&] { permute(x, {0, -2}); }, {"named twice"}));
  CHECK(throws<ShapeError>([&] { flip(x, {0, 0}); }, {"flip", "twice"}));
  CHECK(throws<ShapeError>([&] { roll(x, {1, 2}, {0}); }, {"roll", "2 shifts", "1 dims"}));
  CHECK(throws<ShapeError>([&] { unsqueeze(x, 3); }, {"unsqueeze", "3", "[-3, 2]"}));
}

TEST_CASE("cat and split are each other's inverse", "[ops][join]") {
  const Tensor x = counted({4, 5, 3});
  for (const int dim : {0, 1, 2, -1}) {
    CHECK(same_bits(cat(split(x, 2, dim), dim), x));
    CHECK(same_bits(stack(unbind(x, dim), dim), x));
    CHECK(same_bits(cat(chunk(x, 3, dim), dim), x));
  }
  CHECK(cat({ones({2}), zeros({0}), ones({3}, {.dtype = float64})}).dtype() == float64);
  CHECK(cat({tensor({1, 2}), tensor({true})}).dtype() == int64);
  CHECK(throws<ShapeError>([] { cat({}); }, {"cat", "empty"}));
  CHECK(throws<ShapeError>(
      [] {
        cat({ones({2, 3}), ones({2, 4})});
      },
      {"cat", "[2, 3]", "[2, 4]", "dim 0"}));
  CHECK(throws<ShapeError>([] { cat({tensor(1.0)}); }, {"stack"}));
  CHECK(throws<ShapeError>([] { stack({ones({2}), ones({3})}); }, {"stack", "[2]", "[3]"}));
  CHECK(throws<ShapeError>([&] { split(x, {1, 2}, 0); }, {"split", "[1, 2]", "dim 0"}));
  CHECK(throws<ShapeError>([&] { split(x, 0, 0); }, {"split", "positive"}));
  CHECK(throws<ShapeError>([&] { chunk(x, 0); }, {"chunk", "chunks is 0"}));
  CHECK(throws<ShapeError>([] { unbind(tensor(1.0)); }, {"unbind", "0-d"}));
}

TEST_CASE("gather and embedding refuse positions that are not there", "[ops][gather]") {
  const Tensor x = counted({2, 3});
  CHECK(same_bits(gather(x, 1, tensor({{2, 0}, {1, 1}})), tensor({{2, 0}, {4, 4}})));
  CHECK(throws<ValueError>([&] { gather(x, 1, tensor({{3}})); }, {"gather", "3", "[0, 3)"}));
  CHECK(throws<ValueError>([&] { gather(x, 1, tensor({{-1}})); }, {"-1"}));
  CHECK(throws<DTypeError>([&] { gather(x, 1, tensor({{1.0}})); }, {"int64"}));
  CHECK(throws<ShapeError>([&] { gather(x, 1, tensor({1})); }, {"gather", "[2, 3]"}));
  CHECK(throws<ShapeError>(
      [&] {
        scatter_add(x, 0, tensor({{0, 1}}), tensor({{1}}));
      },
      {"scatter_add"}));
  CHECK(throws<ShapeError>([&] { embedding(tensor({0}), ones({3})); }, {"embedding", "(rows"}));
  CHECK(embedding(zeros({2, 0}, {.dtype = int64}), ones({3, 4})).shape() == Shape{2, 0, 4});
}

TEST_CASE("statistics keep their conventions at the edges", "[ops][reduction]") {
  const auto item = [](const Tensor& t) { return t.item<double>(); };
  CHECK(std::isnan(item(var(tensor({3.0})))));  // one value: 0 over 0
  CHECK(item(var(tensor({3.0}), {}, false, 0)) == 0);
  CHECK(std::isnan(item(xgrad::std(zeros({0})))));
  CHECK(item(prod(zeros({0}))) == 1);
  CHECK(prod(tensor({3, 4})).dtype() == int64);
  CHECK(item(prod(tensor({3, 4}))) == 12);
  CHECK(item(logsumexp(tensor({-INFINITY, -INFINITY}), 0)) == -INFINITY);
  CHECK(item(logsumexp(tensor({1.0, INFINITY}), 0)) == INFINITY);
  CHECK(item(logsumexp(tensor({1000.0, 1000.0}), 0)) == Approx(1000 + std::log(2.0)));
  CHECK(item(logsumexp(zeros({0}), 0)) == -INFINITY);
  CHECK(same_bits(cumsum(tensor({true, true, false}), 0), tensor({1, 2, 2})));
  Tensor flat = full({4}, 2.0, {.requires_grad = true});
  xgrad::std(flat).backward();
  CHECK(same_bits(flat.grad(), zeros({4})));  // 0, not 0 / 0
  // 10^6 values far from 0: two passes lose nothing
  const Tensor far = test::uniform({1000000}, 1e4, 1e4 + 1, 3, float32);
  CHECK(item(var(far)) == Approx(item(var(far.to(float64)))).epsilon(1e-4));
  CHECK(test::all_close(cumsum(full({100000}, 0.1f), 0)[-1], tensor(1e4), 1e-2));
  CHECK(throws<DTypeError>([] { var(tensor({1, 2})); }, {"var", "int64"}));
  CHECK(throws<ShapeError>([] { prod(ones({2, 2}), {0, 1}); }, {"prod", "2 dims"}));
}

TEST_CASE("integers stay integers where they can", "[ops][integers]") {
  CHECK(same_bits(pow(tensor({2, -3}), 3), tensor({8, -27})));
  CHECK(same_bits(pow(2, tensor({0, 10, 62})), tensor({1, 1024, std::int64_t{1} << 62})));
  CHECK(throws<ValueError>([] { pow(tensor({2}), -1); }, {"pow", "-1", "float32"}));
  CHECK(same_bits(maximum(tensor({1, 5}), 3), tensor({3, 5})));
  CHECK(same_bits(clamp(tensor({-7, 0, 7}), -2, 2), tensor({-2, 0, 2})));
  CHECK(same_bits(floor(tensor({3, -3})), tensor({3, -3})));
  CHECK(same_bits(sign(tensor({3, 0, -3})), tensor({1, 0, -1})));
  CHECK(same_bits(abs(tensor({3, -3})), tensor({3, 3})));
  CHECK(sin(tensor({1})).dtype() == float32);
  CHECK(pow(tensor({2}), 0.5).dtype() == float32);
  CHECK(pow(tensor({2.0f}, {.dtype = float64}), 2).dtype() == float64);
}

TEST_CASE("losses refuse what they cannot take", "[ops][loss]") {
  const Tensor x = tensor({0.5, 1.5});
  CHECK(throws<ValueError>([&] { binary_cross_entropy(x, ones({2})); },
                           {"binary_cross_entropy", "1.5", "with_logits"}));
  CHECK(throws<ValueError>([&] { mse_loss(x, x, Reduction::batchmean); }, {"mse_loss", "kl_div"}));
  CHECK(throws<ValueError>([&] { huber_loss(x, x, Reduction::mean, 0); }, {"delta is 0"}));
  CHECK(throws<ValueError>([&] { smooth_l1_loss(x, x, Reduction::mean, -1); }, {"beta is -1"}));
  CHECK(throws<ValueError>([&] { gelu(x, "exact"); }, {"gelu", "'exact'"}));
  CHECK(throws<ValueError>([&] { dropout(x, -0.1); }, {"dropout", "-0.1"}));
  CHECK(throws<DTypeError>([&] { dropout(tensor({1})); }, {"dropout", "int64"}));
  // far logits lose nothing: log(1 + e^-1000) is 0, and 1000 where the target is 0
  const Tensor far = tensor({1000., -1000.}, {.dtype = float64});
  CHECK(same_bits(binary_cross_entropy_with_logits(far, tensor({1., 0.}, {.dtype = float64}),
                                                   {.reduction = Reduction::none}),
                  zeros({2}, {.dtype = float64})));
  CHECK(
      binary_cross_entropy_with_logits(far, tensor({0., 1.}, {.dtype = float64})).item<double>() ==
      1000);
}

TEST_CASE("an index that is changed after it was read is noticed", "[ops][indexing]") {
  const auto refuses = [](auto op, const char* name) {
    Tensor index = zeros({2, 3}, {.dtype = int64});
    const Tensor x = ones({2, 3}, {.requires_grad = true});
    const Tensor y = op(x, index).sum();
    index.assign(ones({2, 3}, {.dtype = int64}));
    CHECK(test::throws<GraphError>([&] { y.backward(); }, {name, "changed in place"}));
    CHECK(!x.grad().defined());
  };
  refuses([](const Tensor& x, const Tensor& index) { return gather(x, 1, index); }, "gather");
  refuses(
      [](const Tensor& x, const Tensor& index) {
        return scatter_add(ones({2, 3}), 1, index, x);
      },
      "scatter_add");
}
