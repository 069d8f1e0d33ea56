#include <xgrad/ops/products.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/diagonal.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/rearrange.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/scan.hpp>

#include "sizes.hpp"

namespace xgrad {
namespace {

void check_axes(const char* op, const Operand& a, int axes_a, const Operand& b, int axes_b) {
  if (a.shape().dim() != axes_a || b.shape().dim() != axes_b)
    throw ShapeError(
        fmt::format("{}: {} and {} must be {}-d and {}-d; matmul and * take other shapes", op,
                    describe(a), describe(b), axes_a, axes_b));
}

Tensor added(const char* op, const Operand& x, const Tensor& product, double beta, double alpha) {
  const std::optional<Shape> both = detail::broadcast_of(x.shape(), product.shape());
  if (!both || *both != product.shape())
    throw ShapeError(
        fmt::format("{}: the input is {}; it must broadcast to {}, the shape of the product", op,
                    describe(x), to_string(product.shape())));
  const Tensor scaled = alpha == 1 ? product : product * alpha;
  if (beta == 0) return scaled;
  return add(scaled, x, beta);
}

std::vector<int> last_axes(int rank, int count) {
  std::vector<int> axes;
  for (int i = rank - count; i < rank; ++i) axes.push_back(i);
  return axes;
}

// The axes not named, in order.
std::vector<int> others(int rank, const std::vector<int>& named) {
  std::vector<int> axes;
  for (int i = 0; i < rank; ++i)
    if (std::find(named.begin(), named.end(), i) == named.end()) axes.push_back(i);
  return axes;
}
std::vector<int> joined(std::vector<int> a, const std::vector<int>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
std::int64_t numel_of(const Shape& s, const std::vector<int>& axes) {
  std::int64_t n = 1;
  for (const int i : axes) n *= s[i];
  return n;
}

}  // namespace

Tensor mm(Operand a, Operand b) {
  const OpScope scope("mm", a);
  check_axes("mm", a, 2, b, 2);
  return matmul(a, b);
}
Tensor bmm(Operand a, Operand b) {
  const OpScope scope("bmm", a);
  check_axes("bmm", a, 3, b, 3);
  if (a.shape()[0] != b.shape()[0])
    throw ShapeError(
        fmt::format("bmm: {} and {} must have the same batch size; matmul broadcasts batches",
                    describe(a), describe(b)));
  return matmul(a, b);
}
Tensor mv(Operand a, Operand b) {
  const OpScope scope("mv", a);
  check_axes("mv", a, 2, b, 1);
  return matmul(a, b);
}
Tensor dot(Operand a, Operand b) {
  const OpScope scope("dot", a);
  check_axes("dot", a, 1, b, 1);
  return matmul(a, b);
}

Tensor addmm(Operand x, Operand a, Operand b, double beta, double alpha) {
  const OpScope scope("addmm", x);
  return added("addmm", x, mm(a, b), beta, alpha);
}
Tensor addmv(Operand x, Operand a, Operand b, double beta, double alpha) {
  const OpScope scope("addmv", x);
  return added("addmv", x, mv(a, b), beta, alpha);
}
Tensor addr(Operand x, Operand a, Operand b, double beta, double alpha) {
  const OpScope scope("addr", x);
  return added("addr", x, outer(a, b), beta, alpha);
}
Tensor addbmm(Operand x, Operand a, Operand b, double beta, double alpha) {
  const OpScope scope("addbmm", x);
  return added("addbmm", x, sum(bmm(a, b), 0), beta, alpha);
}
Tensor baddbmm(Operand x, Operand a, Operand b, double beta, double alpha) {
  const OpScope scope("baddbmm", x);
  return added("baddbmm", x, bmm(a, b), beta, alpha);
}

Tensor inner(Operand a, Operand b) {
  const OpScope scope("inner", a);
  if (a.shape().dim() == 0 || b.shape().dim() == 0) return mul(a, b);
  return tensordot(a, b, {-1}, {-1});
}

Tensor outer(Operand a, Operand b) {
  const OpScope scope("outer", a);
  check_axes("outer", a, 1, b, 1);
  return mul(unsqueeze(a, 1), b);
}

Tensor tensordot(Operand a, Operand b, int dims) {
  const OpScope scope("tensordot", a);
  if (dims < 0 || dims > a.shape().dim() || dims > b.shape().dim())
    throw ShapeError(
        fmt::format("tensordot: dims is {}; it must be at least 0, and at most the number of dims "
                    "of {} and of {}",
                    dims, describe(a), describe(b)));
  std::vector<int> first;
  for (int i = 0; i < dims; ++i) first.push_back(i);
  return tensordot(a, b, last_axes(a.shape().dim(), dims), first);
}

Tensor tensordot(Operand a, Operand b, const std::vector<int>& dims_a,
                 const std::vector<int>& dims_b) {
  const OpScope scope("tensordot", a);
  std::vector<int> over_a, over_b;
  for (const int d : dims_a) over_a.push_back(detail::wrap_dim("tensordot", a, d));
  for (const int d : dims_b) over_b.push_back(detail::wrap_dim("tensordot", b, d));
  const Shape &sa = a.shape(), &sb = b.shape();
  bool fits = over_a.size() == over_b.size();
  for (std::size_t i = 0; fits && i < over_a.size(); ++i) fits = sa[over_a[i]] == sb[over_b[i]];
  if (!fits)
    throw ShapeError(
        fmt::format("tensordot: the contracted dims of {} and {} differ in size or number; they "
                    "must match pair by pair",
                    describe(a), describe(b)));
  const std::vector<int> rows = others(sa.dim(), over_a), columns = others(sb.dim(), over_b);
  const std::int64_t k = numel_of(sa, over_a);
  const Tensor left = reshape(permute(a, joined(rows, over_a)), {numel_of(sa, rows), k});
  const Tensor right = reshape(permute(b, joined(over_b, columns)), {k, numel_of(sb, columns)});
  std::vector<std::int64_t> sizes;
  for (const int i : rows) sizes.push_back(sa[i]);
  for (const int i : columns) sizes.push_back(sb[i]);
  return reshape(matmul(left, right), sizes);
}

Tensor kron(Operand a, Operand b) {
  const OpScope scope("kron", a);
  // (m, 1) and (1, n) for each axis multiply to (m, n), which is made one. One axis does where
  // either is 1.
  const int rank = std::max(a.shape().dim(), b.shape().dim());
  std::vector<std::int64_t> apart_a, apart_b, sizes;
  for (int i = 0; i < rank; ++i) {
    const int ia = i - (rank - a.shape().dim()), ib = i - (rank - b.shape().dim());
    const std::int64_t m = ia < 0 ? 1 : a.shape()[ia], n = ib < 0 ? 1 : b.shape()[ib];
    if (m != 1) apart_a.push_back(m), apart_b.push_back(1);
    if (n != 1) apart_a.push_back(1), apart_b.push_back(n);
    sizes.push_back(detail::saturated_product(m, n));
  }
  return reshape(mul(reshape(a, apart_a), reshape(b, apart_b)), sizes);
}

Tensor cross(Operand a, Operand b, std::optional<Dim> dim) {
  const OpScope scope("cross", a);
  const Shape shape = broadcast_shape("cross", a, b);
  int axis = dim.value_or(0);
  if (!dim)
    while (axis < shape.dim() && shape[axis] != 3) ++axis;
  const Tensor left = expand(a, shape), right = expand(b, shape);
  if (axis < shape.dim()) axis = detail::wrap_dim("cross", left, axis);
  if (axis >= shape.dim() || shape[axis] != 3)
    throw ShapeError(fmt::format(
        "cross: {} and {} must have size 3 along dim (by default, the first dim of size 3)",
        describe(a), describe(b)));
  // (a1 b2 - a2 b1, a2 b0 - a0 b2, a0 b1 - a1 b0)
  const auto turned = [axis](const Tensor& x, std::int64_t by) { return roll(x, {by}, {axis}); };
  return turned(left, -1) * turned(right, -2) - turned(left, -2) * turned(right, -1);
}

Tensor bilinear(Operand x1, Operand x2, const Tensor& weight, const Tensor& bias) {
  const OpScope scope("bilinear", x1);
  const Shape &s1 = x1.shape(), &s2 = x2.shape();
  bool fits = weight.dim() == 3 && s1.dim() > 0 && s1.dim() == s2.dim() &&
              s1.back() == weight.size(1) && s2.back() == weight.size(2);
  for (int i = 0; fits && i + 1 < s1.dim(); ++i) fits = s1[i] == s2[i];
  if (!fits)
    throw ShapeError(
        fmt::format("bilinear: the inputs are {} and {}, the weight {}; they must be (..., in1), "
                    "(..., in2) and (out, in1, in2)",
                    describe(x1), describe(x2), detail::describe(weight)));
  const std::int64_t out = weight.size(0), in1 = weight.size(1), in2 = weight.size(2);
  const std::int64_t rows = in1 == 0 ? 0 : s1.numel() / in1;
  // (rows, in1) (in1, out in2) to (rows, out, in2), times x2, summed over in2.
  const Tensor factors = reshape(permute(weight, {1, 0, 2}), {in1, out * in2});
  const Tensor half = reshape(matmul(reshape(x1, {rows, in1}), factors), {rows, out, in2});
  Tensor y = squeeze(matmul(half, reshape(x2, {rows, in2, 1})), 2);
  if (bias.defined()) y = y + bias;
  std::vector<std::int64_t> sizes(s1.begin(), s1.end() - 1);
  sizes.push_back(out);
  return reshape(y, sizes);
}

Tensor linalg::vecdot(Operand a, Operand b, Dim dim) {
  const OpScope scope("linalg.vecdot", a);
  const Tensor x = a.materialize(), y = b.materialize();  // mul shall not take them over
  const Tensor value = [&] {
    const NoGrad guard;
    return sum(mul(x, y), dim);
  }();
  return record({"linalg.vecdot", "da = dy * b, db = dy * a"}, {a, b}, value, save_inputs,
                [dim](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Shape both = broadcast_shape("linalg.vecdot", in[0], in[1]);
                  const Tensor up = both.dim() == 0 ? dy : expand(unsqueeze(dy, dim), both);
                  if (dx.wants(0)) dx.add(0, up * in[1]);
                  if (dx.wants(1)) dx.add(1, up * in[0]);
                });
}

Tensor vander(Operand x, std::optional<std::int64_t> n, Flag increasing) {
  const OpScope scope("vander", x);
  if (x.shape().dim() != 1) throw ShapeError(fmt::format("vander: {} must be 1-d", describe(x)));
  const std::int64_t count = n.value_or(x.shape()[0]);
  const Tensor unit = unsqueeze(x, 1);
  const Operand column(unit);
  if (count < 1) return narrow(column, 1, 0, 0);
  const Tensor factors = expand(column, {x.shape()[0], count - 1});
  const Tensor first = ones({x.shape()[0], 1}, {.dtype = x.dtype()});
  const Tensor powers = cat({first, cumprod(factors, 1)}, 1);
  return increasing ? powers : flip(powers, {1});
}

Tensor trace(Operand x) {
  const OpScope scope("trace", x);
  if (x.shape().dim() != 2) throw ShapeError(fmt::format("trace: {} must be 2-d", describe(x)));
  return sum(diagonal(x));
}

}  // namespace xgrad
