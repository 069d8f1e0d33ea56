// Sorting, selecting, and moving by index.
#include <xgrad/xgrad.hpp>

#include "../suite.hpp"

namespace bench {
namespace {

using xgrad::Tensor;
using V = const Tensors&;

// All different: which of two equal elements comes first is up to the library.
const Input million{{1 << 20}, -1, 1, Input::Type::permutation};
const Input matrix{{4096, 1024}, -1, 1, Input::Type::permutation};
const Input columns_of{{4096, 1024}, 0, 1024, Input::Type::int64};
const Input rows_of{{4096}, 0, 4096, Input::Type::int64};
const Input tokens{{64, 64}, 0, 1000, Input::Type::int64};
const Input counts{{1 << 20}, 0, 1000, Input::Type::int64};

}  // namespace

Cases sorting_cases() {
  Cases all;
  const auto op = [&](OpCase c) { add(all, "sorting and scatter", c); };
  op({.name = "sort 1 Mi",
      .inputs = {million},
      .op = [](V v) { return sort(v[0]).values; },
      .aim_forward = 2,
      .aim_both = 2,
      .reads_again = false});
  op({.name = "sort 4096x1024, dim 1",
      .inputs = {matrix},
      .op = [](V v) { return sort(v[0], 1).values; },
      .reads_again = false});
  op({.name = "sort 4096x1024, dim 0",
      .inputs = {matrix},
      .op = [](V v) { return sort(v[0], 0).values; },
      .reads_again = false});
  op({.name = "topk 4096x1024, 10",
      .inputs = {matrix},
      .op = [](V v) { return topk(v[0], 10, 1).values; },
      .reads_again = false});
  op({.name = "kthvalue 4096x1024",
      .inputs = {matrix},
      .op = [](V v) { return kthvalue(v[0], 512, 1).values; },
      .reads_again = false});
  op({.name = "median 4096x1024",
      .inputs = {matrix},
      .op = [](V v) { return median(v[0], 1).values; },
      .reads_again = false});
  op({.name = "unique 1 Mi int64",
      .inputs = {counts},
      .op = [](V v) { return unique(v[0]); },
      .differentiable = false});
  op({.name = "bincount 1 Mi",
      .inputs = {counts},
      .op = [](V v) { return bincount(v[0]); },
      .differentiable = false});
  op({.name = "histc 1 Mi",
      .inputs = {million},
      .op = [](V v) { return histc(v[0], 100, -1, 1); },
      .differentiable = false});
  op({.name = "searchsorted 1 Mi in 1024",
      .inputs = {{{1024}}, million},
      .op = [](V v) { return searchsorted(v[0], v[1]); },
      .elements = 1 << 20,
      .differentiable = false});
  op({.name = "gather 4096x1024, dim 1",
      .inputs = {matrix, columns_of},
      .op = [](V v) { return gather(v[0], 1, v[1]); },
      .reads_again = false});
  op({.name = "scatter_add 4096x1024, dim 1",
      .inputs = {matrix, columns_of, matrix},
      .op = [](V v) { return scatter_add(v[0], 1, v[1], v[2]); },
      .reads_again = false});
  op({.name = "index_select 4096 rows",
      .inputs = {matrix, rows_of},
      .op = [](V v) { return index_select(v[0], 0, v[1]); },
      .reads_again = false});
  op({.name = "index_add 4096 rows",
      .inputs = {matrix, rows_of, matrix},
      .op = [](V v) { return index_add(v[0], 0, v[1], v[2]); },
      .reads_again = false});
  op({.name = "embedding 64x64 of 1000x128",
      .inputs = {{{1000, 128}}, tokens},
      .op = [](V v) { return embedding(v[1], v[0]); },
      .elements = 64.0 * 64 * 128,
      .reads_again = false});
  op({.name = "one_hot 4096 of 1000",
      .inputs = {{{4096}, 0, 1000, Input::Type::int64}},
      .op = [](V v) { return one_hot(v[0], 1000); },
      .elements = 4096.0 * 1000,
      .differentiable = false});
  op({.name = "masked_select 4096x1024",
      .inputs = {matrix, {{4096, 1024}, 0, 2, Input::Type::boolean}},
      .op = [](V v) { return masked_select(v[0], v[1]); },
      .reads_again = false});
  return all;
}

}  // namespace bench
