// Decompositions and solvers, by LAPACK on both sides.
#include <xgrad/xgrad.hpp>

#include "../suite.hpp"

namespace bench {
namespace {

using xgrad::Tensor;
using V = const Tensors&;

Tensor well_conditioned(const Tensor& a) {
  return a + 16 * xgrad::eye(a.size(-1), {}, {.dtype = a.dtype()});
}
Tensor definite(const Tensor& a) { return well_conditioned(matmul(a, a.transpose(-2, -1))); }

}  // namespace

Cases linalg_cases() {
  Cases all;
  const Input square{{128, 128}, -1, 1, Input::Type::float64};
  const Input many{{256, 8, 8}, -1, 1, Input::Type::float64};
  const auto op = [&](OpCase c) {
    c.elements = 1e3;
    c.unit = "us";
    c.tolerance = 1e-8;
    const std::size_t before = all.size();
    add(all, "linalg", c);
    for (std::size_t i = before; i < all.size(); ++i) all[i].traffic = {};
  };
  op({.name = "inv 128x128", .inputs = {square}, .op = [](V v) {
        return xgrad::linalg::inv(well_conditioned(v[0]));
      }});
  op({.name = "solve 128x128", .inputs = {square, square}, .op = [](V v) {
        return xgrad::linalg::solve(well_conditioned(v[0]), v[1]);
      }});
  op({.name = "cholesky 128x128", .inputs = {square}, .op = [](V v) {
        return xgrad::linalg::cholesky(definite(v[0]));
      }});
  op({.name = "det 128x128", .inputs = {square}, .op = [](V v) {
        return xgrad::linalg::det(v[0] / 8);
      }});
  op({.name = "eigvalsh 128x128", .inputs = {square}, .op = [](V v) {
        return xgrad::linalg::eigvalsh(definite(v[0]));
      }});
  op({.name = "svdvals 128x128", .inputs = {square}, .op = [](V v) {
        return xgrad::linalg::svdvals(v[0]);
      }});
  op({.name = "qr 128x128", .inputs = {square}, .op = [](V v) {
        return abs(xgrad::linalg::qr(well_conditioned(v[0])).R);
      }});
  op({.name = "inv 256 of 8x8", .inputs = {many}, .op = [](V v) {
        return xgrad::linalg::inv(well_conditioned(v[0]));
      }});
  return all;
}

}  // namespace bench
