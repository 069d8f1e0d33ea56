#include <xgrad/ops/distance.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

#include "checks.hpp"

namespace xgrad {
namespace {

Tensor difference(const Operand& a, const Operand& b) { return sub(a, b); }

}  // namespace

Tensor norm(Operand x, double p, const Dims& dim, Flag keepdim) {
  const OpScope scope("norm", x);
  return linalg::vector_norm(x, p, dim, keepdim);
}
Tensor norm(Operand x, std::string_view p, const Dims& dim, Flag keepdim) {
  const OpScope scope("norm", x);
  const std::size_t named = dim.list().size();
  if (p == "fro" && named <= 2) return linalg::vector_norm(x, 2, dim, keepdim);
  if (p == "nuc" && (named == 2 || (named == 0 && x.shape().dim() == 2)))
    return linalg::matrix_norm(x, "nuc", named == 0 ? std::vector<int>{-2, -1} : dim.list(),
                               keepdim);
  throw ValueError(
      fmt::format("norm: p is '{}' with {} dims of {}; p must be a number, 'fro' with at most 2 "
                  "dims, or 'nuc' with 2 dims (or none, for a 2-d tensor)",
                  p, named, describe(x)));
}

Tensor dist(Operand a, Operand b, double p) {
  const OpScope scope("dist", a);
  return linalg::vector_norm(difference(a, b), p);
}

Tensor pairwise_distance(Operand a, Operand b, double p, double eps, Flag keepdim) {
  const OpScope scope("pairwise_distance", a);
  return linalg::vector_norm(difference(a, b) + eps, p, {-1}, keepdim);
}

Tensor cdist(Operand a, Operand b, double p) {
  const OpScope scope("cdist", a);
  const Shape &sa = a.shape(), &sb = b.shape();
  if (sa.dim() < 2 || sb.dim() < 2 || sa.back() != sb.back())
    throw ShapeError(fmt::format("cdist: {} and {} must be (..., m, k) and (..., n, k)",
                                 describe(a), describe(b)));
  if (!(p >= 0)) throw ValueError(fmt::format("cdist: p is {}; it must be at least 0", p));
  const Tensor apart = difference(unsqueeze(a, -2), unsqueeze(b, -3));
  return linalg::vector_norm(apart, p, {-1});
}

Tensor cosine_similarity(Operand a, Operand b, Dim dim, double eps) {
  const OpScope scope("cosine_similarity", a);
  const Shape shape = broadcast_shape("cosine_similarity", a, b);
  const Tensor x = expand(a, shape), y = expand(b, shape);
  // Each by its own length: the products of large numbers might overflow.
  const auto directed = [&](const Tensor& t) {
    return t / clamp_min(linalg::vector_norm(t, 2, {dim}, true), eps);
  };
  return sum(directed(x) * directed(y), {dim});
}

Tensor normalize(Operand x, const NormalizeOptions& o) {
  const OpScope scope("normalize", x);
  detail::check_floating("normalize", x);
  detail::wrap_dim("normalize", x, o.dim);
  if (x.shape().numel() == 0) return x.materialize();  // of nothing some norms do not exist
  return div(x, clamp_min(linalg::vector_norm(x, o.p, {o.dim}, true), o.eps));
}

}  // namespace xgrad
