// Factorisations: cholesky, eigh, svd, qr.
#include <xgrad/ops/linalg.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/diagonal.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/factor.hpp"
#include "linalg/batched_matrices.hpp"

namespace xgrad {
namespace {

using namespace detail;

// How many matrices there are to factor.
std::int64_t matrices_in(const Tensor& a) { return a.numel() == 0 ? 0 : batches_of(a.shape()); }

void check_converged(const char* op, const Failure& failure, const Operand& a) {
  if (failure)
    throw ValueError(fmt::format("{}: the algorithm did not converge for matrix {} of {}", op,
                                 failure.matrix, describe(a)));
}

// Half of the diagonal, and the lower triangle.
Tensor halved_lower(const Tensor& x) { return (tril(x) + tril(x, -1)) * 0.5; }

Tensor symmetrised(const Tensor& x) { return (x + swapped(x)) * 0.5; }

}  // namespace

Tensor linalg::cholesky(Operand a, Flag upper) {
  const OpScope scope("linalg.cholesky", a);
  if (upper) return swapped(linalg::cholesky(swapped(a.materialize())));
  check_square("linalg.cholesky", a);
  check_finite("linalg.cholesky", a);
  const Tensor source = a.materialize();
  Value value = Value::empty(source.shape(), source.dtype());
  const Failure failure =
      detail::cholesky(source.dtype(), matrices_in(source), rows_of(source.shape()),
                       raw<void>(source), value.data<void>());
  if (failure)
    throw ValueError(fmt::format("linalg.cholesky: matrix {} of {} is not positive definite",
                                 failure.matrix, describe(a)));
  return record({"linalg.cholesky", "dA = L^-T sym(L^T dL) L^-1"}, {a}, std::move(value),
                save_output, [](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor factor = in.output(), lt = swapped(factor);
                  if (factor.numel() == 0) return dx.add(0, dy);
                  const Tensor middle = symmetrised(halved_lower(matmul(lt, dy)));
                  const Tensor half = solve_triangular(lt, middle, true);
                  dx.add(0, solve_triangular(factor, half, false, {.left = false}));
                });
}

namespace {

// 1 / (w_j - w_i) beside the diagonal, 0 on it.
Tensor gaps(const Tensor& w) {
  const Tensor apart = unsqueeze(w, -2) - unsqueeze(w, -1);
  const Tensor own = eye(w.size(-1), {}, {.dtype = bool_});
  return where(own, 0, 1 / where(own, 1, apart));
}
Tensor on_diagonal(const Tensor& x) { return diag_embed(x); }

void eigh_gradient(std::span<const Tensor> dy, Inputs in, InputGradients dx) {
  const Tensor vectors = in.output(1);
  Tensor middle;
  if (dy[0].defined()) middle = on_diagonal(dy[0]);
  if (dy[1].defined()) {
    const Tensor turned = matmul(swapped(vectors), dy[1]) * gaps(in.output(0));
    middle = middle.defined() ? middle + turned : turned;
  }
  dx.add(0, symmetrised(matmul(matmul(vectors, middle), swapped(vectors))));
}

}  // namespace

namespace {

// Values, and vectors if they are wanted.
linalg::Eigh eigen(const char* op, Operand a, char uplo, bool vectors) {
  check_square(op, a);
  if (uplo != 'L' && uplo != 'U')
    throw ValueError(fmt::format("{}: uplo is '{}'; it must be 'L' or 'U'", op, uplo));
  check_finite(op, a);
  const Tensor source = a.materialize();
  const std::int64_t n = rows_of(source.shape());
  const TensorOptions like{.dtype = source.dtype()};
  linalg::Eigh e{empty(batch_with(batch_of(source.shape()), {n}), like),
                 vectors ? empty(source.shape(), like) : Tensor()};
  check_converged(
      op,
      detail::eigh(source.dtype(), matrices_in(source), n, uplo, raw<void>(source),
                   raw<void>(e.eigenvalues), vectors ? raw<void>(e.eigenvectors) : nullptr),
      a);
  return e;
}

}  // namespace

linalg::Eigh linalg::eigh(Operand a, char uplo) {
  const OpScope scope("linalg.eigh", a);
  const auto [w, v] = eigen("linalg.eigh", a, uplo, true);
  const std::vector<Tensor> results =
      record({"linalg.eigh", "dA = V (diag(dw) + (V^T dV) / (w_j - w_i)) V^T"}, {a}, {w, v},
             save_output, eigh_gradient);
  return {results[0], results[1]};
}

Tensor linalg::eigvalsh(Operand a, char uplo) {
  const OpScope scope("linalg.eigvalsh", a);
  if (a.requires_grad() && is_grad_enabled()) return eigh(a, uplo).eigenvalues;
  return eigen("linalg.eigvalsh", a, uplo, false).eigenvalues;
}

namespace {

Tensor skew(const Tensor& x) { return x - swapped(x); }

// Of the reduced factors (Townsend, 2016). What lies outside of U's and V's columns is taken from
// the identity.
void svd_gradient(std::span<const Tensor> dy, Inputs in, InputGradients dx) {
  const Tensor u = in.output(0), s = in.output(1), vh = in.output(2);
  const Tensor ut = swapped(u), v = swapped(vh), across = unsqueeze(s, -2),
               along = unsqueeze(s, -1);
  Tensor middle = dy[1].defined() ? on_diagonal(dy[1]) : on_diagonal(s * 0);
  const bool vectors = dy[0].defined() || dy[2].defined();
  const Tensor f = vectors ? gaps(s * s) : Tensor();
  if (dy[0].defined()) middle = middle + (f * skew(matmul(ut, dy[0]))) * across;
  if (dy[2].defined()) middle = middle + along * (f * skew(matmul(vh, swapped(dy[2]))));
  Tensor da = matmul(matmul(u, middle), vh);
  if (dy[0].defined() && u.size(-2) > s.size(-1)) {
    const Tensor scaled = dy[0] / across;
    da = da + matmul(scaled - matmul(u, matmul(ut, scaled)), vh);
  }
  if (dy[2].defined() && vh.size(-1) > s.size(-1)) {
    const Tensor scaled = dy[2] / along;
    da = da + matmul(u, scaled - matmul(matmul(scaled, v), vh));
  }
  dx.add(0, da);
}

// Unit vectors where a matrix has no elements.
Tensor unit_vectors(const Shape& batch, std::int64_t m, std::int64_t k, DType dtype) {
  return expand(eye(m, k, {.dtype = dtype}), batch_with(batch, {m, k})).clone();
}

}  // namespace

linalg::Svd linalg::svd(Operand a, Flag full_matrices) {
  const OpScope scope("linalg.svd", a);
  check_matrices("linalg.svd", a);
  check_finite("linalg.svd", a);
  const Tensor source = a.materialize();
  const std::int64_t m = rows_of(source.shape()), n = columns_of(source.shape());
  const std::int64_t k = std::min(m, n);
  const bool full = full_matrices && m != n;
  const Shape batch = batch_of(source.shape());
  const Tensor u = unit_vectors(batch, m, full ? m : k, source.dtype()),
               vh = unit_vectors(batch, full ? n : k, n, source.dtype()),
               s = empty(batch_with(batch, {k}), {.dtype = source.dtype()});
  check_converged("linalg.svd",
                  detail::svd(source.dtype(), matrices_in(source), m, n, full, raw<void>(source),
                              raw<void>(u), raw<void>(s), raw<void>(vh)),
                  a);
  const std::vector<Tensor> results = record(
      {"linalg.svd", "dA = U (diag(dS) + skew parts of U^T dU and V^T dV) Vh"}, {a}, {u, s, vh},
      save_output, [full, k](std::span<const Tensor> dy, Inputs in, InputGradients dx) {
        if (!full) return svd_gradient(dy, in, dx);
        if (dy[0].defined() || dy[2].defined())
          throw GraphError(
              "linalg.svd: U and Vh have no gradient if full_matrices is true, because their last "
              "vectors are not unique; use svd(a, false)");
        dx.add(0, matmul(narrow(in.output(0), -1, 0, k) * unsqueeze(dy[1], -2),
                         narrow(in.output(2), -2, 0, k)));
      });
  return {results[0], results[1], results[2]};
}

Tensor linalg::svdvals(Operand a) {
  const OpScope scope("linalg.svdvals", a);
  if (a.requires_grad() && is_grad_enabled()) return svd(a, false).S;
  check_matrices("linalg.svdvals", a);
  check_finite("linalg.svdvals", a);
  const Tensor source = a.materialize();
  const std::int64_t m = rows_of(source.shape()), n = columns_of(source.shape());
  const Tensor s =
      empty(batch_with(batch_of(source.shape()), {std::min(m, n)}), {.dtype = source.dtype()});
  check_converged("linalg.svdvals",
                  detail::svd(source.dtype(), matrices_in(source), m, n, false, raw<void>(source),
                              nullptr, raw<void>(s), nullptr),
                  a);
  return s;
}

namespace {

struct Factors {
  Tensor q, r;
};
// Q with k columns, R with k rows; the diagonal of R made not negative.
Factors householder(const Tensor& a, std::int64_t k) {
  const std::int64_t m = rows_of(a.shape()), n = columns_of(a.shape());
  const Shape batch = batch_of(a.shape());
  const Factors f{unit_vectors(batch, m, k, a.dtype()),
                  zeros(batch_with(batch, {k, n}), {.dtype = a.dtype()})};
  detail::qr(a.dtype(), matrices_in(a), m, n, k, raw<void>(a), raw<void>(f.q), raw<void>(f.r));
  return f;
}

// The lower triangle mirrored to the upper.
Tensor mirrored(const Tensor& x) { return tril(x) + swapped(tril(x, -1)); }

// For at least as many rows as columns (Walter and Lehmann, 2010).
void qr_gradient(std::span<const Tensor> dy, Inputs in, InputGradients dx) {
  const Tensor q = in.output(0), r = in.output(1);
  Tensor middle = r * 0, outside = q * 0;
  if (dy[1].defined()) middle = middle + matmul(r, swapped(dy[1]));
  if (dy[0].defined()) {
    middle = middle - matmul(swapped(dy[0]), q);
    outside = outside + dy[0];
  }
  const Tensor right = outside + matmul(q, mirrored(middle));
  dx.add(0, swapped(linalg::solve_triangular(r, swapped(right), true)));
}

Factors tall_qr(const Operand& a) {
  const Tensor source = a.materialize();
  const Factors f = householder(source, columns_of(source.shape()));
  const std::vector<Tensor> results =
      record({"linalg.qr", "dA = (dQ + Q mirrored(R dR^T - dQ^T Q)) R^-T"}, {a}, {f.q, f.r},
             save_output, qr_gradient);
  return {results[0], results[1]};
}

}  // namespace

linalg::Qr linalg::qr(Operand a, std::string_view mode) {
  const OpScope scope("linalg.qr", a);
  check_matrices("linalg.qr", a);
  check_finite("linalg.qr", a);
  if (mode != "reduced" && mode != "complete")
    throw ValueError(
        fmt::format("linalg.qr: mode is '{}'; it must be 'reduced' or 'complete'", mode));
  const std::int64_t m = rows_of(a.shape()), n = columns_of(a.shape());
  if (m < n) {  // the first columns decide Q
    const Tensor source = a.materialize();
    const Factors f = tall_qr(narrow(source, -1, 0, m));
    const Tensor rest = narrow(source, -1, m, n - m);
    return {f.q, cat({f.r, matmul(swapped(f.q), rest)}, -1)};
  }
  if (mode == "reduced" || m == n) {
    const Factors f = tall_qr(a);
    return {f.q, f.r};
  }
  const Factors f = householder(a.materialize(), m);
  const std::vector<Tensor> results =
      record({"linalg.qr", "none for 'complete'"}, {a}, {f.q, f.r}, save_nothing,
             [](std::span<const Tensor>, Inputs, InputGradients) {
               throw GraphError(
                   "linalg.qr: mode 'complete' has no gradient for more rows than columns, because "
                   "the last columns of Q are not unique; use 'reduced'");
             });
  return {results[0], results[1]};
}

Tensor linalg::lstsq(Operand a, Operand b) {
  const OpScope scope("linalg.lstsq", a);
  check_matrices("linalg.lstsq", a);
  if (b.shape().dim() == 1 || b.shape().dim() == a.shape().dim() - 1)
    return squeeze(lstsq(a, unsqueeze(b, -1)), -1);
  if (rows_of(a.shape()) >= columns_of(a.shape())) {
    const Qr f = qr(a);
    return solve_triangular(f.R, matmul(swapped(f.Q), b), true);
  }
  const Qr f = qr(transpose(a, -2, -1));  // the shortest of all solutions
  return matmul(f.Q, solve_triangular(swapped(f.R), b, false));
}

}  // namespace xgrad
