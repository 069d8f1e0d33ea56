// Orders of lines, against an insertion sort and counts.
#include "kernels/sort.hpp"

#include <algorithm>

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::AxisSplit;
using detail::Rank;
using test::Elements;

namespace {

// Positions in order: each goes behind all that it does not come before.
template <class T>
std::vector<std::int64_t> order_of(const std::vector<T>& line, bool descending) {
  std::vector<std::int64_t> order;
  for (std::size_t i = 0; i < line.size(); ++i) {
    auto at = order.end();
    while (at != order.begin()) {
      const T other = line[static_cast<std::size_t>(at[-1])];
      if (!(descending ? test::comes_before(other, line[i]) : test::comes_before(line[i], other)))
        break;
      --at;
    }
    order.insert(at, static_cast<std::int64_t>(i));
  }
  return order;
}

template <class T>
Elements<T> drawn(const AxisSplit& s) {
  auto x = test::random_elements<T>(s.numel(), 1);
  if constexpr (!std::is_same_v<T, bool>)
    for (T& e : x) e = std::isfinite(static_cast<double>(e)) ? static_cast<T>(int(e) % 50) : e;
  return x;
}

// kernel(x, at) against the first k of each line's order as expected(line, order) leaves it.
template <class T, class Kernel, class F>
void check(const AxisSplit& s, std::int64_t k, bool descending, Kernel kernel, F expected) {
  const auto x = drawn<T>(s);
  const AxisSplit taken{s.outer, k, s.inner};
  Elements<std::int64_t> first(taken.numel());
  for (std::int64_t l = 0; taken.numel() > 0 && l < s.lines(); ++l) {
    const auto line = test::line_of(s, x, l);
    std::vector<std::int64_t> order = order_of(line, descending);
    expected(line, order);
    order.resize(static_cast<std::size_t>(k));
    test::set_line(taken, first, l, order);
  }
  test::for_thread_counts([&] {
    Elements<std::int64_t> at(taken.numel());
    kernel(x.data(), at.data());
    CHECK(at == first);
  });
}

template <class F>
void for_cases(F f, std::int64_t least = 0) {
  test::for_line_shapes(
      [&](const AxisSplit& s) {
        test::for_dtypes([&]<class T>() { f.template operator()<T>(s); });
      },
      least);
}

const auto as_it_is = [](const auto&, auto&) {};

}  // namespace

TEST_CASE("sorted lines and their first k", "[ops][kernels]") {
  for_cases([]<class T>(const AxisSplit& s) {
    for (const bool down : {false, true}) {
      check<T>(
          s, s.size, down,
          [&](const T* x, std::int64_t* at) { detail::sort_lines(dtype_of<T>, s, down, x, at); },
          as_it_is);
      const std::int64_t k = (s.size + 1) / 2;
      check<T>(
          s, k, down,
          [&](const T* x, std::int64_t* at) {
            detail::top_of_lines(dtype_of<T>, s, k, down, x, at);
          },
          as_it_is);
    }
  });
}

TEST_CASE("elements at a rank", "[ops][kernels]") {
  for_cases(
      []<class T>(const AxisSplit& s) {
        for (const Rank rank :
             {Rank{Rank::kth, s.size / 3}, Rank{Rank::median}, Rank{Rank::median_of_numbers}})
          check<T>(
              s, 1, false,
              [&](const T* x, std::int64_t* at) {
                detail::select_in_lines(dtype_of<T>, s, rank, x, at);
              },
              [&](const std::vector<T>& line, std::vector<std::int64_t>& order) {
                const auto n = line.size();
                const auto nans = static_cast<std::size_t>(
                    std::count_if(line.begin(), line.end(), [](T e) { return e != e; }));
                std::size_t place = static_cast<std::size_t>(rank.k);
                if (rank.kind == Rank::median) place = nans > 0 ? n - nans : (n - 1) / 2;
                if (rank.kind == Rank::median_of_numbers)
                  place = nans == n ? 0 : (n - nans - 1) / 2;
                order.front() = order[place];
              });
      },
      1);
}

TEST_CASE("the first of long lines", "[ops][kernels]") {
  test::for_dtypes([]<class T>() {
    const AxisSplit s{2, 1500, 1};
    for (const std::int64_t k : {1, 10, 700, 1499, 1500})
      for (const bool down : {false, true})
        check<T>(
            s, k, down,
            [&](const T* x, std::int64_t* at) {
              detail::top_of_lines(dtype_of<T>, s, k, down, x, at);
            },
            as_it_is);
  });
}

TEST_CASE("modes", "[ops][kernels]") {
  for_cases(
      []<class T>(const AxisSplit& s) {
        check<T>(
            s, 1, false,
            [&](const T* x, std::int64_t* at) { detail::modes_of_lines(dtype_of<T>, s, x, at); },
            [](const std::vector<T>& line, std::vector<std::int64_t>& order) {
              const auto same = [&](std::int64_t i, std::int64_t j) {
                const T a = line[static_cast<std::size_t>(i)],
                        b = line[static_cast<std::size_t>(j)];
                return a == b || (a != a && b != b);
              };
              std::ptrdiff_t most = 0;
              std::int64_t best = 0;
              for (const std::int64_t i : order) {
                const auto count = std::count_if(order.begin(), order.end(),
                                                 [&](std::int64_t j) { return same(i, j); });
                if (count > most || (count == most && same(i, best))) most = count, best = i;
              }
              order.front() = best;
            });
      },
      1);
}
