// Factorisations put together again, and what they are made for; laws of products and einsum.
#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::all_close;
using test::leaf;
using test::throws;
using test::uniform;

namespace {

const Shape sizes[] = {{4, 4}, {5, 3}, {3, 5}, {2, 4, 3}, {1, 1}, {3, 0}, {0, 2, 2}, {2, 1, 3, 3}};

Tensor h(const Tensor& x) { return transpose(x, -2, -1); }
Tensor unit(std::int64_t n) { return eye(n, {}, {.dtype = float64}); }
void check_orthogonal(const Tensor& q) {
  const Tensor product = matmul(h(q), q);
  CHECK(all_close(product, expand(unit(q.size(-1)), product.shape()), 1e-12));
}

}  // namespace

TEST_CASE("svd and qr give back what they took apart", "[ops][linalg]") {
  for (const Shape& s : sizes)
    for (const bool full : {false, true}) {
      const Tensor a = uniform(s, -1, 1, 1);
      const auto [u, sv, vh] = linalg::svd(a, full);
      const std::int64_t k = sv.size(-1);
      const Tensor back = matmul(narrow(u, -1, 0, k) * unsqueeze(sv, -2), narrow(vh, -2, 0, k));
      CHECK(all_close(back, a, 1e-12));
      check_orthogonal(u);
      check_orthogonal(h(vh));
      const auto [q, r] = linalg::qr(a, full ? "complete" : "reduced");
      CHECK(all_close(matmul(q, r), a, 1e-12));
      CHECK(all_close(triu(r), r, 0));
      CHECK(all(diagonal(r, 0, -2, -1) >= 0).item<bool>());
      check_orthogonal(q);
    }
}

TEST_CASE("eigh gives back what it took apart, by either triangle", "[ops][linalg]") {
  for (const Shape& s : {Shape{4, 4}, Shape{2, 3, 3}, Shape{0, 0}}) {
    const Tensor half = uniform(s, -1, 1, 2), a = half + h(half);
    for (const char triangle_of : {'L', 'U'}) {
      const Tensor part = triangle_of == 'L' ? tril(a) : triu(a);
      const auto [w, v] = linalg::eigh(part, triangle_of);
      CHECK(all_close(matmul(v * unsqueeze(w, -2), h(v)), a, 1e-12));
      check_orthogonal(v);
      CHECK(all_close(sort(w).values, w, 0));
    }
  }
}

TEST_CASE("solvers solve", "[ops][linalg]") {
  const Tensor a = uniform({3, 4, 4}, -1, 1, 3) + 3 * unit(4), b = uniform({4, 2}, -1, 1, 4);
  CHECK(all_close(matmul(a, linalg::solve(a, b)), expand(b, {3, 4, 2}), 1e-12));
  CHECK(all_close(matmul(linalg::inv(a), a), expand(unit(4), {3, 4, 4}), 1e-12));
  const Tensor x = linalg::solve_triangular(a, b.t(), false, {.left = false});
  CHECK(all_close(matmul(x, tril(a)), expand(b.t(), {3, 2, 4}), 1e-12));
  const Tensor one = linalg::solve_triangular(a, b, true, {.unitriangular = true});
  CHECK(all_close(matmul(triu(a, 1) + unit(4), one), expand(b, {3, 4, 2}), 1e-12));
  const Tensor spd = matmul(a, h(a)), l = linalg::cholesky(spd);
  CHECK(all_close(matmul(l, h(l)), spd, 1e-12));
  CHECK(all_close(linalg::cholesky(spd, true), h(l), 0));
  CHECK(all_close(matmul(spd, cholesky_solve(b, l)), expand(b, {3, 4, 2}), 1e-11));
  const Tensor tall = uniform({6, 3}, -1, 1, 5), y = uniform({6}, -1, 1, 6);
  CHECK(all_close(matmul(tall.t(), matmul(tall, linalg::lstsq(tall, y)) - y),
                  zeros({3}, {.dtype = float64}), 1e-12));
  CHECK(all_close(linalg::lstsq(tall, y), matmul(linalg::pinv(tall), y), 1e-12));
  const Tensor wide = tall.t(), z = uniform({3}, -1, 1, 7);
  CHECK(all_close(linalg::lstsq(wide, z), matmul(linalg::pinv(wide), z), 1e-12));
}

TEST_CASE("determinants multiply, and singular matrices have gradients too", "[ops][linalg]") {
  const Tensor a = uniform({2, 3, 3}, -1, 1, 8), b = uniform({2, 3, 3}, -1, 1, 9);
  CHECK(all_close(linalg::det(matmul(a, b)), linalg::det(a) * linalg::det(b), 1e-13));
  const auto [sign, logabs] = linalg::slogdet(a);
  CHECK(all_close(sign * exp(logabs), linalg::det(a), 1e-14));
  // The adjugate of a matrix of rank 2.
  const Tensor s =
      tensor({{1., 2., 3.}, {4., 5., 6.}, {7., 8., 9.}}, {.dtype = float64, .requires_grad = true});
  linalg::det(s * 1.0).backward();
  CHECK(all_close(s.grad(),
                  tensor({{-3., 6., -3.}, {6., -12., 6.}, {-3., 6., -3.}}, {.dtype = float64}),
                  1e-10));
  CHECK(linalg::matrix_rank(s).item<int>() == 2);
  CHECK(std::isnan(logdet(-unit(3)).item<double>()));
  CHECK(logdet(zeros({2, 2})).item<double>() == -INFINITY);
}

TEST_CASE("matrix functions obey their laws", "[ops][linalg]") {
  const Tensor a = uniform({3, 3}, -2, 2, 10);
  CHECK(all_close(matmul(matrix_exp(a), matrix_exp(-a)), unit(3), 1e-11));
  CHECK(all_close(linalg::det(matrix_exp(a)), exp(trace(a)), 1e-11, 1e-11));
  CHECK(all_close(matrix_exp(a * 8), linalg::matrix_power(matrix_exp(a), 8), 1e-4, 1e-9));
  CHECK(all_close(linalg::matrix_power(a, 5), matmul(a, linalg::matrix_power(a, 4)), 1e-10));
  CHECK(all_close(linalg::matrix_power(a, -2), linalg::inv(matmul(a, a)), 1e-9));
  const Tensor p = linalg::pinv(uniform({4, 2}, -1, 1, 11)), q = linalg::pinv(p);
  CHECK(all_close(linalg::pinv(q), p, 1e-12));
}

TEST_CASE("gradients of vectors that cannot be told apart are refused", "[ops][linalg]") {
  const Tensor x = leaf({4, 2}, -1, 1, 12);
  CHECK(throws<GraphError>([&] { linalg::svd(x).U.sum().backward(); }, {"svd", "full_matrices"}));
  CHECK(throws<GraphError>([&] { linalg::qr(x, "complete").Q.sum().backward(); },
                           {"qr", "complete"}));
  CHECK_NOTHROW(linalg::svd(x).S.sum().backward());
}

TEST_CASE("einsum is what its letters say", "[ops][einsum]") {
  const Tensor a = uniform({2, 3, 4}, -1, 1, 13), b = uniform({4, 3}, -1, 1, 14),
               c = uniform({3}, -1, 1, 15);
  CHECK(all_close(einsum("bij->bji", {a}), h(a), 0));
  CHECK(all_close(einsum("ij,ji->", {b, b.t()}), (b * b).sum(), 1e-14));
  CHECK(all_close(einsum("...j,jk", {a, b}), matmul(a, b), 1e-14));
  CHECK(all_close(einsum("bij,ji,i->b", {a, b, c}), (a * b.t() * unsqueeze(c, 1)).sum({1, 2}),
                  1e-13));
  CHECK(all_close(einsum("ii,j->j", {matmul(b, b.t()), c}), trace(matmul(b, b.t())) * c, 1e-13));
  CHECK(all_close(einsum(" i , j -> j i ", {c, c}), outer(c, c), 0));
  CHECK(all_close(einsum("...,...->...", {a, c.index({Slice(0, 1)})}), a * c[0], 1e-15));
  CHECK(all_close(einsum("ij->", {zeros({0, 3}, {.dtype = float64})}),
                  zeros({}, {.dtype = float64}), 0));
  // Four operands, in whatever order: the same.
  const Tensor d = uniform({3, 5}, -1, 1, 16);
  CHECK(all_close(einsum("bij,jk,k,kl->bil", {a, b, c, d}), matmul(matmul(a, b) * c, d), 1e-13));
}

TEST_CASE("norms obey their laws, and have the gradient 0 at 0", "[ops][linalg]") {
  const Tensor x = uniform({3, 4}, -1, 1, 17);
  for (const double p : {0.5, 1.0, 2.0, 3.0}) {
    CHECK(all_close(norm(3 * x, p), 3 * norm(x, p), 1e-12));
    const Tensor zero = zeros({3}, {.dtype = float64, .requires_grad = true});
    norm(zero, p).backward();
    CHECK(all_close(zero.grad(), zeros({3}, {.dtype = float64}), 0));
  }
  CHECK(all_close(norm(x, INFINITY), amax(abs(x)), 0));
  CHECK(norm(x, 0).item<double>() == 12);
  CHECK(all_close(square(linalg::matrix_norm(x)), square(linalg::svdvals(x)).sum(), 1e-13));
  CHECK(all_close(cdist(x, x), cdist(x, x).t(), 1e-15));
  CHECK(all_close(norm(normalize(x), 2, 1), ones({3}, {.dtype = float64}), 1e-14));
}
