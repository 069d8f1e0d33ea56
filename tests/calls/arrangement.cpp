#include "calls/call.hpp"

namespace xgrad::test {
namespace {

std::optional<std::int64_t> bound(const Json& j) {
  return j.is_null() ? std::optional<std::int64_t>() : value_from<std::int64_t>(j);
}
// The entries between the brackets; tensors among them are the call's from `next` on.
std::vector<Index> indices_from(const Call& c, const Json& list) {
  std::size_t next = c.place(1);
  std::vector<Index> indices;
  for (const Json& j : list) {
    if (j.is_null())
      indices.emplace_back(None);
    else if (j.is_number())
      indices.emplace_back(value_from<std::int64_t>(j));
    else if (is_tensor(j))
      indices.emplace_back(c.tensors.at(next++));
    else if (j.contains("ellipsis"))
      indices.emplace_back(Ellipsis);
    else
      indices.emplace_back(Slice(bound(j.at("slice").at(0)), bound(j.at("slice").at(1)),
                                 bound(j.at("slice").at(2)).value_or(1)));
  }
  return indices;
}
std::optional<int> optional_dim(const Call& c) {
  return c.has("dim") ? std::optional<int>(c.dim(0)) : std::nullopt;
}
Results tensor_split_case(const Call& c) {
  if (!is_tensor(c.arguments.at(1)) && !c.arguments.at(1).is_array())
    return tensor_split(c.operand(0), c.whole(1), c.dim(0));
  if (!is_tensor(c.arguments.at(1))) return tensor_split(c.operand(0), c.wholes(1), c.dim(0));
  const Tensor at = c.tensor(1);
  if (!at.defined() || at.dtype() != int64) throw NoSuchCall(c.arguments.at(1));
  if (at.dim() > 1) throw ShapeError("tensor_split: positions have one axis");
  if (at.dim() == 0) return tensor_split(c.operand(0), at.item<std::int64_t>(), c.dim(0));
  const auto span = at.span<std::int64_t>();
  return tensor_split(c.operand(0), std::vector<std::int64_t>(span.begin(), span.end()), c.dim(0));
}
Results repeat_interleave_case(const Call& c) {
  if (is_tensor(c.arguments.at(1)))
    return {repeat_interleave(c.operand(0), c.tensor(1), optional_dim(c))};
  return {repeat_interleave(c.operand(0), c.whole(1), optional_dim(c))};
}
Slice slice_from(const Call& c) {
  const auto number = [&c](const char* name) {
    return c.has(name) ? std::optional<std::int64_t>(c.option<std::int64_t>(name, 0))
                       : std::nullopt;
  };
  return Slice(number("start"), number("end"), c.option<std::int64_t>("step", 1));
}
Results scatter_case(const Call& c) {
  if (c.has("reduce"))
    return {scatter(c.operand(0), c.integer(1), c.tensor(2), c.operand(3), c.word("reduce", ""))};
  return {scatter(c.operand(0), c.integer(1), c.tensor(2), c.operand(3))};
}
int diagonal_offset(const Call& c) { return c.option("offset", 0); }
int first(const Call& c, int otherwise) { return c.option("dim1", otherwise); }
int second(const Call& c, int otherwise) { return c.option("dim2", otherwise); }

}  // namespace

void add_arrangement(Table& table) {
  add(table,
      {
          {"__getitem__", "x[*] indices",
           ONE(index(c.operand(0), indices_from(c, c.arguments.at(1))))},
          {"block_diag", "x[r?,c?]...", ONE(block_diag(c.all()))},
          {"broadcast_tensors", "x[~*A]...", MANY(broadcast_tensors(c.all()))},
          {"broadcast_to", "x[*] broadened", ONE(broadcast_to(c.operand(0), c.shape(1)))},
          {"cartesian_prod", "x[n]...", ONE(cartesian_prod(c.all()))},
          {"cat", "list(x[*A,n,*B]) | dim=at(A)", ONE(cat(c.list(0), c.dim(0)))},
          {"chunk", "x[*] int(1..5) | dim=dim", MANY(chunk(c.operand(0), c.whole(1), c.dim(0)))},
          {"column_stack", "list(x[N]/[N,m]/[N,m,P])", ONE(column_stack(c.list(0)))},
          {"diag", "x[N]/[N,M] | diagonal=int(-3..3)",
           ONE(diag(c.operand(0), c.option("diagonal", 0)))},
          {"diag_embed", "x[*] | offset=int(-3..3) dim1=dim+1 dim2=dim+1",
           ONE(diag_embed(c.operand(0), diagonal_offset(c), first(c, -2), second(c, -1)))},
          {"diagflat", "x[*] | offset=int(-3..3)", ONE(diagflat(c.operand(0), diagonal_offset(c)))},
          {"diagonal", "x[N,M,*] | offset=int(-3..3) dim1=dim dim2=dim",
           ONE(diagonal(c.operand(0), diagonal_offset(c), first(c, 0), second(c, 1)))},
          {"diagonal_scatter",
           "x[N,N] x[N] // "
           "x[N,M] x[N-1] | offset=int(-1..1) // "
           "x[P,N,N] x[P,N] | dim1!={1,-2} dim2!={2,-1}",
           ONE(diagonal_scatter(c.operand(0), c.operand(1), diagonal_offset(c), first(c, 0),
                                second(c, 1)))},
          {"dstack",
           "list(x[N]) // "
           "list(x[N,M]) // "
           "list(x[N,M,p,*A])",
           ONE(dstack(c.list(0)))},
          {"expand", "x[*] broadened", ONE(expand(c.operand(0), c.shape(1)))},
          {"expand_as", "x[~*A] x[*A]", ONE(expand_as(c.operand(0), c.tensor(1)))},
          {"flatten", "x[*] | start_dim=dim end_dim=dim",
           ONE(flatten(c.operand(0), c.option("start_dim", 0), c.option("end_dim", -1)))},
          {"flip", "x[*] dimlist", ONE(flip(c.operand(0), c.ints(1)))},
          {"fliplr", "x[N,M,*]", unary<fliplr>},
          {"flipud", "x[N,*]", unary<flipud>},
          {"gather", "x[*A,N,*B] at(A) i(0..N-1)[-*A,m,-*B]",
           ONE(gather(c.operand(0), c.integer(1), c.tensor(2)))},
          {"hstack",
           "list(x[n]) // "
           "list(x[N,m,*A]) // "
           "list(x[])",
           ONE(hstack(c.list(0)))},
          {"index_add", "x[*A,N,*B] at(A) i(0..N-1)[K] x[*A,K,*B] | alpha=num",
           ONE(index_add(c.operand(0), c.integer(1), c.tensor(2), c.operand(3),
                         c.number("alpha", 1)))},
          {"index_copy", "x[*A,N,*B] at(A) distinct(N)[K(0..N)] x[*A,K,*B]",
           ONE(index_copy(c.operand(0), c.integer(1), c.tensor(2), c.operand(3)))},
          {"index_fill", "x[*A,N,*B] at(A) i(-N..N-1)[K] num/x[]",
           ONE(index_fill(c.operand(0), c.integer(1), c.tensor(2), c.operand(3)))},
          {"index_put",
           "x[*] places x[]/num // "
           "x[N,*A] list(i(-N..N-1)[K],) x~[K,*A] | accumulate!={true} // "
           "x[N,M] list(distinct(N)[K(0..N)],i(-M..M-1)[K]) x~[K]/num | accumulate=bool",
           ONE(index_put(c.operand(0), indices_from(c, c.arguments.at(1)), c.operand(2),
                         c.option("accumulate", false)))},
          {"index_select", "x[*A,N,*B] at(A) i(0..N-1)[K]",
           ONE(index_select(c.operand(0), c.integer(1), c.tensor(2)))},
          {"masked_fill", "x[*A] b[~*A] num/x[]",
           ONE(masked_fill(c.operand(0), c.tensor(1), c.operand(2)))},
          {"masked_scatter", "x[*A] b[~*A] x[200]",
           ONE(masked_scatter(c.operand(0), c.tensor(1), c.operand(2)))},
          {"masked_select", "x[~*A] b[~*A]", ONE(masked_select(c.operand(0), c.tensor(1)))},
          {"meshgrid", "x[n]... | indexing!={ij,xy}",
           MANY(meshgrid(c.all(), c.word("indexing", "ij")))},
          {"movedim",
           "x[*] dim dim // "
           "x[*] permutation permutation",
           ONE(movedim(c.operand(0), c.ints(1), c.ints(2)))},
          {"narrow", "x[*A,N,*B] at(A) int(-N..N) int(0..N)",
           ONE(narrow(c.operand(0), c.integer(1), c.whole(2), c.whole(3)))},
          {"permute", "x[*] permutation", ONE(permute(c.operand(0), c.ints(1)))},
          {"ravel", "x[*]", unary<ravel>},
          {"repeat", "x[*] repeats", ONE(repeat(c.operand(0), c.wholes(1)))},
          {"repeat_interleave",
           "x[*] int(0..3) | dim=dim // "
           "x[*A,N,*B] i(0..3)[N] | dim!=at(A) // "
           "x[N] i(0..3)[N]",
           repeat_interleave_case},
          {"reshape", "x[*] reshaped", ONE(reshape(c.operand(0), c.shape(1)))},
          {"roll",
           "x[*] int(-5..5) | dims=dim // "
           "x[*A,N,M] ints2(-5..5) | dims!=list(at(A),{-1})",
           ONE(roll(c.operand(0), c.wholes(1),
                    c.has("dims") ? c.numbers<int>(c.options.at("dims")) : std::vector<int>()))},
          {"rot90", "x[N,M,*] | k=int(-5..5) dims=dimpair",
           ONE(rot90(
               c.operand(0), c.option("k", 1),
               c.has("dims") ? c.numbers<int>(c.options.at("dims")) : std::vector<int>{0, 1}))},
          {"scatter",
           "x[*A,N,*B] at(A) distinct(N)[-*A,-N,-*B] x[=2]/num // "
           "x[*A,N,*B] at(A) i(0..N-1)[-*A,K,-*B] num | reduce={add,multiply}",
           scatter_case},
          {"scatter_add", "x[*A,N,*B] at(A) i(0..N-1)[-*A,K,-*B] x[=2]",
           ONE(scatter_add(c.operand(0), c.integer(1), c.tensor(2), c.operand(3)))},
          {"scatter_reduce",
           "x[*A,N,*B] at(A) i(0..N-1)[-*A,K,-*B] x[=2] {sum,prod,mean,amax,amin} | "
           "include_self=bool",
           ONE(scatter_reduce(c.operand(0), c.integer(1), c.tensor(2), c.operand(3), c.word(4),
                              c.option("include_self", true)))},
          {"select", "x[*A,N,*B] at(A) int(-N..N-1)",
           ONE(select(c.operand(0), c.integer(1), c.whole(2)))},
          {"select_scatter", "x[*A,N,*B] x[*A,*B] at(A) int(-N..N-1)",
           ONE(select_scatter(c.operand(0), c.operand(1), c.integer(2), c.whole(3)))},
          {"slice_scatter",
           "x[N,*A] x[N,*A] // "
           "x[N(2..5),*A] x[N-1,*A] | dim={0} start!={1} // "
           "x[N,M(3..6)] x[N,2] | dim!={1,-1} start={0} end!={2} step={1} // "
           "x[N(4..4),*A] x[2,*A] | step!={2} start={0,1} end={4,9}",
           ONE(slice_scatter(c.operand(0), c.operand(1), c.dim(0), slice_from(c)))},
          {"split",
           "x[*] int(1..5) | dim=dim // "
           "x[*A,N,*B] parts(N) | dim!=at(A)",
           MANY(c.arguments.at(1).is_array() ? split(c.operand(0), c.wholes(1), c.dim(0))
                                             : split(c.operand(0), c.whole(1), c.dim(0)))},
          {"squeeze", "x[*] | dim=dim", ONE(squeeze(c.operand(0), c.dims()))},
          {"stack", "list(x[*A]) | dim=dim+1", ONE(stack(c.list(0), c.dim(0)))},
          {"swapaxes", "x[*] dim dim", ONE(swapaxes(c.operand(0), c.integer(1), c.integer(2)))},
          {"t", "x[N?,M?]", unary<t>},
          {"take",
           "x[N(1..5)] i(-N..N-1)[*] // "
           "x[N(1..4),M(1..4)] i(-N*M..N*M-1)[*]",
           ONE(take(c.operand(0), c.tensor(1)))},
          {"take_along_dim",
           "x[*A,N(1..5),*B] i(0..N-1)[*A,m,*B] | dim!=at(A) // "
           "x[N(1..5)] i(0..N-1)[*]",
           ONE(take_along_dim(c.operand(0), c.tensor(1), optional_dim(c)))},
          {"tensor_split", "x[*A,N,*B] int(1..5)/ints(-6..6)/i(1..5)[]/i(-6..6)[m] | dim!=at(A)",
           tensor_split_case},
          {"tile", "x[*] ints(0..3)", ONE(tile(c.operand(0), c.wholes(1)))},
          {"transpose", "x[*] dim dim", ONE(transpose(c.operand(0), c.integer(1), c.integer(2)))},
          {"tril", "x[*,N,M] | diagonal=int(-4..4)",
           ONE(tril(c.operand(0), c.option("diagonal", 0)))},
          {"triu", "x[*,N,M] | diagonal=int(-4..4)",
           ONE(triu(c.operand(0), c.option("diagonal", 0)))},
          {"unbind", "x[*] | dim=dim", MANY(unbind(c.operand(0), c.dim(0)))},
          {"unflatten",
           "x[*A,N,*B] at(A) {[-1],[1,-1],[-1,1]} // "
           "x[*A,N*M,*B] at(A) {[2,-1],[3,-1],[-1,2]}",
           ONE(unflatten(c.operand(0), c.integer(1), c.shape(2)))},
          {"unfold", "x[*A,N(1..6),*B] at(A) int(0..N) int(1..3)",
           ONE(unfold(c.operand(0), c.integer(1), c.whole(2), c.whole(3)))},
          {"unsqueeze", "x[*] dim+1", ONE(unsqueeze(c.operand(0), c.integer(1)))},
          {"view", "x[*] reshaped", ONE(view(c.operand(0), c.shape(1)))},
          {"vstack",
           "list(x[N]) // "
           "list(x[n,M,*A]) // "
           "list(x[])",
           ONE(vstack(c.list(0)))},
          {"nn.functional.one_hot", "i(0..4)[*] | num_classes={5,6,-1}",
           ONE(one_hot(c.tensor(0), c.option<std::int64_t>("num_classes", -1)))},
      });
}

}  // namespace xgrad::test
