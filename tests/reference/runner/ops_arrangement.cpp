#include "reference/runner/call.hpp"

namespace xgrad::test {
namespace {

std::optional<std::int64_t> bound(const Json& j) {
  return j.is_null() ? std::optional<std::int64_t>() : j.get<std::int64_t>();
}
// The entries between the brackets; tensors among them are the call's from `next` on.
std::vector<Index> indices_from(const Call& c, const Json& list) {
  std::size_t next = c.place(1);
  std::vector<Index> indices;
  for (const Json& j : list) {
    if (j.is_null())
      indices.emplace_back(None);
    else if (j.is_number())
      indices.emplace_back(j.get<std::int64_t>());
    else if (is_tensor(j))
      indices.emplace_back(c.tensors.at(next++));
    else if (j.contains("ellipsis"))
      indices.emplace_back(Ellipsis);
    else
      indices.emplace_back(Slice(bound(j.at("slice")[0]), bound(j.at("slice")[1]),
                                 bound(j.at("slice")[2]).value_or(1)));
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
  table.insert({
      {"__getitem__", ONE(index(c.operand(0), indices_from(c, c.arguments.at(1))))},
      {"block_diag", ONE(block_diag(c.all()))},
      {"broadcast_tensors", MANY(broadcast_tensors(c.all()))},
      {"broadcast_to", ONE(broadcast_to(c.operand(0), c.shape(1)))},
      {"cartesian_prod", ONE(cartesian_prod(c.all()))},
      {"cat", ONE(cat(c.list(0), c.dim(0)))},
      {"chunk", MANY(chunk(c.operand(0), c.whole(1), c.dim(0)))},
      {"column_stack", ONE(column_stack(c.list(0)))},
      {"diag", ONE(diag(c.operand(0), c.option("diagonal", 0)))},
      {"diag_embed",
       ONE(diag_embed(c.operand(0), diagonal_offset(c), first(c, -2), second(c, -1)))},
      {"diagflat", ONE(diagflat(c.operand(0), diagonal_offset(c)))},
      {"diagonal", ONE(diagonal(c.operand(0), diagonal_offset(c), first(c, 0), second(c, 1)))},
      {"diagonal_scatter", ONE(diagonal_scatter(c.operand(0), c.operand(1), diagonal_offset(c),
                                                first(c, 0), second(c, 1)))},
      {"dstack", ONE(dstack(c.list(0)))},
      {"expand", ONE(expand(c.operand(0), c.shape(1)))},
      {"expand_as", ONE(expand_as(c.operand(0), c.tensor(1)))},
      {"flatten", ONE(flatten(c.operand(0), c.option("start_dim", 0), c.option("end_dim", -1)))},
      {"flip", ONE(flip(c.operand(0), c.ints(1)))},
      {"fliplr", unary<fliplr>},
      {"flipud", unary<flipud>},
      {"gather", ONE(gather(c.operand(0), c.integer(1), c.tensor(2)))},
      {"hstack", ONE(hstack(c.list(0)))},
      {"index_add", ONE(index_add(c.operand(0), c.integer(1), c.tensor(2), c.operand(3),
                                  c.option("alpha", 1.0)))},
      {"index_copy", ONE(index_copy(c.operand(0), c.integer(1), c.tensor(2), c.operand(3)))},
      {"index_fill", ONE(index_fill(c.operand(0), c.integer(1), c.tensor(2), c.operand(3)))},
      {"index_put", ONE(index_put(c.operand(0), indices_from(c, c.arguments.at(1)), c.operand(2),
                                  c.option("accumulate", false)))},
      {"index_select", ONE(index_select(c.operand(0), c.integer(1), c.tensor(2)))},
      {"masked_fill", ONE(masked_fill(c.operand(0), c.tensor(1), c.operand(2)))},
      {"masked_scatter", ONE(masked_scatter(c.operand(0), c.tensor(1), c.operand(2)))},
      {"masked_select", ONE(masked_select(c.operand(0), c.tensor(1)))},
      {"meshgrid", MANY(meshgrid(c.all(), c.word("indexing", "ij")))},
      {"movedim", ONE(movedim(c.operand(0), c.ints(1), c.ints(2)))},
      {"narrow", ONE(narrow(c.operand(0), c.integer(1), c.whole(2), c.whole(3)))},
      {"permute", ONE(permute(c.operand(0), c.ints(1)))},
      {"ravel", unary<ravel>},
      {"repeat", ONE(repeat(c.operand(0), c.wholes(1)))},
      {"repeat_interleave", repeat_interleave_case},
      {"reshape", ONE(reshape(c.operand(0), c.shape(1)))},
      {"roll",
       ONE(roll(c.operand(0), c.wholes(1),
                c.has("dims") ? c.numbers<int>(c.options.at("dims")) : std::vector<int>()))},
      {"rot90",
       ONE(rot90(c.operand(0), c.option("k", 1), c.option("dims", std::vector<int>{0, 1})))},
      {"scatter", scatter_case},
      {"scatter_add", ONE(scatter_add(c.operand(0), c.integer(1), c.tensor(2), c.operand(3)))},
      {"scatter_reduce", ONE(scatter_reduce(c.operand(0), c.integer(1), c.tensor(2), c.operand(3),
                                            c.word(4), c.option("include_self", true)))},
      {"select", ONE(select(c.operand(0), c.integer(1), c.whole(2)))},
      {"select_scatter", ONE(select_scatter(c.operand(0), c.operand(1), c.integer(2), c.whole(3)))},
      {"slice_scatter", ONE(slice_scatter(c.operand(0), c.operand(1), c.dim(0), slice_from(c)))},
      {"split", MANY(c.arguments.at(1).is_array() ? split(c.operand(0), c.wholes(1), c.dim(0))
                                                  : split(c.operand(0), c.whole(1), c.dim(0)))},
      {"squeeze", ONE(squeeze(c.operand(0), c.dims()))},
      {"stack", ONE(stack(c.list(0), c.dim(0)))},
      {"swapaxes", ONE(swapaxes(c.operand(0), c.integer(1), c.integer(2)))},
      {"t", unary<t>},
      {"take", ONE(take(c.operand(0), c.tensor(1)))},
      {"take_along_dim", ONE(take_along_dim(c.operand(0), c.tensor(1), optional_dim(c)))},
      {"tensor_split", tensor_split_case},
      {"tile", ONE(tile(c.operand(0), c.wholes(1)))},
      {"transpose", ONE(transpose(c.operand(0), c.integer(1), c.integer(2)))},
      {"tril", ONE(tril(c.operand(0), c.option("diagonal", 0)))},
      {"triu", ONE(triu(c.operand(0), c.option("diagonal", 0)))},
      {"unbind", MANY(unbind(c.operand(0), c.dim(0)))},
      {"unflatten", ONE(unflatten(c.operand(0), c.integer(1), c.shape(2)))},
      {"unfold", ONE(unfold(c.operand(0), c.integer(1), c.whole(2), c.whole(3)))},
      {"unsqueeze", ONE(unsqueeze(c.operand(0), c.integer(1)))},
      {"view", ONE(view(c.operand(0), c.shape(1)))},
      {"vstack", ONE(vstack(c.list(0)))},
      {"nn.functional.one_hot",
       ONE(one_hot(c.tensor(0), c.option<std::int64_t>("num_classes", -1)))},
  });
}

}  // namespace xgrad::test
