// Orders, searches and scans: laws, ties, NaN.
#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;
using test::same_bits;
using test::uniform;

TEST_CASE("sorted elements are the elements in order", "[ops][sort]") {
  for (const int dim : {0, 1, -1}) {
    const Tensor x = uniform({7, 5, 6}, -1, 1, 1);
    const auto [up, at] = sort(x, dim);
    const auto [down, from] = sort(x, dim, true);
    CHECK(all(diff(up, 1, dim) >= 0).item<bool>());
    CHECK(same_bits(flip(down, {dim}), up));
    CHECK(same_bits(take_along_dim(x, at, dim), up));
    CHECK(same_bits(topk(x, 3, dim).values, narrow(down, dim, 0, 3)));
    CHECK(same_bits(kthvalue(x, 2, dim).values, select(up, dim, 1)));
  }
}

TEST_CASE("equal elements keep their order, NaN comes last", "[ops][sort]") {
  const Tensor x = tensor({2.0, double(NAN), 1.0, 2.0, 1.0});
  const auto [up, at] = sort(x);
  CHECK(same_bits(at, tensor({2, 4, 0, 3, 1})));
  CHECK(same_bits(argsort(x, 0, true), tensor({1, 0, 3, 2, 4})));
  CHECK(same_bits(topk(x, 2).indices, tensor({1, 0})));
  CHECK(std::isnan(median(x).item<double>()));
  CHECK(nanmedian(x).item<double>() == 1);
  CHECK(max(x, 0).indices.item<int>() == 1);
  CHECK(std::isnan(quantile(x, 0.5).item<double>()));
  CHECK(nanquantile(x, 0.5).item<double>() == 1.5);
  CHECK(mode(tensor({3, 1, 3, 1, 2})).values.item<int>() == 1);
  CHECK(same_bits(cummax(tensor({1, 3, 3, 2}), 0).indices, tensor({0, 1, 2, 2})));
}

TEST_CASE("quantiles are what NumPy gives", "[ops][quantile]") {
  // numpy.quantile([3, 1, 4, 1, 5, 9, 2, 6], [0, .1, .5, .77, 1], method=...)
  const TensorOptions f64{.dtype = float64};
  const Tensor x = tensor({3., 1., 4., 1., 5., 9., 2., 6.}, f64),
               q = tensor({0., 0.1, 0.5, 0.77, 1.}, f64);
  CHECK(all_close(quantile(x, q), tensor({1., 1., 3.5, 5.39, 9.}, f64), 1e-12));
  CHECK(all_close(quantile(x, q, {}, false, "lower"), tensor({1., 1., 3., 5., 9.}, f64), 0));
  CHECK(all_close(quantile(x, q, {}, false, "higher"), tensor({1., 1., 4., 6., 9.}, f64), 0));
  CHECK(all_close(quantile(x, q, {}, false, "midpoint"), tensor({1., 1., 3.5, 5.5, 9.}, f64), 0));
  CHECK(all_close(quantile(x, q, {}, false, "nearest"), tensor({1., 1., 4., 5., 9.}, f64), 0));
  CHECK(quantile(reshape(x, {2, 4}), q, 1, true).shape() == Shape{5, 2, 1});
}

TEST_CASE("searches and counts count", "[ops][search]") {
  const Tensor edges = tensor({1.0, 3.0, 3.0, 5.0});
  CHECK(same_bits(searchsorted(edges, tensor({0.0, 3.0, 6.0})), tensor({0, 1, 4})));
  CHECK(same_bits(bucketize(tensor({0.0, 3.0, 6.0}), edges, true), tensor({0, 3, 4})));
  const Uniques u = unique_with_counts(tensor({{3, 1}, {3, 2}}));
  CHECK(same_bits(u.values, tensor({1, 2, 3})));
  CHECK(same_bits(u.inverse, tensor({{2, 0}, {2, 1}})));
  CHECK(same_bits(u.counts, tensor({1, 1, 2})));
  CHECK(same_bits(bincount(tensor({0, 2, 2}), tensor({1.0, 2.0, 0.5}), 4).to(float32),
                  tensor({1.0, 0.0, 2.5, 0.0})));
  CHECK(same_bits(histc(tensor({0.0, 1.0, 2.0, 3.9, 4.0}), 4, 0, 4), tensor({1.0, 1.0, 1.0, 2.0})));
  CHECK(same_bits(isin(tensor({1, 2, 3}), tensor({3, 1})), tensor({true, false, true})));
  CHECK(same_bits(nonzero(tensor({{0, 1}, {2, 0}})), tensor({{0, 1}, {1, 0}})));
}

TEST_CASE("running totals end in the totals", "[ops][scan]") {
  const Tensor x = uniform({4, 6}, -1, 1, 2);
  CHECK(all_close(select(cumsum(x, 1), 1, -1), x.sum(1), 1e-14));
  CHECK(all_close(select(cumprod(x, 1), 1, -1), prod(x, 1), 1e-14));
  CHECK(all_close(select(logcumsumexp(x, 1), 1, -1), logsumexp(x, 1), 1e-14));
  CHECK(same_bits(select(cummin(x, 0).values, 0, -1), amin(x, 0)));
  CHECK(all_close(select(cumulative_trapezoid(x), 1, -1), trapezoid(x), 1e-14));
  CHECK(all_close(diff(cumsum(x, 1), 1, 1), narrow(x, 1, 1, 5), 1e-14));
  const Tensor far =
      tensor({-INFINITY, -800.0, 700.0, 800.0}, {.dtype = float64, .requires_grad = true});
  const Tensor y = logcumsumexp(far, 0);
  CHECK(all_close(y.detach(), tensor({-INFINITY, -800.0, 700.0, 800.0}, {.dtype = float64}), 0));
  y.index({Slice(1)}).sum().backward();
  CHECK(all(isfinite(far.grad())).item<bool>());
}

TEST_CASE("a mask, a loop and an index give the same", "[ops][index]") {
  Tensor x = test::leaf({4, 3}, -1, 1, 3);
  const Tensor mask = x.detach() > 0;
  CHECK(same_bits(x.index({mask}).detach(), masked_select(x, mask).detach()));
  CHECK(all_close(grad(square(x.index({mask})).sum(), x)[0], where(mask, 2 * x.detach(), 0), 0));
  const Tensor rows = tensor({3, 1}), columns = tensor({0, 2});
  CHECK(same_bits(x.index({rows, columns}).detach(), stack({x[3][0], x[1][2]}).detach()));
  CHECK(x.index({None, rows, Slice(0, 2)}).shape() == Shape{1, 2, 2});
  const Tensor big = uniform({2, 3, 4, 5}, -1, 1, 4);
  CHECK(big.index({Slice(), tensor({0, 1}), Slice(), tensor({0, 1})}).shape() == Shape{2, 2, 4});
  CHECK(big.index({Slice(), tensor({0, 1}), tensor({{0}, {3}})}).shape() == Shape{2, 2, 2, 5});
  CHECK(big.index({0, Ellipsis, tensor({4, 4, 4})}).shape() == Shape{3, 4, 3});
  CHECK(same_bits(index_put(zeros({3}), {tensor({1, 1, 0})}, tensor({1.0, 2.0, 5.0})),
                  tensor({5.0, 2.0, 0.0})));
  CHECK(same_bits(index_put(zeros({3}), {tensor({1, 1, 0})}, tensor({1.0, 2.0, 5.0}), true),
                  tensor({5.0, 3.0, 0.0})));
}
