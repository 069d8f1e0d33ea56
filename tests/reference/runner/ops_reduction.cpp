#include "reference/runner/call.hpp"

namespace xgrad::test {
namespace {

template <Tensor (*f)(Operand, const Dims&, bool, double)>
Results spread(const Call& c) {
  return {f(c.operand(0), c.dims(), c.keepdim(), c.correction())};
}
template <SpreadMean (*f)(Operand, const Dims&, bool, double)>
Results spread_mean(const Call& c) {
  const SpreadMean y = f(c.operand(0), c.dims(), c.keepdim(), c.correction());
  return {y.spread, y.mean};
}
// A function of all elements, or along an axis with indices.
template <Tensor (*of_all)(Operand), ValuesIndices (*along)(Operand, int, bool)>
Results chosen(const Call& c) {
  if (!c.has("dim")) return {of_all(c.operand(0))};
  return both(along(c.operand(0), c.dim(0), c.keepdim()));
}

}  // namespace

void add_reduction(Table& table) {
  table.insert({
      {"amax", reduce<amax>},
      {"amin", reduce<amin>},
      {"cummax", MANY(both(cummax(c.operand(0), c.integer(1))))},
      {"cummin", MANY(both(cummin(c.operand(0), c.integer(1))))},
      {"cumprod", ONE(cumprod(c.operand(0), c.integer(1)))},
      {"cumsum", ONE(cumsum(c.operand(0), c.integer(1)))},
      {"cumulative_trapezoid", ONE(cumulative_trapezoid(c.operand(0), c.option_tensor("x"),
                                                        c.option("dx", 1.0), c.dim(-1)))},
      {"diff", ONE(diff(c.operand(0), c.option("n", 1), c.dim(-1), c.option_tensor("prepend"),
                        c.option_tensor("append")))},
      {"kthvalue", MANY(both(kthvalue(c.operand(0), c.whole(1), c.dim(-1), c.keepdim())))},
      {"logcumsumexp", ONE(logcumsumexp(c.operand(0), c.integer(1)))},
      {"logsumexp", ONE(logsumexp(c.operand(0), c.dims_from(c.arguments.at(1)), c.keepdim()))},
      {"max", chosen<max, max>},
      {"mean", reduce<mean>},
      {"median", chosen<median, median>},
      {"min", chosen<min, min>},
      {"nanmean", reduce<nanmean>},
      {"nanmedian", chosen<nanmedian, nanmedian>},
      {"nansum", reduce<nansum>},
      {"prod", reduce<prod>},
      {"quantile", ONE(quantile(c.operand(0), c.operand(1),
                                c.has("dim") ? std::optional<int>(c.dim(0)) : std::nullopt,
                                c.keepdim(), c.word("interpolation", "linear")))},
      {"sort", MANY(both(sort(c.operand(0), c.dim(-1), c.option("descending", false))))},
      {"std", spread<xgrad::std>},
      {"std_mean", spread_mean<std_mean>},
      {"sum", reduce<sum>},
      {"topk", MANY(both(topk(c.operand(0), c.whole(1), c.dim(-1), c.option("largest", true))))},
      {"trapezoid",
       ONE(trapezoid(c.operand(0), c.option_tensor("x"), c.option("dx", 1.0), c.dim(-1)))},
      {"var", spread<var>},
      {"var_mean", spread_mean<var_mean>},
  });
}

}  // namespace xgrad::test
