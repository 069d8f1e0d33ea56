#include "calls/call.hpp"

namespace xgrad::test {
namespace {

template <Tensor (*f)(Operand, Operand, Operand, double, double)>
Results added_product(const Call& c) {
  return {
      f(c.operand(0), c.operand(1), c.operand(2), c.option("beta", 1.0), c.option("alpha", 1.0))};
}
// Infinity is told as a word and is a number.
bool is_word(const Json& j) { return j.is_string() && j != "inf" && j != "-inf" && j != "nan"; }
Results norm_case(const Call& c) {
  if (c.has("p") && is_word(c.options.at("p")))
    return {norm(c.operand(0), c.word("p", "fro"), c.dims(), c.keepdim())};
  return {norm(c.operand(0), c.option("p", 2.0), c.dims(), c.keepdim())};
}
Results matrix_norm_case(const Call& c) {
  const auto dims = c.has("dim") ? c.numbers<int>(c.options.at("dim")) : std::vector<int>{-2, -1};
  if (!c.has("ord") || is_word(c.options.at("ord")))
    return {linalg::matrix_norm(c.operand(0), c.word("ord", "fro"), dims, c.keepdim())};
  return {linalg::matrix_norm(c.operand(0), c.option("ord", 2.0), dims, c.keepdim())};
}
Results tensordot_case(const Call& c) {
  const Json& dims = c.options.at("dims");
  if (dims.is_number()) return {tensordot(c.operand(0), c.operand(1), value_from<int>(dims))};
  return {tensordot(c.operand(0), c.operand(1), values_from<int>(dims.at(0)),
                    values_from<int>(dims.at(1)))};
}
Results slogdet_case(const Call& c) {
  const linalg::SignLogabsdet y = linalg::slogdet(c.operand(0));
  return {y.sign, y.logabsdet};
}

}  // namespace

void add_linear_algebra(Table& table) {
  add(table,
      {
          {"addbmm", "f~[N,M] f[B,N,K] f[B,K,M] | beta=num alpha=num", added_product<addbmm>},
          {"addmm", "f~[N,M] f[N,K] f[K,M] | beta=num alpha=num", added_product<addmm>},
          {"addmv", "f~[N] f[N,K] f[K] | beta=num alpha=num", added_product<addmv>},
          {"addr", "f~[N,M] f[N] f[M] | beta=num alpha=num", added_product<addr>},
          {"baddbmm", "f~[B,N,M] f[B,N,K] f[B,K,M] | beta=num alpha=num", added_product<baddbmm>},
          {"bmm", "x[B,N,K] x[B,K,M]", binary<bmm>},
          {"cdist", "f[~*A,N,K] f[~*A,M,K] | p={0,1,2,3,1.5,inf,0.5}",
           ONE(cdist(c.operand(0), c.operand(1), c.option("p", 2.0)))},
          {"cross",
           "f[*A,3,*B] f[*A,3,*B] | dim!=at(A) // "
           "f[~*A,3] f[~*A,3] | dim!={-1}",
           ONE(cross(c.operand(0), c.operand(1), c.dim(-1)))},
          {"det", "f[*,N,N]", unary<det>},
          {"dist", "f[~*A] f[~*A] | p={0,1,2,3,1.5,inf,-inf,0.5}",
           ONE(dist(c.operand(0), c.operand(1), c.option("p", 2.0)))},
          {"dot", "x[N] x[N]", binary<dot>},
          {"einsum", "einsum", ONE(einsum(c.word(0), c.list(1)))},
          {"inner",
           "x[*A,K] x[*B,K] // "
           "x[] x[*] // "
           "x[*] x[]",
           binary<inner>},
          {"inverse", "dominant[*,N,N]", unary<inverse>},
          {"kron", "x[*] x[*]", binary<kron>},
          {"linalg.cholesky", "definite[*,N,N] | upper=bool",
           ONE(linalg::cholesky(c.operand(0), c.option("upper", false)))},
          {"linalg.det", "f[*,N,N]", unary<linalg::det>},
          {"linalg.eigvalsh", "symmetric[*,N,N]", ONE(linalg::eigvalsh(c.operand(0)))},
          {"linalg.inv", "dominant[*,N,N]", unary<linalg::inv>},
          {"linalg.matrix_norm",
           "f[*A,N,M] | ord={fro,nuc,1,-1,2,-2,inf,-inf} keepdim=bool // "
           "f[N,M,*] | ord={fro,nuc,1,-1,2,-2,inf,-inf} dim=dimpair keepdim=bool",
           matrix_norm_case},
          {"linalg.matrix_power", "dominant[*,N,N] int(-3..5)",
           ONE(linalg::matrix_power(c.operand(0), c.whole(1)))},
          {"linalg.multi_dot",
           "list(f[A,B],f[B,C],f[C,D]) // "
           "list(f[B],f[B,C],f[C,D]) // "
           "list(f[A,B],f[B,C],f[C]) // "
           "list(f[A],f[A])",
           ONE(linalg::multi_dot(c.list(0)))},
          {"linalg.pinv", "f[*,N,M]", ONE(linalg::pinv(c.operand(0)))},
          {"linalg.slogdet", "dominant[*,N,N]", slogdet_case},
          {"linalg.solve", "dominant[*A,N,N] f[N]/[*A,N]/[~*A,N,K]", binary<linalg::solve>},
          {"linalg.solve_triangular",
           "dominant[~*A,N,N] f[~*A,N,K] | upper!=bool unitriangular=bool // "
           "dominant[~*A,N,N] f[~*A,K,N] | upper!=bool left!={false} unitriangular=bool",
           ONE(linalg::solve_triangular(c.operand(0), c.operand(1), c.option("upper", false),
                                        {.left = c.option("left", true),
                                         .unitriangular = c.option("unitriangular", false)}))},
          {"linalg.svdvals", "f[*,N,M]", unary<linalg::svdvals>},
          {"linalg.vector_norm", "f[*] | ord={0,1,2,3,1.5,inf,-inf,-1,0.5} dim=dims keepdim=bool",
           ONE(linalg::vector_norm(c.operand(0), c.option("ord", 2.0), c.dims(), c.keepdim()))},
          {"logdet", "dominant[*,N,N]", unary<logdet>},
          {"matmul",
           "x[K] x[K] // "
           "x[N,K] x[K,M] // "
           "x[~*A,N,K] x[~*A,K,M] // "
           "x[K] x[*A,K,M] // "
           "x[*A,N,K] x[K]",
           binary<matmul>},
          {"matrix_exp", "f[*,N,N]", unary<matrix_exp>},
          {"mm", "x[N,K] x[K,M]", binary<mm>},
          {"mv", "x[N,K] x[K]", binary<mv>},
          {"norm",
           "f[*] | p={0,1,2,3,1.5,inf,-inf,-1,0.5,fro} dim=dims keepdim=bool // "
           "f[N,M] | p!={nuc} keepdim=bool // "
           "f[*] | p!={nuc} dim!=dimpair keepdim=bool",
           norm_case},
          {"outer", "x[N] x[M]", binary<outer>},
          {"tensordot",
           "f[*A,*B] f[*B,*C] | dims!=rank(B) // "
           "f[N,*A,M] f[M,*B,N] | dims!={[[0,-1],[-1,0]]}",
           tensordot_case},
          {"trace", "x[N,M]", unary<trace>},
          {"nn.functional.bilinear", "f[*A,N] f[*A,M] f[K,N,M] | bias=f[K]",
           ONE(bilinear(c.operand(0), c.operand(1), c.tensor(2), c.option_tensor("bias")))},
          {"nn.functional.cosine_similarity", "f[~*A] f[~*A] | dim={0,-1,1} eps=real(0.001..0.1)",
           ONE(cosine_similarity(c.operand(0), c.operand(1), c.dim(1), c.option("eps", 1e-8)))},
          {"nn.functional.linear", "f[*A,N] f[M,N] | bias=f[M]",
           ONE(linear(c.operand(0), c.tensor(1), c.option_tensor("bias")))},
          {"nn.functional.normalize", "f[*] | p={0,1,2,3,1.5,inf} dim!=dim eps=real(0..0.1)",
           ONE(normalize(
               c.operand(0),
               {.p = c.option("p", 2.0), .dim = c.dim(1), .eps = c.option("eps", 1e-12)}))},
          {"nn.functional.pairwise_distance",
           "f[~*A] f[~*A] | p={0,1,2,3,1.5,inf,-1} eps=real(0..0.1) keepdim=bool",
           ONE(pairwise_distance(c.operand(0), c.operand(1), c.option("p", 2.0),
                                 c.option("eps", 1e-6), c.keepdim()))},
      });
}

}  // namespace xgrad::test
