#include "calls/call.hpp"

namespace xgrad::test {
namespace {

template <Tensor (*f)(Operand, const Dims&, Flag, double)>
Results spread(const Call& c) {
  return {f(c.operand(0), c.dims(), c.keepdim(), c.correction())};
}
template <auto f>
Results spread_mean(const Call& c) {
  auto [deviation, mean] = f(c.operand(0), c.dims(), c.keepdim(), c.correction());
  return {deviation, mean};
}
// A function of all elements, or along an axis with indices.
template <Tensor (*of_all)(Operand), ValuesIndices (*along)(Operand, Dim, Flag)>
Results chosen(const Call& c) {
  if (!c.has("dim")) return {of_all(c.operand(0))};
  return both(along(c.operand(0), c.dim(0), c.keepdim()));
}

}  // namespace

void add_reduction(Table& table) {
  add(table,
      {
          {"amax", "x[*] | dim=dims keepdim=bool", reduce<amax>},
          {"amin", "x[*] | dim=dims keepdim=bool", reduce<amin>},
          {"cummax", "x[*] dim", MANY(both(cummax(c.operand(0), c.integer(1))))},
          {"cummin", "x[*] dim", MANY(both(cummin(c.operand(0), c.integer(1))))},
          {"cumprod", "x[*] dim", ONE(cumprod(c.operand(0), c.integer(1)))},
          {"cumsum", "x[*] dim", ONE(cumsum(c.operand(0), c.integer(1)))},
          {"cumulative_trapezoid",
           "f[*] | dim=dim dx=num // "
           "f[*A,N,*B] | x!=f[N]/[*A,N,*B] dim!=at(A)",
           ONE(cumulative_trapezoid(c.operand(0), c.option_tensor("x"), c.option("dx", 1.0),
                                    c.dim(-1)))},
          {"diff", "x[*A,N,*B] | dim!=at(A) n=int(0..3) prepend=x[*A,m,*B] append=x[*A,m,*B]",
           ONE(diff(c.operand(0), c.option("n", 1), c.dim(-1), c.option_tensor("prepend"),
                    c.option_tensor("append")))},
          {"kthvalue", "x[*A,N,*B] int(1..N) | dim!=at(A) keepdim=bool",
           MANY(both(kthvalue(c.operand(0), c.whole(1), c.dim(-1), c.keepdim())))},
          {"logcumsumexp", "f[*] dim", ONE(logcumsumexp(c.operand(0), c.integer(1)))},
          {"logsumexp", "x[*] dims | keepdim=bool",
           ONE(logsumexp(c.operand(0), c.dims_from(c.arguments.at(1)), c.keepdim()))},
          {"max",
           "x[*] // "
           "x[*] | dim!=dim keepdim=bool",
           chosen<max, max>},
          {"mean", "x[*] | dim=dims keepdim=bool", reduce<mean>},
          {"median",
           "x[*] // "
           "x[*] | dim!=dim keepdim=bool",
           chosen<median, median>},
          {"min",
           "x[*] // "
           "x[*] | dim!=dim keepdim=bool",
           chosen<min, min>},
          {"nanmean", "x[*] | dim=dims keepdim=bool", reduce<nanmean>},
          {"nanmedian",
           "x[*] // "
           "x[*] | dim!=dim keepdim=bool",
           chosen<nanmedian, nanmedian>},
          {"nansum", "x[*] | dim=dims keepdim=bool", reduce<nansum>},
          {"prod",
           "x[*] // "
           "x[*] | dim!=dim keepdim=bool",
           reduce<prod>},
          {"quantile",
           "f[*] real(0..1)/f(0..1)[m] | dim=dim keepdim=bool "
           "interpolation={linear,lower,higher,midpoint,nearest}",
           ONE(quantile(c.operand(0), c.operand(1),
                        c.has("dim") ? std::optional<int>(c.dim(0)) : std::nullopt, c.keepdim(),
                        c.word("interpolation", "linear")))},
          {"sort", "x[*] | dim=dim descending=bool",
           MANY(both(sort(c.operand(0), c.dim(-1), c.option("descending", false))))},
          {"std",
           "f[*] | dim!=dims unbiased!=bool keepdim=bool // "
           "f[*] | unbiased=bool // "
           "f[*] | dim=dims correction!=int(0..3) keepdim=bool",
           spread<xgrad::std>},
          {"std_mean",
           "f[*] | dim!=dims unbiased!=bool keepdim=bool // "
           "f[*] | unbiased=bool // "
           "f[*] | dim=dims correction!=int(0..3) keepdim=bool",
           spread_mean<std_mean>},
          {"sum", "x[*] | dim=dims keepdim=bool", reduce<sum>},
          {"topk", "x[*A,N,*B] int(0..N) | dim!=at(A) largest=bool",
           MANY(both(topk(c.operand(0), c.whole(1), c.dim(-1), c.option("largest", true))))},
          {"trapezoid",
           "f[*] | dim=dim dx=num // "
           "f[*A,N,*B] | x!=f[N]/[*A,N,*B] dim!=at(A)",
           ONE(trapezoid(c.operand(0), c.option_tensor("x"), c.option("dx", 1.0), c.dim(-1)))},
          {"var",
           "f[*] | dim!=dims unbiased!=bool keepdim=bool // "
           "f[*] | unbiased=bool // "
           "f[*] | dim=dims correction!=int(0..3) keepdim=bool",
           spread<var>},
          {"var_mean",
           "f[*] | dim!=dims unbiased!=bool keepdim=bool // "
           "f[*] | unbiased=bool // "
           "f[*] | dim=dims correction!=int(0..3) keepdim=bool",
           spread_mean<var_mean>},
      });
}

}  // namespace xgrad::test
