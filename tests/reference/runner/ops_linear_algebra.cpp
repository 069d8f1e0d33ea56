#include "reference/runner/call.hpp"

namespace xgrad::test {
namespace {

template <Tensor (*f)(Operand, Operand, Operand, double, double)>
Results added_product(const Call& c) {
  return {
      f(c.operand(0), c.operand(1), c.operand(2), c.option("beta", 1.0), c.option("alpha", 1.0))};
}
Results norm_case(const Call& c) {
  if (c.has("p") && c.options.at("p").is_string() && c.options.at("p") != "inf")
    return {norm(c.operand(0), c.word("p", "fro"), c.dims(), c.keepdim())};
  return {norm(c.operand(0), c.option("p", 2.0), c.dims(), c.keepdim())};
}
Results matrix_norm_case(const Call& c) {
  const auto dims = c.option("dim", std::vector<int>{-2, -1});
  if (!c.has("ord") || c.options.at("ord").is_string())
    return {linalg::matrix_norm(c.operand(0), c.word("ord", "fro"), dims, c.keepdim())};
  return {linalg::matrix_norm(c.operand(0), c.option("ord", 2.0), dims, c.keepdim())};
}
Results tensordot_case(const Call& c) {
  const Json& dims = c.options.at("dims");
  if (dims.is_number()) return {tensordot(c.operand(0), c.operand(1), dims.get<int>())};
  return {tensordot(c.operand(0), c.operand(1), dims[0].get<std::vector<int>>(),
                    dims[1].get<std::vector<int>>())};
}
Results slogdet_case(const Call& c) {
  const linalg::SignLogabsdet y = linalg::slogdet(c.operand(0));
  return {y.sign, y.logabsdet};
}

}  // namespace

void add_linear_algebra(Table& table) {
  table.insert({
      {"addbmm", added_product<addbmm>},
      {"addmm", added_product<addmm>},
      {"addmv", added_product<addmv>},
      {"addr", added_product<addr>},
      {"baddbmm", added_product<baddbmm>},
      {"bmm", binary<bmm>},
      {"cdist", ONE(cdist(c.operand(0), c.operand(1), c.option("p", 2.0)))},
      {"cross", ONE(cross(c.operand(0), c.operand(1), c.dim(-1)))},
      {"det", unary<det>},
      {"dist", ONE(dist(c.operand(0), c.operand(1), c.option("p", 2.0)))},
      {"dot", binary<dot>},
      {"einsum", ONE(einsum(c.word(0), c.list(1)))},
      {"inner", binary<inner>},
      {"inverse", unary<inverse>},
      {"kron", binary<kron>},
      {"linalg.cholesky", ONE(linalg::cholesky(c.operand(0), c.option("upper", false)))},
      {"linalg.det", unary<linalg::det>},
      {"linalg.eigvalsh", ONE(linalg::eigvalsh(c.operand(0)))},
      {"linalg.inv", unary<linalg::inv>},
      {"linalg.matrix_norm", matrix_norm_case},
      {"linalg.matrix_power", ONE(linalg::matrix_power(c.operand(0), c.whole(1)))},
      {"linalg.multi_dot", ONE(linalg::multi_dot(c.list(0)))},
      {"linalg.pinv", ONE(linalg::pinv(c.operand(0)))},
      {"linalg.slogdet", slogdet_case},
      {"linalg.solve", binary<linalg::solve>},
      {"linalg.solve_triangular",
       ONE(linalg::solve_triangular(
           c.operand(0), c.operand(1), c.option("upper", false),
           {.left = c.option("left", true), .unitriangular = c.option("unitriangular", false)}))},
      {"linalg.svdvals", unary<linalg::svdvals>},
      {"linalg.vector_norm",
       ONE(linalg::vector_norm(c.operand(0), c.option("ord", 2.0), c.dims(), c.keepdim()))},
      {"logdet", unary<logdet>},
      {"matmul", binary<matmul>},
      {"matrix_exp", unary<matrix_exp>},
      {"mm", binary<mm>},
      {"mv", binary<mv>},
      {"norm", norm_case},
      {"outer", binary<outer>},
      {"tensordot", tensordot_case},
      {"trace", unary<trace>},
      {"nn.functional.bilinear",
       ONE(bilinear(c.operand(0), c.operand(1), c.tensor(2), c.option_tensor("bias")))},
      {"nn.functional.cosine_similarity",
       ONE(cosine_similarity(c.operand(0), c.operand(1), c.dim(1), c.option("eps", 1e-8)))},
      {"nn.functional.linear", ONE(linear(c.operand(0), c.tensor(1), c.option_tensor("bias")))},
      {"nn.functional.normalize",
       ONE(normalize(c.operand(0),
                     {.p = c.option("p", 2.0), .dim = c.dim(1), .eps = c.option("eps", 1e-12)}))},
      {"nn.functional.pairwise_distance",
       ONE(pairwise_distance(c.operand(0), c.operand(1), c.option("p", 2.0), c.option("eps", 1e-6),
                             c.keepdim()))},
  });
}

}  // namespace xgrad::test
