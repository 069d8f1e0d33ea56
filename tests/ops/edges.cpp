// What random calls beside libtorch found: options and arguments at their edges.
#include <limits>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;

TEST_CASE("with ceil_mode a window may be larger than the image", "[ops][pooling]") {
  const Tensor x = tensor({{{1.0, 5.0}}}, {.dtype = float64});
  CHECK(all_close(max_pool1d(x, 3, {.stride = 2, .ceil_mode = true}),
                  tensor({{{5.0}}}, {.dtype = float64}), 0));
  CHECK(all_close(avg_pool1d(x, 3, {.stride = 2, .ceil_mode = true}),
                  tensor({{{3.0}}}, {.dtype = float64}), 0));
  CHECK_THROWS_AS(max_pool1d(x, 4, {.stride = 2, .ceil_mode = true}), ShapeError);
}

TEST_CASE("the median of no floats is NaN", "[ops][sorting]") {
  CHECK(std::isnan(median(zeros({0, 2}, {.dtype = float64})).item<double>()));
  CHECK(std::isnan(nanmedian(zeros({0})).item<float>()));
}

TEST_CASE("NaN scores give a margin ranking loss that is NaN", "[ops][loss]") {
  CHECK(
      std::isnan(margin_ranking_loss(tensor({NAN}), tensor({1.0}), tensor({1.0})).item<double>()));
}

TEST_CASE("a target that is neither 1 nor -1 counts for both sides of the hinge", "[ops][loss]") {
  // torch.nn.functional.hinge_embedding_loss(tensor(0.25), tensor(0.0)): (1 - 0.25) + 0.25
  CHECK(hinge_embedding_loss(tensor(0.25), tensor(0.0)).item<double>() == 1);
}

TEST_CASE("a quantile has a gradient for its fraction", "[ops][sorting]") {
  const Tensor x = tensor({1.0, 2.0, 5.0}, {.dtype = float64});
  const Tensor q = tensor(0.75, {.dtype = float64}).requires_grad_();
  quantile(x, q).backward();
  CHECK(all_close(q.grad(), tensor(6.0, {.dtype = float64}), 1e-12));  // 2 ranks * (5 - 2)
}

TEST_CASE("logsumexp takes integers as float32", "[ops][reduction]") {
  const Tensor y = logsumexp(tensor({0, 0}), {0});
  CHECK(y.dtype() == float32);
  CHECK(all_close(y, tensor(std::log(2.0)).to(float32), 1e-7));
}

TEST_CASE("one_hot of nothing wants the number of classes", "[ops][scatter]") {
  CHECK_THROWS_AS(one_hot(zeros({0}, {.dtype = int64})), ValueError);
  CHECK(one_hot(zeros({0}, {.dtype = int64}), 3).shape() == Shape{0, 3});
}

TEST_CASE("a part that is put in place takes the tensor's dtype", "[ops][scatter]") {
  const Tensor x = zeros({2, 2}, {.dtype = float64});
  CHECK(all_close(select_scatter(x, tensor({3, 4}), 0, 1),
                  tensor({{0.0, 0.0}, {3.0, 4.0}}, {.dtype = float64}), 0));
  CHECK(slice_scatter(x, ones({1, 2}), 0, Slice(0, 1)).dtype() == float64);
}

TEST_CASE("infinity and NaN do not become integers", "[ops][scatter]") {
  const Tensor x = zeros({2}, {.dtype = int64}), at = tensor({1});
  CHECK_THROWS_AS(scatter(x, 0, at, INFINITY), ValueError);
  CHECK_THROWS_AS(index_fill(x, 0, at, NAN), ValueError);
}

TEST_CASE("NaN and infinity stay with their own products", "[ops][scan]") {
  CHECK(equal(cumprod(tensor({2.0, INFINITY, 3.0}), 0), tensor({2.0, INFINITY, INFINITY})));
  const Tensor x = tensor({{NAN, 2.0}}, {.dtype = float64, .requires_grad = true});
  const Tensor src = tensor({{3.0, 4.0}}, {.dtype = float64});
  const Tensor y = scatter_reduce(x, 0, tensor({{0, 0}}), src, "prod");
  CHECK(std::isnan(y.index({0, 0}).item<double>()));
  CHECK(y.index({0, 1}).item<double>() == 8);
  y.sum().backward();
  CHECK(equal(x.grad(), src));
}

TEST_CASE("cholesky reads the triangle that it gives", "[ops][linalg]") {
  CHECK(
      equal(linalg::cholesky(tensor({{4.0, 1e20}, {2.0, 5.0}})), tensor({{2.0, 0.0}, {1.0, 2.0}})));
  CHECK(equal(linalg::cholesky(tensor({{4.0, 2.0}, {1e20, 5.0}}), true),
              tensor({{2.0, 1.0}, {0.0, 2.0}})));
}

TEST_CASE("a tensor without axes has one slice", "[ops][scatter]") {
  const Tensor x = tensor(1.0), twice = tensor({0, 0});
  CHECK(index_fill(x, 0, twice, -3.0).item<float>() == -3);
  CHECK(index_fill(x, -1, zeros({0}, {.dtype = int64}), -3.0).item<float>() == 1);
  CHECK_THROWS_AS(index_select(x, 0, twice), ShapeError);
  CHECK_THROWS_AS(index_copy(x, 0, twice, x), ShapeError);
  CHECK_THROWS_AS(index_add(x, 0, twice, x), ShapeError);
}

TEST_CASE("an infinite p takes the largest of each window", "[ops][pooling]") {
  const Tensor x = tensor({{{0.5, -3.0, 2.0}}});
  CHECK(equal(lp_pool1d(x, INFINITY, 2, {.stride = 1}), tensor({{{3.0, 3.0}}})));
}

TEST_CASE("integers stay integers beside integers", "[ops][elementwise]") {
  const Tensor x = tensor({1, 2});
  CHECK(equal(sub(x, 1, 2), tensor({-1, 0})));
  CHECK(equal(addcmul(x, x, x, 2), tensor({3, 10})));
  CHECK(equal(pad(x, {1, 0}, "constant", 7), tensor({7, 1, 2})));
}

TEST_CASE("shapes that PyTorch refuses", "[ops]") {
  CHECK_THROWS_AS(bmm(ones({2, 1, 1}), ones({1, 1, 1})), ShapeError);
  CHECK_THROWS_AS(unflatten(ones({1}), 0, {-1, -1}), ShapeError);
  CHECK_THROWS_AS(diff(ones({2, 1}), 0, 1, ones({1, 1})), ShapeError);
  CHECK_THROWS_AS(local_response_norm(ones({2, 3}), 2), ShapeError);
  CHECK(normalize(zeros({0}), {.p = INFINITY, .dim = 0}).shape() == Shape{0});
}

TEST_CASE("equal elements share the gradient of the median of all", "[ops][sorting]") {
  const TensorOptions leaf{.dtype = float64, .requires_grad = true};
  const Tensor x = tensor({2.0, 5.0, 2.0, 1.0}, leaf);
  Tensor y = tensor({NAN, 3.0, NAN}, leaf);
  median(x).backward();
  CHECK(equal(x.grad(), tensor({0.5, 0.0, 0.5, 0.0}, {.dtype = float64})));
  median(y).backward();
  const Tensor halves = tensor({0.5, 0.0, 0.5}, {.dtype = float64});
  CHECK(equal(y.grad(), halves));
  y.zero_grad();
  amax(y).backward();
  CHECK(equal(y.grad(), halves));
}

TEST_CASE("batchmean divides by the input's batch", "[ops][loss]") {
  const Tensor x = tensor({0.5}), target = tensor({{0.25}, {0.75}});
  CHECK(kl_div(x, target, Reduction::batchmean).item<float>() ==
        kl_div(x, target, Reduction::sum).item<float>());
}

TEST_CASE("a position in a tensor without axes is a position", "[ops][indexing]") {
  const Tensor x = arange(24).reshape({2, 3, 4});
  CHECK(equal(index(x, {Slice(), tensor({0, 2}), tensor(-1)}),
              index(x, {Slice(), tensor({0, 2}), -1})));
  CHECK(equal(index(x, {tensor(1)}), select(x, 0, 1)));
  CHECK(index(x, {tensor(0), Slice(), tensor({1, 1})}).shape() == Shape{3, 2});
  CHECK_THROWS_AS(index(x, {tensor(2)}), ShapeError);
  CHECK(index(x, {tensor(true)}).shape() == Shape{1, 2, 3, 4});
}

TEST_CASE("a power of 0 is the identity even of NaN", "[ops][linalg]") {
  CHECK(equal(linalg::matrix_power(full({2, 2}, NAN), 0), eye(2)));
}

TEST_CASE("targets behind a sample's length do not count", "[ops][loss]") {
  const Tensor x = log_softmax(ones({4, 1, 3}), -1), times = tensor({4}), length = tensor({1});
  CHECK(equal(ctc_loss(x, tensor({{2, -100}}), times, length),
              ctc_loss(x, tensor({{2}}), times, length)));
  CHECK_THROWS_AS(ctc_loss(x, tensor({{0}}), times, length), ValueError);  // the blank
}

TEST_CASE("nothing has no variance, whatever the correction", "[ops][reduction]") {
  CHECK(std::isnan(var(zeros({0}), {}, false, -2).item<float>()));
}

TEST_CASE("one right side for matrices of a batch", "[ops][linalg]") {
  CHECK(linalg::solve(ones({1, 1, 1}), ones({1})).shape() == Shape{1, 1});
}

TEST_CASE("logcumsumexp has a second derivative at large numbers", "[ops][scan]") {
  const Tensor x = tensor({800.0, 801.0}, {.dtype = float64, .requires_grad = true});
  const Tensor g = grad(logcumsumexp(x, 0).sum(), {x}, {.create_graph = true})[0];
  const double p = 1 / (1 + std::exp(1.0));  // the share of the first in the second result
  CHECK(all_close(grad(g.index({0}), {x})[0],
                  tensor({p * (1 - p), -p * (1 - p)}, {.dtype = float64}), 1e-12));
}

TEST_CASE("equal elements fill histc's middle bin, however large", "[ops][counting]") {
  CHECK(equal(histc(full({3}, 1e20), 4), tensor({0.0, 0.0, 3.0, 0.0})));
}

TEST_CASE("repeat and kron take as many axes as there are", "[ops][arrange]") {
  const Tensor x = ones(Shape(std::vector<std::int64_t>(16, 1)));
  std::vector<std::int64_t> twice(16, 1);
  twice[15] = 2;
  CHECK(repeat(x, twice).numel() == 2);
  CHECK(kron(x, x).shape() == x.shape());
  CHECK(equal(kron(tensor({1, 2}), tensor({{1}, {3}})), tensor({{1, 2}, {3, 6}})));
  CHECK(kron(zeros({1LL << 40, 0}), zeros({1, 0})).numel() == 0);
}

TEST_CASE("a negative norm of numbers far apart is that of the smallest", "[ops][linalg]") {
  CHECK(all_close(linalg::vector_norm(tensor({1e-20, 1.0}), -2), tensor(1e-20).to(float32), 1e-6));
}

TEST_CASE("polygamma of the highest orders", "[ops][special]") {
  constexpr int odd = std::numeric_limits<int>::max();
  const auto at = [](int n, double x) {
    return polygamma(n, tensor(x, {.dtype = float64})).item<double>();
  };
  CHECK(at(odd, 0.5) == INFINITY);
  CHECK(at(odd - 1, 0.5) == -INFINITY);
  CHECK(at(odd - 1, -0.4) == INFINITY);
  CHECK(at(odd, 1e12) == 0);
}
