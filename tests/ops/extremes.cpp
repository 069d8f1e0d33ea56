// float32 where sums are long, and where squares leave its range.
#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;

namespace {

constexpr std::int64_t contributions = 4097;
// 2^24, and then ones, none of which float32 can add to it.
Tensor beyond_float32() {
  Tensor x = ones({contributions});
  x.mutable_data<float>()[0] = 16777216;
  return x;
}
constexpr float total = 16777216 + contributions - 1;

Tensor f32(const std::vector<float>& v) { return tensor(v); }

}  // namespace

TEST_CASE("contributions to one element are counted beyond 2^24", "[ops][extremes]") {
  const Tensor at = zeros({contributions}, {.dtype = int64}), up = beyond_float32();
  const Tensor x = zeros({3}, {.requires_grad = true});
  (gather(x, 0, at) * up).sum().backward();
  CHECK(test::same_bits(x.grad(), f32({total, 0, 0})));

  const Tensor w = zeros({2, 1}, {.requires_grad = true});
  const auto gradient = [&](std::optional<std::int64_t> padding, bool by_freq) {
    return grad((embedding(at, w, padding, by_freq) * reshape(up, {-1, 1})).sum(), w)[0];
  };
  CHECK(test::same_bits(gradient({}, false), tensor({{total}, {0.F}})));
  CHECK(test::same_bits(gradient(1, false), tensor({{total}, {0.F}})));
  CHECK(test::same_bits(gradient(0, false), zeros({2, 1})));
  CHECK(all_close(gradient({}, true), tensor({{total / contributions}, {0.F}}), 0, 1e-6));

  CHECK(test::same_bits(scatter_add(f32({1, 2}), 0, at, up), f32({total + 1, 2})));
  CHECK(test::same_bits(index_add(f32({0, 2}), 0, at, up), f32({total, 2})));
  CHECK(test::same_bits(index_put(f32({0, 2}), {at}, up, true), f32({total, 2})));
}

TEST_CASE("rows with many and with few contributions are added up alike", "[ops][extremes]") {
  const std::int64_t n = 5000;
  const Tensor rows = test::uniform({n, 3}, -1, 1, 3, float32);
  const Tensor at = where(remainder(arange(n), 10) == 0, remainder(arange(n), 7), 7);
  const Tensor y = index_add(zeros({9, 3}), 0, at, rows);
  const Tensor exact = index_add(zeros({9, 3}, {.dtype = float64}), 0, at, rows.to(float64));
  CHECK(all_close(y, exact.to(float32), 1e-5));
  CHECK(test::same_bits(y[7], exact[7].to(float32)));
}

TEST_CASE("norms of large and small numbers keep their digits", "[ops][extremes]") {
  for (const float size : {1e20F, 3e-20F, 1e-30F, 1e37F}) {
    INFO(size);
    const Tensor x = f32({3 * size, -4 * size});
    CHECK(all_close(norm(x), f32({5 * size}).sum(), 0, 1e-6));
    CHECK(all_close(linalg::vector_norm(x, 3), f32({4.4979415F * size}).sum(), 0, 1e-6));
    CHECK(all_close(normalize(x, {.dim = 0, .eps = 0}), f32({0.6F, -0.8F}), 1e-6));
    CHECK(all_close(cosine_similarity(x, x, 0, 0), tensor(1.), 1e-6));
    CHECK(all_close(dist(x, zeros({2})), f32({5 * size}).sum(), 0, 1e-6));
    CHECK(all_close(cdist(reshape(x, {1, 2}), zeros({1, 2})), f32({5 * size}).reshape({1, 1}), 0,
                    1e-6));
    CHECK(all_close(pairwise_distance(x, zeros({2}), 2, 0), f32({5 * size}).sum(), 0, 1e-6));
    const Tensor leaf = x.clone().requires_grad_();
    norm(leaf).backward();
    CHECK(all_close(leaf.grad(), f32({0.6F, -0.8F}), 1e-6));
  }
  const Tensor rows = tensor({{1e20, 1e20}, {3., 4.}, {0., 0.}, {1e-30, 0.}});
  CHECK(all_close(norm(rows, 2, 1), f32({1.41421356e20F, 5, 0, 1e-30F}), 0, 1e-6));
  CHECK(norm(f32({INFINITY, 1})).item<float>() == INFINITY);
  CHECK(std::isnan(norm(f32({NAN, 1})).item<float>()));
  CHECK(all_close(norm(tensor({3e200, 4e200}, {.dtype = float64})),
                  tensor(5e200, {.dtype = float64}), 0, 1e-14));
}

TEST_CASE("deviations of large and small numbers keep their digits", "[ops][extremes]") {
  // torch.std
  CHECK(all_close(xgrad::std(f32({1e20F, 3e20F})), tensor(1.41421356e20), 0, 1e-6));
  CHECK(all_close(xgrad::std(f32({1e-20F, 3e-20F})), tensor(1.41421356e-20), 0, 1e-6));
  CHECK(var(f32({1e20F, 3e20F})).dtype() == float32);
}

TEST_CASE("logcumsumexp's gradient in float32 is float64's", "[ops][extremes]") {
  const Tensor wide = test::uniform({4000}, 900, 1000, 5, float64);
  const Tensor x = wide.to(float32).requires_grad_(),
               exact = wide.to(float32).to(float64).requires_grad_();
  const Tensor up = test::uniform({4000}, -1, 1, 6, float64);
  (logcumsumexp(x, 0) * up.to(float32)).sum().backward();
  (logcumsumexp(exact, 0) * up.to(float32).to(float64)).sum().backward();
  CHECK(all_close(x.grad().to(float64), exact.grad(), 1e-6, 1e-6));
}
