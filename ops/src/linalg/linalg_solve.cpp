// Solvers and determinants.
#include <xgrad/ops/linalg.hpp>

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/diagonal.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/factor.hpp"
#include "linalg/batched_matrices.hpp"

namespace xgrad {
namespace {

using namespace detail;

// Both with the batch that they broadcast to.
struct Sides {
  Tensor a, b;
};
Sides broadcast_batches(const char* op, const Operand& a, const Operand& b) {
  const Shape &sa = a.shape(), &sb = b.shape();
  const std::optional<Shape> batch = broadcast_of(batch_of(sa), batch_of(sb));
  if (!batch)
    throw ShapeError(
        fmt::format("{}: the batch dims of {} and {} do not broadcast: all sizes before the last 2 "
                    "must be equal or 1",
                    op, describe(a), describe(b)));
  return {expand(a, batch_with(*batch, {rows_of(sa), columns_of(sa)})),
          expand(b, batch_with(*batch, {rows_of(sb), columns_of(sb)}))};
}

void check_solved(const char* op, const Failure& failure, const Operand& a) {
  if (failure)
    throw ValueError(fmt::format("{}: matrix {} of {} is singular: its pivot {} is 0", op,
                                 failure.matrix, describe(a), failure.info - 1));
}

// How many systems there are to solve.
std::int64_t systems_in(const Tensor& sides) {
  return sides.numel() == 0 ? 0 : batches_of(sides.shape());
}

// A X = B for batches of equal shape.
Tensor solved(const char* op, const Operand& a, const Operand& b) {
  const Tensor left = a.materialize(), right = b.materialize();
  Value value = Value::empty(right.shape(), right.dtype());
  check_solved(op,
               detail::solve(left.dtype(), systems_in(right), rows_of(right.shape()),
                             columns_of(right.shape()), raw<void>(left), raw<void>(right),
                             value.data<void>()),
               a);
  return record({op, "dB = A^-T dX, dA = -dB X^T"}, {a, b}, std::move(value),
                save_input(0) | save_output, [op](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor db = solved(op, swapped(in[0]), dy);
                  if (dx.wants(1)) dx.add(1, db);
                  if (dx.wants(0)) dx.add(0, -matmul(db, swapped(in.output())));
                });
}

void check_sides(const char* op, const Operand& a, const Operand& b, std::int64_t n) {
  if (a.dtype() != b.dtype())
    throw DTypeError(
        fmt::format("{}: {} and {} must have the same dtype", op, describe(a), describe(b)));
  if (b.shape().dim() < 2 || rows_of(b.shape()) != n)
    throw ShapeError(fmt::format("{}: {} and {} must have the same number of rows", op, describe(a),
                                 describe(b)));
}

bool is_vectors(const Shape& a, const Shape& b) {
  if (b.dim() == 1) return true;
  if (b.dim() != a.dim() - 1) return false;
  for (int i = 0; i < b.dim(); ++i)
    if (b[i] != a[i]) return false;
  return true;
}

Tensor solved_columns(const Operand& a, const Operand& b) {
  check_sides("linalg.solve", a, b, rows_of(a.shape()));
  const Sides s = broadcast_batches("linalg.solve", a, b);
  return solved("linalg.solve", s.a, s.b);
}

}  // namespace

Tensor linalg::solve(Operand a, Operand b) {
  const OpScope scope("linalg.solve", a);
  check_square("linalg.solve", a);
  check_finite("linalg.solve", a);
  if (!is_vectors(a.shape(), b.shape())) return solved_columns(a, b);
  return squeeze(solved_columns(a, unsqueeze(b, -1)), -1);
}

Tensor linalg::inv(Operand a) {
  const OpScope scope("linalg.inv", a);
  check_square("linalg.inv", a);
  check_finite("linalg.inv", a);
  const std::int64_t n = rows_of(a.shape());
  const Tensor value = [&] {
    const NoGrad guard;
    return solved("linalg.inv", a, identities(a.shape(), n, a.dtype()));
  }();
  return record({"linalg.inv", "dA = -y^T dy y^T"}, {a}, value, save_output,
                [](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor yt = swapped(in.output());
                  dx.add(0, -matmul(yt, matmul(dy, yt)));
                });
}

namespace {

// A X = B with a triangular A, for batches of equal shape.
Tensor solved_triangular(const Operand& a, const Operand& b, bool upper, bool unit) {
  const Tensor left = a.materialize(), right = b.materialize();
  Value value = Value::empty(right.shape(), right.dtype());
  check_solved("linalg.solve_triangular",
               detail::solve_triangular(left.dtype(), systems_in(right), rows_of(right.shape()),
                                        columns_of(right.shape()), upper, unit, raw<void>(left),
                                        raw<void>(right), value.data<void>()),
               a);
  return record({"linalg.solve_triangular", "dB = A^-T dX, dA = the triangle of -dB X^T"}, {a, b},
                std::move(value), save_input(0) | save_output,
                [upper, unit](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor db = solved_triangular(swapped(in[0]), dy, !upper, unit);
                  if (dx.wants(1)) dx.add(1, db);
                  if (!dx.wants(0)) return;
                  const Tensor da = -matmul(db, swapped(in.output()));
                  dx.add(0, upper ? triu(da, unit ? 1 : 0) : tril(da, unit ? -1 : 0));
                });
}

}  // namespace

Tensor linalg::solve_triangular(Operand a, Operand b, Flag upper, const TriangularOptions& o) {
  const OpScope scope("linalg.solve_triangular", a);
  check_square("linalg.solve_triangular", a);
  if (!o.left)
    return swapped(solve_triangular(transpose(a, -2, -1), transpose(b, -2, -1), !upper,
                                    {.left = true, .unitriangular = o.unitriangular}));
  check_sides("linalg.solve_triangular", a, b, rows_of(a.shape()));
  const Sides s = broadcast_batches("linalg.solve_triangular", a, b);
  return solved_triangular(s.a, s.b, upper, o.unitriangular);
}

Tensor cholesky_solve(Operand b, Operand l, Flag upper) {
  const OpScope scope("cholesky_solve", b);
  const Tensor factor = l.materialize();
  const Tensor half = linalg::solve_triangular(upper ? swapped(factor) : factor, b, false);
  return linalg::solve_triangular(upper ? factor : swapped(factor), half, true);
}

namespace {

// The sign and the logarithm of the size of each determinant, from the diagonal of U in P A = L U.
struct Determinants {
  Tensor sign, logabs, value;
};
Determinants determinants(const Operand& a) {
  const NoGrad guard;
  const Tensor source = a.materialize();
  const std::int64_t n = rows_of(source.shape());
  const Shape batch = batch_of(source.shape());
  const TensorOptions like{.dtype = source.dtype()};
  Determinants d{ones(batch, like), zeros(batch, like), ones(batch, like)};
  if (n > 0)
    detail::determinants(source.dtype(), batch.numel(), n, raw<void>(source), raw<void>(d.sign),
                         raw<void>(d.logabs), raw<void>(d.value));
  return d;
}

Tensor beside_matrices(const Tensor& x) { return unsqueeze(unsqueeze(x, -1), -1); }

bool any_zero(const Tensor& y) { return any(y.detach() == 0).item<bool>(); }

// det's gradient where a matrix is singular: U and Vh turn it into a product of numbers.
Tensor singular_gradient(const Tensor& a) {
  const linalg::Svd f = linalg::svd(a, false);
  const Tensor turn = linalg::det(f.U.detach()) * linalg::det(f.Vh.detach());
  const std::int64_t k = f.S.size(-1);
  std::vector<Tensor> others;
  for (std::int64_t i = 0; i < k; ++i) {
    const Tensor keep = ne(arange(k), i);
    others.push_back(prod(where(keep, f.S, 1), -1));
  }
  const Tensor diagonal = movedim(stack(others, 0), 0, -1);
  return beside_matrices(turn) * matmul(f.U * unsqueeze(diagonal, -2), f.Vh);
}

}  // namespace

Tensor linalg::det(Operand a) {
  const OpScope scope("linalg.det", a);
  check_square("linalg.det", a);
  check_finite("linalg.det", a);
  return record({"linalg.det", "dA = dy * y * A^-T"}, {a}, determinants(a).value,
                save_inputs | save_output, [](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor m = in[0], y = in.output();
                  if (m.numel() == 0) return dx.add(0, zeros_like(m.detach()));
                  dx.add(0, any_zero(y) ? beside_matrices(dy) * singular_gradient(m)
                                        : beside_matrices(dy * y) * swapped(linalg::inv(m)));
                });
}

linalg::SignLogabsdet linalg::slogdet(Operand a) {
  const OpScope scope("linalg.slogdet", a);
  check_square("linalg.slogdet", a);
  check_finite("linalg.slogdet", a);
  const Determinants d = determinants(a);
  return {d.sign, record({"linalg.slogdet", "dA = dy * A^-T"}, {a}, d.logabs, save_inputs,
                         [](const Tensor& dy, Inputs in, InputGradients dx) {
                           dx.add(0, beside_matrices(dy) * swapped(linalg::inv(in[0])));
                         })};
}

Tensor logdet(Operand a) {
  const OpScope scope("logdet", a);
  const linalg::SignLogabsdet d = linalg::slogdet(a);
  return where(d.sign < 0, NAN, d.logabsdet);
}

}  // namespace xgrad
