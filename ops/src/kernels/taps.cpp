#include "kernels/taps.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/graph/isa.hpp>
#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/streaming.hpp>

#include "kernels/strided_lanes.hpp"
#include "kernels/tap_rows.hpp"
#include "kernels/workspace.hpp"

namespace xgrad::detail {
namespace {

// The rows of a map as a kernel sees them.
template <class T>
struct Rows {
  std::int64_t size, count;
  const std::int64_t *first, *at;
  const T* weight;
  RegularRows regular;

  explicit Rows(const TapRows<T>& r)
      : size(r.size),
        count(r.count),
        first(r.first.data()),
        at(r.at.data()),
        weight(r.weight.data()),
        regular(r.regular) {}
};

template <class T>
requires std::is_floating_point_v<T> T scaled(T x, T weight) { return x * weight; }
template <class T, class Width>
Lane<T, Width> scaled(const Lane<T, Width>& x, T weight) {
  return x * Lane<T, Width>(weight);
}
// Four lanes at a time, so that the entries are read less often.
template <class L>
struct Four {
  L v[4];

  static Four load(const typename L::Element* x) {
    Four f;
    for (int i = 0; i < 4; ++i) f.v[i] = L::load(x + i * L::size);
    return f;
  }
  void store(typename L::Element* y) const {
    for (int i = 0; i < 4; ++i) v[i].store(y + i * L::size);
  }
  friend Four scaled(const Four& x, typename L::Element weight) {
    Four f;
    for (int i = 0; i < 4; ++i) f.v[i] = scaled(x.v[i], weight);
    return f;
  }
  Four& operator+=(const Four& b) {
    for (int i = 0; i < 4; ++i) v[i] += b.v[i];
    return *this;
  }
};

// The sum over the entries of a row of `load` at the element times the weight.
template <class L, class T, class F>
L sum_of(const Rows<T>& m, std::int64_t row, F load) {
  const std::int64_t last = m.first[row + 1];
  std::int64_t t = m.first[row];
  if (t == last) return L();
  L sum = scaled(load(m.at[t]), m.weight[t]);
  for (++t; t < last; ++t) sum += scaled(load(m.at[t]), m.weight[t]);
  return sum;
}

// Lines in one piece, one after the other. Lanes go across rows of the map that resemble each
// other.
struct AlongLines {
  template <class Width, class T>
  static void run(Rows<T> m, std::int64_t lines, const T* x, T* y) {
    for (std::int64_t k = 0; k < lines; ++k, x += m.size, y += m.count) {
      const bool on_lanes =
          with_filled_lanes<Width, T>(m.regular.groups, [&]<class L>() { regular<L>(m, x, y); });
      const std::int64_t edge = on_lanes ? m.regular.first : m.count,
                         behind = on_lanes ? edge + m.regular.count() : m.count;
      for (std::int64_t i = 0; i < edge; ++i) single(m, i, x, y);
      for (std::int64_t i = behind; i < m.count; ++i) single(m, i, x, y);
    }
  }

 private:
  template <class T>
  static void single(const Rows<T>& m, std::int64_t i, const T* x, T* y) {
    y[i] = sum_of<T>(m, i, [&](std::int64_t at) { return x[at]; });
  }
  template <class L, class T>
  static void regular(const Rows<T>& m, const T* x, T* y) {
    if (m.regular.stride == 1)
      groups<L, 1>(m, x, y + m.regular.first);
    else if (m.regular.stride == 2)
      groups<L, 2>(m, x, y + m.regular.first);
    else
      groups<L, 0>(m, x, y + m.regular.first);
  }
  template <class L, int stride, class T>
  static void groups(const Rows<T>& m, const T* x, T* y) {
    const RegularRows& r = m.regular;
    for_filled_lanes<L>(r.groups, [&](std::int64_t g) {
      const auto load = [&, from = x + g * r.stride](std::int64_t at) {
        return load_every<L, stride>(from + at, r.stride);
      };
      const L a = sum_of<L>(m, r.first, load);
      if (r.phases == 1)
        a.store(y + g);
      else
        store_in_turns(a, sum_of<L>(m, r.first + 1, load), y + 2 * g);
    });
  }
};

// Lines side by side: `inner` of them.
struct AcrossLines {
  template <class Width, class T>
  static void run(Rows<T> m, std::int64_t inner, const T* x, T* y) {
    const bool on_lanes = with_filled_lanes<Width, T>(inner, [&]<class L>() {
      for (std::int64_t i = 0; i < m.count; ++i) row<L>(m, i, inner, x, y + i * inner);
    });
    if (on_lanes) return;
    for (std::int64_t i = 0; i < m.count; ++i, y += inner)
      for (std::int64_t j = 0; j < inner; ++j)
        y[j] = sum_of<T>(m, i, [&](std::int64_t at) { return x[at * inner + j]; });
  }

 private:
  template <class L, class T>
  static void row(const Rows<T>& m, std::int64_t i, std::int64_t inner, const T* x, T* y) {
    const auto put = [&]<class V>(std::int64_t j) {
      sum_of<V>(m, i, [&](std::int64_t at) { return V::load(x + at * inner + j); }).store(y + j);
    };
    std::int64_t j = 0;
    for (; j + 4 * L::size <= inner; j += 4 * L::size) put.template operator()<Four<L>>(j);
    if (j < inner && j > 0 && inner - j < L::size)
      return put.template operator()<L>(inner - L::size);
    for_filled_lanes<L>(inner - j, [&](std::int64_t k) { put.template operator()<L>(j + k); });
  }
};

// A map along an axis of a block.
template <class T>
struct Step {
  TapRows<T> map;
  std::int64_t outer, inner;

  std::int64_t from() const { return outer * map.size * inner; }
  std::int64_t to() const { return outer * map.count * inner; }
  void operator()(const T* x, T* y) const {
    const Rows<T> rows(map);
    if (inner == 1)
      return run_best<AlongLines, Rows<T>, std::int64_t, const T*, T*>(rows, outer, x, y);
    for (std::int64_t o = 0; o < outer; ++o)
      run_best<AcrossLines, Rows<T>, std::int64_t, const T*, T*>(
          rows, inner, x + o * map.size * inner, y + o * map.count * inner);
  }
};

// Maps that leave less come first, and of those that make more the last one, since it is slower:
// its lines are in one piece.
ScratchVector<std::size_t> order_of(std::span<const TapMap> maps, bool transposed) {
  ScratchVector<std::size_t> order;
  const auto shrinks = [&](std::size_t i) {
    return transposed ? maps[i].size < maps[i].rows : maps[i].rows < maps[i].size;
  };
  for (std::size_t i = 0; i < maps.size(); ++i)
    if (shrinks(i)) order.push_back(i);
  for (std::size_t i = maps.size(); i-- > 0;)
    if (!shrinks(i)) order.push_back(i);
  return order;
}

template <class T>
std::vector<Step<T>> steps_of(const TapAxes& axes, bool transposed) {
  ScratchVector<std::int64_t> sizes;
  for (const TapMap& map : axes.maps) sizes.push_back(transposed ? map.rows : map.size);
  std::vector<Step<T>> steps;
  for (const std::size_t i : order_of(axes.maps, transposed)) {
    Step<T> step{TapRows<T>(axes.maps[i], transposed), 1, axes.inner};
    for (std::size_t d = 0; d < sizes.size(); ++d)
      if (d != i) (d < i ? step.outer : step.inner) *= sizes[d];
    sizes[i] = step.map.count;
    steps.push_back(std::move(step));
  }
  return steps;
}

// The steps of a block, one after the other; `a` and `b` hold in turns what lies between them.
template <class T>
void apply_steps(const std::vector<Step<T>>& steps, const T* x, T* a, T* b, T* y) {
  for (std::size_t k = 0; k + 1 < steps.size(); ++k) {
    steps[k](x, a);
    x = a;
    std::swap(a, b);
  }
  steps.back()(x, y);
}

template <class T>
void apply_to_blocks(const TapAxes& axes, bool transposed, const T* x, T* y) {
  const std::vector<Step<T>> steps = steps_of<T>(axes, transposed);
  const std::int64_t from = steps.front().from(), to = steps.back().to();
  std::int64_t between = 0;
  for (std::size_t k = 0; k + 1 < steps.size(); ++k) between = std::max(between, steps[k].to());
  // A block that stays in the cache is made there and then goes past the caches in one piece.
  constexpr std::int64_t cached = (std::int64_t{128} << 10) / std::int64_t{sizeof(T)};
  const bool streamed = to <= cached && is_streamed(axes.outer * to, dtype_of<T>);
  const std::int64_t work = std::max({std::int64_t{1}, from, between, to});
  parallel_ranges(
      axes.outer, std::max<std::int64_t>(1, parallel_grain / work),
      [&](std::int64_t begin, std::int64_t end) {
        const Workspace<T> a(between), b(steps.size() < 3 ? 0 : between), result(streamed ? to : 0);
        for (std::int64_t o = begin; o < end; ++o) {
          T* const block = y + o * to;
          apply_steps(steps, x + o * from, a.data(), b.data(), streamed ? result.data() : block);
          if (streamed) stream_copy(block, result.data(), static_cast<std::size_t>(to) * sizeof(T));
        }
        if (streamed) stream_fence();
      });
}

}  // namespace

void apply_taps(DType dtype, const TapAxes& axes, const void* x, void* y) {
  dispatch_floating(dtype, [&]<class T>() {
    apply_to_blocks(axes, false, static_cast<const T*>(x), static_cast<T*>(y));
  });
}

void apply_taps_transposed(DType dtype, const TapAxes& axes, const void* y, void* x) {
  dispatch_floating(dtype, [&]<class T>() {
    apply_to_blocks(axes, true, static_cast<const T*>(y), static_cast<T*>(x));
  });
}

}  // namespace xgrad::detail
