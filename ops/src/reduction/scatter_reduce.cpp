#include <xgrad/ops/scatter_reduce.hpp>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/index_slices.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/scatter.hpp>

#include "kernels/groups.hpp"
#include "movement/gather_rows.hpp"
#include "movement/scatter_indices.hpp"
#include "reduction/linear_recurrence.hpp"

namespace xgrad {
namespace {

using detail::Extreme;
using detail::positions_of;
using detail::raw;

// Everything in a row: x's elements, each of a group of its own, and src's, each of the group it
// falls on; -1 for what does not count. Whatever is reduced is made of sums over groups and of
// picking by them, so its gradient comes by itself.
struct Groups {
  Tensor values, groups;
  std::int64_t count;

  Tensor summed(const Tensor& x) const {
    return detail::scatter_add_rows({"scatter_reduce", "dx = dy of its group"}, x, groups, 1,
                                    Shape{count});
  }
  Tensor of_group(const Tensor& y) const {
    return detail::gather_rows({"scatter_reduce", "dx = dy, summed over the group"}, y, groups,
                               groups.shape());
  }
};

// x's elements count where no src falls on them, or if told to.
Groups groups_of(const Operand& x, const detail::Scattering& s, bool include_self) {
  const std::int64_t n = x.shape().numel();
  const Tensor all = arange(n), falls = reshape(s.positions, {-1});
  const Tensor own = include_self ? all : index_fill(all, 0, falls, -1);
  return {cat({reshape(x, {-1}), reshape(s.source, {-1})}, 0), cat({own, falls}, 0), n};
}

Tensor mean_of(const Groups& g) {
  const Tensor sizes = g.summed(ones_like(g.values.detach()));
  if (is_floating(g.values.dtype())) return g.summed(g.values) / clamp_min(sizes, 1);
  return div(g.summed(g.values), clamp_min(sizes, 1), "floor");
}

// Which of its group each element is that has the group's extreme, and shares its gradient.
Tensor shares_of(const Groups& g, const Tensor& extreme) {
  const Tensor mine = g.of_group(extreme);
  const Tensor has_it = logical_or(g.values == mine, g.values != g.values).to(extreme.dtype());
  return has_it / clamp_min(g.of_group(g.summed(has_it)), 1);
}

Tensor extreme_of(const Groups& g, Extreme which) {
  const Tensor chosen = detail::new_positions({g.count});
  detail::extremes_of_groups(g.values.dtype(), which, g.values.numel(), raw<void>(g.values),
                             positions_of(g.groups), g.count, positions_of(chosen));
  const Tensor extreme =
      detail::gather_rows("scatter_reduce", g.values.detach(), chosen, chosen.shape());
  return record({"scatter_reduce", "dx = dy of its group, divided among the elements equal to y"},
                {g.values, g.groups}, extreme, save_inputs | save_output,
                [](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Groups all{in[0].detach(), in[1], dy.numel()};
                  const Tensor shares = shares_of(all, in.output().detach());
                  dx.add(0, all.of_group(dy) * shares);
                });
}

// Running products over each group's elements, one group after the other; the last is the product.
Tensor product_of(const Groups& g) {
  const std::int64_t n = g.groups.numel();
  const Tensor order = detail::new_positions({n}), ends = detail::new_positions({g.count}),
               begins = empty({n}, {.dtype = bool_});
  const std::int64_t found =
      detail::order_by_group(n, positions_of(g.groups), g.count, positions_of(order),
                             raw<bool>(begins), positions_of(ends));
  const Tensor rows = narrow(order, 0, 0, found), first = narrow(begins, 0, 0, found);
  const Tensor sorted = detail::gather_rows("scatter_reduce", g.values, rows, rows.shape());
  const Tensor products =
      detail::linear_scan(sorted, where(first, sorted, 0), 0, detail::Direction::forward, first);
  return detail::gather_rows("scatter_reduce", products, ends, ends.shape());
}

Tensor whole_product_of(const Groups& g) {
  const Tensor products = ones({g.count}, {.dtype = g.values.dtype()});
  detail::products_of_groups(g.values.dtype(), g.values.numel(), raw<void>(g.values),
                             positions_of(g.groups), raw<void>(products));
  return products;
}

Tensor reduced(const Groups& g, std::string_view reduce) {
  if (reduce == "sum") return g.summed(g.values);
  if (reduce == "mean") return mean_of(g);
  if (reduce == "prod") return is_floating(g.values.dtype()) ? product_of(g) : whole_product_of(g);
  if (reduce == "amax") return extreme_of(g, Extreme::largest);
  if (reduce == "amin") return extreme_of(g, Extreme::least);
  throw ValueError(
      fmt::format("scatter_reduce: reduce is '{}'; it must be 'sum', 'prod', 'mean', "
                  "'amax' or 'amin'",
                  reduce));
}

}  // namespace

Tensor scatter_reduce(Operand x, Dim dim, const Tensor& index, Operand src, std::string_view reduce,
                      Flag include_self) {
  const OpScope scope("scatter_reduce", x);
  const detail::Scattering s = detail::scattering("scatter_reduce", x, dim, index, src);
  return reshape(reduced(groups_of(x, s, include_self), reduce), x.shape());
}

Tensor scatter(Operand x, Dim dim, const Tensor& index, Operand src, std::string_view reduce) {
  const OpScope scope("scatter", x);
  if (reduce == "add") return scatter_add(x, dim, index, src);
  if (reduce == "multiply") return scatter_reduce(x, dim, index, src, "prod");
  throw ValueError(fmt::format("scatter: reduce is '{}'; it must be 'add' or 'multiply'", reduce));
}

}  // namespace xgrad
