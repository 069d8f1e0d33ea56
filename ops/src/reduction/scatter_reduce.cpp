#include <algorithm>
#include <functional>
#include <numeric>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/graph/wrapping.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/scatter.hpp>

#include "movement/gather_rows.hpp"
#include "movement/scatter_indices.hpp"
#include "reduction/linear_recurrence.hpp"

namespace xgrad {
namespace {

using detail::positions_of;

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
  Tensor own = arange(n);
  if (!include_self)
    for (const std::int64_t at : s.positions.span<std::int64_t>())
      own.mutable_data<std::int64_t>()[at] = -1;
  return {cat({reshape(x, {-1}), reshape(s.source, {-1})}, 0),
          cat({own, reshape(s.positions, {-1})}, 0), n};
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

template <class Better>
Tensor extreme_of(const Groups& g, Better better) {
  detail::ScratchVector<std::int64_t> best(static_cast<std::size_t>(g.count), -1);
  dispatch(g.values.dtype(), [&]<class T>() {
    const T* const x = detail::raw<T>(g.values);
    const std::int64_t* const at = positions_of(g.groups);
    for (std::int64_t k = 0; k < g.values.numel(); ++k) {
      if (at[k] < 0) continue;
      std::int64_t& now = best[static_cast<std::size_t>(at[k])];
      if (now < 0 || better(x[k], x[now]) || x[k] != x[k]) now = k;
    }
  });
  const Tensor chosen = tensor(best);
  const Tensor extreme =
      detail::gather_rows("scatter_reduce", g.values.detach(), chosen, chosen.shape());
  return record({"scatter_reduce", "dx = dy of its group, shared by those equal to y"},
                {g.values, g.groups}, extreme, save_inputs | save_output,
                [](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Groups all{in[0].detach(), in[1], dy.numel()};
                  const Tensor shares = shares_of(all, in.output().detach());
                  dx.add(0, all.of_group(dy) * shares);
                });
}

// Running products over each group's elements, one group after the other; the last is the product.
Tensor product_of(const Groups& g) {
  const std::int64_t* const at = positions_of(g.groups);
  detail::ScratchVector<std::int64_t> order(static_cast<std::size_t>(g.groups.numel()));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  order.erase(std::remove_if(order.begin(), order.end(), [at](auto k) { return at[k] < 0; }),
              order.end());
  std::stable_sort(order.begin(), order.end(), [at](auto i, auto j) { return at[i] < at[j]; });
  detail::ScratchVector<std::int64_t> last(static_cast<std::size_t>(g.count), -1);
  detail::ScratchVector<bool> begins;
  for (std::size_t k = 0; k < order.size(); ++k) {
    begins.push_back(k == 0 || at[order[k]] != at[order[k - 1]]);
    last[static_cast<std::size_t>(at[order[k]])] = static_cast<std::int64_t>(k);
  }
  const Tensor first = empty({static_cast<std::int64_t>(order.size())}, {.dtype = bool_});
  std::copy(begins.begin(), begins.end(), detail::raw<bool>(first));
  const Tensor rows = tensor(order), ends = tensor(last);
  const Tensor sorted = detail::gather_rows("scatter_reduce", g.values, rows, rows.shape());
  const Tensor products =
      detail::linear_scan(sorted, where(first, sorted, 0), 0, detail::Direction::forward, first);
  return detail::gather_rows("scatter_reduce", products, ends, ends.shape());
}

Tensor whole_product_of(const Groups& g) {
  const Tensor products = ones({g.count}, {.dtype = g.values.dtype()});
  dispatch(g.values.dtype(), [&]<class T>() {
    const std::int64_t* const at = positions_of(g.groups);
    T* const y = detail::raw<T>(products);
    for (std::int64_t k = 0; k < g.values.numel(); ++k)
      if (at[k] >= 0) y[at[k]] = detail::wrapping_mul(y[at[k]], detail::raw<T>(g.values)[k]);
  });
  return products;
}

Tensor reduced(const Groups& g, std::string_view reduce) {
  if (reduce == "sum") return g.summed(g.values);
  if (reduce == "mean") return mean_of(g);
  if (reduce == "prod") return is_floating(g.values.dtype()) ? product_of(g) : whole_product_of(g);
  if (reduce == "amax") return extreme_of(g, std::greater<>());
  if (reduce == "amin") return extreme_of(g, std::less<>());
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

}  // namespace xgrad
