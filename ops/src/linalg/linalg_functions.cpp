// Functions and norms of matrices.
#include <xgrad/ops/linalg.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

#include "checks.hpp"
#include "kernels/reduce.hpp"
#include "linalg/batched_matrices.hpp"
#include "precision.hpp"
#include "reduction/reduced_axes.hpp"

namespace xgrad {
namespace {

using namespace detail;

double default_rtol(const Shape& s, DType dtype) {
  return static_cast<double>(std::max(rows_of(s), columns_of(s))) * epsilon_of(dtype);
}
Tensor threshold_of(const Tensor& s, double rtol) { return amax(s, -1, true) * rtol; }

}  // namespace

Tensor linalg::pinv(Operand a, std::optional<double> rtol) {
  const OpScope scope("linalg.pinv", a);
  check_matrices("linalg.pinv", a);
  const double least = rtol.value_or(default_rtol(a.shape(), a.dtype()));
  const Tensor value = [&] {
    const NoGrad guard;
    const Svd f = svd(a, false);
    if (f.S.numel() == 0) return zeros(swapped(a.materialize()).shape(), {.dtype = a.dtype()});
    const Tensor inverse = where(f.S > threshold_of(f.S, least), 1 / f.S, 0);
    return matmul(swapped(f.Vh) * unsqueeze(inverse, -2), swapped(f.U));
  }();
  return record(
      {"linalg.pinv", "dA = -y^T dy y^T + (I - A y) dy^T y y^T + y^T y dy^T (I - y A)"}, {a}, value,
      save_inputs | save_output, [](const Tensor& dy, Inputs in, InputGradients dx) {
        const Tensor m = in[0], y = in.output(), yt = swapped(y), up = swapped(dy);
        const Tensor rows = matmul(up, matmul(y, yt)), columns = matmul(matmul(yt, y), up);
        dx.add(0, rows - matmul(m, matmul(y, rows)) + columns - matmul(matmul(columns, y), m) -
                      matmul(yt, matmul(dy, yt)));
      });
}

Tensor linalg::matrix_power(Operand a, std::int64_t n) {
  const OpScope scope("linalg.matrix_power", a);
  check_square("linalg.matrix_power", a);
  if (n == 0) return where(tensor(false), a, identities(a.shape(), rows_of(a.shape()), a.dtype()));
  Tensor square = n < 0 ? inv(a) : a.materialize(), y;
  for (std::uint64_t left = n < 0 ? 0 - std::uint64_t(n) : std::uint64_t(n);;) {
    if ((left & 1) != 0) y = y.defined() ? matmul(y, square) : square;
    if ((left >>= 1) == 0) return y;
    square = matmul(square, square);
  }
}

namespace {

// Pade's approximant of order 13, for norms up to 5.4 (Higham, 2005).
Tensor pade(const Tensor& a) {
  constexpr double b[] = {64764752532480000.,
                          32382376266240000.,
                          7771770303897600.,
                          1187353796428800.,
                          129060195264000.,
                          10559470521600.,
                          670442572800.,
                          33522128640.,
                          1323241920.,
                          40840800.,
                          960960.,
                          16380.,
                          182.,
                          1.};
  const Tensor one = identities(a.shape(), rows_of(a.shape()), a.dtype());
  const Tensor a2 = matmul(a, a), a4 = matmul(a2, a2), a6 = matmul(a4, a2);
  const Tensor odd = matmul(a, matmul(a6, a6 * b[13] + a4 * b[11] + a2 * b[9]) + a6 * b[7] +
                                   a4 * b[5] + a2 * b[3] + one * b[1]);
  const Tensor even = matmul(a6, a6 * b[12] + a4 * b[10] + a2 * b[8]) + a6 * b[6] + a4 * b[4] +
                      a2 * b[2] + one * b[0];
  return linalg::solve(even - odd, even + odd);
}

Tensor exponential(const Tensor& a) {
  const NoGrad guard;
  if (a.numel() == 0) return a;
  const Tensor all = a.to(float64);
  const double norm = amax(linalg::matrix_norm(all, 1.0)).item<double>();
  const int halvings = norm > 5.37 ? static_cast<int>(std::ceil(std::log2(norm / 5.37))) : 0;
  Tensor y = pade(all * std::ldexp(1.0, -halvings));
  for (int i = 0; i < halvings; ++i) y = matmul(y, y);
  return y.to(a.dtype());
}

}  // namespace

Tensor linalg::matrix_exp(Operand a) {
  const OpScope scope("linalg.matrix_exp", a);
  check_square("linalg.matrix_exp", a);
  check_finite("linalg.matrix_exp", a);
  return record({"linalg.matrix_exp", "dA = the upper right block of e^[A^T, dy; 0, A^T]"}, {a},
                exponential(a.materialize().detach()), save_inputs,
                [](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor at = swapped(in[0]);
                  const std::int64_t n = rows_of(at.shape());
                  const Tensor none = zeros(at.shape(), {.dtype = at.dtype()});
                  const Tensor block = cat({cat({at, dy}, -1), cat({none, at}, -1)}, -2);
                  dx.add(0, narrow(narrow(linalg::matrix_exp(block), -2, 0, n), -1, n, n));
                });
}

namespace {

// The cheapest order of a chain of products: matrix i is (sizes[i], sizes[i + 1]).
class Chain {
 public:
  explicit Chain(const std::vector<Tensor>& matrices) : matrices_(matrices) {
    const std::size_t n = matrices.size();
    for (const Tensor& m : matrices) sizes_.push_back(static_cast<double>(m.size(0)));
    sizes_.push_back(static_cast<double>(matrices.back().size(1)));
    cost_.assign(n, std::vector<double>(n, 0));
    cut_.assign(n, std::vector<std::size_t>(n, 0));
    for (std::size_t length = 1; length < n; ++length)
      for (std::size_t i = 0; i + length < n; ++i) choose(i, i + length);
  }
  Tensor product(std::size_t i, std::size_t j) const {
    if (i == j) return matrices_[i];
    return matmul(product(i, cut_[i][j]), product(cut_[i][j] + 1, j));
  }

 private:
  void choose(std::size_t i, std::size_t j) {
    cost_[i][j] = std::numeric_limits<double>::infinity();
    for (std::size_t k = i; k < j; ++k) {
      const double cost = cost_[i][k] + cost_[k + 1][j] + sizes_[i] * sizes_[k + 1] * sizes_[j + 1];
      if (cost < cost_[i][j]) cost_[i][j] = cost, cut_[i][j] = k;
    }
  }
  const std::vector<Tensor>& matrices_;
  std::vector<double> sizes_;
  std::vector<std::vector<double>> cost_;
  std::vector<std::vector<std::size_t>> cut_;
};

}  // namespace

Tensor linalg::multi_dot(const TensorList& tensors, Site site) {
  const OpScope scope("linalg.multi_dot", site);
  if (tensors.size() < 2)
    throw ShapeError(fmt::format(
        "linalg.multi_dot: the list has {} tensors; it must have at least 2", tensors.size()));
  std::vector<Tensor> matrices(tensors.begin(), tensors.end());
  const bool row = matrices.front().dim() == 1, column = matrices.back().dim() == 1;
  if (row) matrices.front() = unsqueeze(matrices.front(), 0);
  if (column) matrices.back() = unsqueeze(matrices.back(), 1);
  for (std::size_t i = 0; i < matrices.size(); ++i)
    if (matrices[i].dim() != 2 || (i > 0 && matrices[i].size(0) != matrices[i - 1].size(1)))
      throw ShapeError(
          fmt::format("linalg.multi_dot: tensor {} is {}; all tensors must be 2-d (the first and "
                      "the last may be 1-d), with as many rows as the tensor before has columns",
                      i, describe(tensors[i])));
  Tensor y = Chain(matrices).product(0, matrices.size() - 1);
  if (column) y = squeeze(y, 1);
  return row ? squeeze(y, 0) : y;
}

namespace {

// Sums of squares along the last axes, in one pass.
std::optional<Tensor> sum_of_squares(const Tensor& x, const Dims& dims) {
  if (x.numel() == 0) return {};
  std::int64_t n = 1;
  Shape shape = x.shape();
  int first = x.dim();
  for (; first > 0 &&
         std::find(dims.list().begin(), dims.list().end(), first - 1) != dims.list().end();
       n *= shape[first], shape[first] = 1)
    --first;
  if (static_cast<std::size_t>(x.dim() - first) != dims.list().size()) return {};
  Value value = Value::empty(shape, x.dtype());
  reduce_to_squares(x.dtype(), shape.numel(), n, raw<void>(x), value.data<void>());
  return constant(std::move(value));
}

Tensor sum_of_powers(const Tensor& size, double p, const Dims& dims) {
  if (p == 2)
    if (const auto sums = sum_of_squares(size, dims)) return *sums;
  return sum(p == 2 ? square(size) : pow(size, p), dims, true);
}
Tensor root(const Tensor& x, double p) { return p == 2 ? sqrt(x) : pow(x, 1 / p); }

// Where the powers of a norm may have overflowed or lost digits below the smallest normal number.
Tensor out_of_range(const Tensor& powers) {
  const bool wide = powers.dtype() == float64;
  return logical_not(logical_and(powers >= (wide ? 1e-280 : 1e-28), powers < INFINITY));
}

// sum(|x|^p)^(1/p), p neither 0 nor infinite; where the powers leave the type's range, of x over
// the element with the largest power.
Tensor norm_by_powers(const Tensor& size, double p, const Dims& dims) {
  const Tensor powers = sum_of_powers(size, p, dims), y = root(powers, p);
  const Tensor doubtful = out_of_range(powers);
  if (size.numel() == 0 || !any(doubtful).item<bool>()) return y;
  const Tensor sizes = abs(size);
  const Tensor largest = p > 0 ? amax(sizes, dims, true) : amin(sizes, dims, true);
  const Tensor usable = logical_and(doubtful, logical_and(largest > 0, largest < INFINITY));
  if (!any(usable).item<bool>()) return y;
  const Tensor scale = where(usable, largest, 1);
  return where(usable, root(sum_of_powers(size / scale, p, dims), p) * scale, y);
}

// The same of any x, with its gradient.
Tensor power_norm(const Operand& x, double p, std::uint64_t bits, bool keepdim) {
  const Tensor value = [&] {
    const NoGrad guard;
    const Tensor source = x.materialize().detach();
    if (bits == 0) return abs(source);
    const Tensor size = p == 2 ? source : abs(source);  // squares need no sign
    const Dims dims = dims_of(bits, size.dim());
    if (p == 1) return sum(size, dims, keepdim);
    const Tensor y = norm_by_powers(size, p, dims);
    return keepdim ? y : sum(y, dims);
  }();
  return record({"linalg.vector_norm", "dx = dy * sign(x) (|x| / y)^(p - 1)"}, {x}, value,
                save_inputs | save_output,
                [p, bits](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor source = in[0];
                  const Tensor up = with_kept_axes(dy, source.shape(), bits);
                  if (p == 1) return dx.add(0, up * sign(source));
                  const Tensor y = with_kept_axes(in.output(), source.shape(), bits);
                  const Tensor none = y.detach() == 0;
                  const Tensor divisor = where(none, 1, y);
                  if (p == 2) return dx.add(0, source * where(none, 0, up / divisor));
                  const Tensor zero = logical_or(source.detach() == 0, none);
                  const Tensor ratio = where(zero, 1, abs(source) / divisor);
                  dx.add(0, where(zero, 0, up * sign(source) * pow(ratio, p - 1)));
                });
}

}  // namespace

Tensor linalg::vector_norm(Operand x, double ord, const Dims& dim, Flag keepdim) {
  const OpScope scope("linalg.vector_norm", x);
  check_floating("linalg.vector_norm", x);
  const Axes axes = axes_of("linalg.vector_norm", x, dim);
  const std::uint64_t bits = bits_of(axes);
  if (std::isinf(ord)) {
    const Tensor size = abs(x);
    if (bits == 0) return size;
    return ord > 0 ? amax(size, dim, keepdim) : amin(size, dim, keepdim);
  }
  if (ord == 0) {
    const Tensor count = sum(ne(x, 0).to(x.dtype()), dims_of(bits, x.shape().dim()), keepdim);
    return bits == 0 ? ne(x, 0).to(x.dtype()) + x.materialize() * 0
                     : count + sum(x.materialize() * 0, dim, keepdim);
  }
  return power_norm(x, ord, bits, keepdim);
}

namespace {

// The matrices of two axes as the last two.
struct Oriented {
  Tensor matrices;
  int row, column;
};
Oriented oriented(const Operand& a, const std::vector<int>& dim) {
  if (dim.size() != 2 || a.shape().dim() < 2)
    throw ShapeError(
        fmt::format("linalg.matrix_norm: dim has {} entries; it must name 2 dims of {}", dim.size(),
                    describe(a)));
  const int row = wrap_dim("linalg.matrix_norm", a, dim[0]),
            column = wrap_dim("linalg.matrix_norm", a, dim[1]);
  if (row == column)
    throw ShapeError(
        fmt::format("linalg.matrix_norm: dim {} of {} is named twice", row, describe(a)));
  return {movedim(a, {row, column}, {-2, -1}), row, column};
}
Tensor with_axes_kept(const Tensor& y, const Oriented& o, bool keepdim) {
  if (!keepdim) return y;
  return unsqueeze(unsqueeze(y, std::min(o.row, o.column)), std::max(o.row, o.column));
}

}  // namespace

Tensor linalg::matrix_norm(Operand a, std::string_view ord, const std::vector<int>& dim,
                           Flag keepdim) {
  const OpScope scope("linalg.matrix_norm", a);
  const Oriented o = oriented(a, dim);
  if (ord == "fro") return with_axes_kept(vector_norm(o.matrices, 2, {-2, -1}), o, keepdim);
  if (ord == "nuc") return with_axes_kept(sum(svdvals(o.matrices), -1), o, keepdim);
  throw ValueError(
      fmt::format("linalg.matrix_norm: ord is '{}'; it must be 'fro', 'nuc', or one of the numbers "
                  "1, -1, 2, -2, inf and -inf",
                  ord));
}

Tensor linalg::matrix_norm(Operand a, double ord, const std::vector<int>& dim, Flag keepdim) {
  const OpScope scope("linalg.matrix_norm", a);
  const Oriented o = oriented(a, dim);
  const double size = std::abs(ord);
  Tensor sums;
  if (size == 2)
    sums = svdvals(o.matrices);
  else if (size == 1 || std::isinf(size))
    sums = sum(abs(o.matrices), size == 1 ? -2 : -1);
  else
    throw ValueError(fmt::format(
        "linalg.matrix_norm: ord is {}; it must be 1, -1, 2, -2, inf, -inf, 'fro' or 'nuc'", ord));
  return with_axes_kept(ord > 0 ? amax(sums, -1) : amin(sums, -1), o, keepdim);
}

Tensor linalg::cond(Operand a) {
  const OpScope scope("linalg.cond", a);
  const Tensor s = svdvals(a);
  return select(s, -1, 0) / select(s, -1, -1);
}
Tensor linalg::matrix_rank(Operand a, std::optional<double> rtol) {
  const OpScope scope("linalg.matrix_rank", a);
  const NoGrad guard;
  const double least = rtol.value_or(default_rtol(a.shape(), a.dtype()));
  const Tensor s = svdvals(a);
  return sum((s > threshold_of(s, least)).to(int64), -1);
}

}  // namespace xgrad
