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

template <class T>
bool comes_before(T a, T b) {
  return a < b || (b != b && a == a);
}

// Positions in order: each goes behind all that it does not come before.
template <class T>
std::vector<std::int64_t> order_of(const std::vector<T>& line, bool descending) {
  std::vector<std::int64_t> order;
  for (std::size_t i = 0; i < line.size(); ++i) {
    auto at = order.end();
    while (at != order.begin()) {
      const T other = line[static_cast<std::size_t>(at[-1])];
      if (!(descending ? comes_before(other, line[i]) : comes_before(line[i], other))) break;
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

TEST_CASE("positions along lines as elements", "[ops][kernels]") {
  const AxisSplit s{3, 5, 4};
  Elements<std::int64_t> at(3 * 2 * 4), elements(3 * 2 * 4);
  for (std::int64_t i = 0; i < at.size; ++i) at[i] = i * 7 % 5;
  detail::elements_of_lines(s, 2, at.data(), elements.data());
  for (std::int64_t o = 0; o < 3; ++o)
    for (std::int64_t i = 0; i < 2; ++i)
      for (std::int64_t j = 0; j < 4; ++j) {
        const std::int64_t place = (o * 2 + i) * 4 + j;
        CHECK(elements[place] == (o * 5 + at[place]) * 4 + j);
      }
}

TEST_CASE("places in sorted rows", "[ops][kernels]") {
  const double rows[] = {1, 2, 2, 5, -1, 0, 0, 9}, values[] = {2, 0, 6, 0, -5, 9};
  std::int64_t left[6], right[6];
  detail::search_sorted(float64, 4, 3, false, rows, 6, values, left);
  detail::search_sorted(float64, 4, 3, true, rows, 6, values, right);
  for (std::int64_t k = 0; k < 6; ++k) {
    std::int64_t below = 0, not_above = 0;
    for (std::int64_t i = 0; i < 4; ++i) {
      below += rows[k / 3 * 4 + i] < values[k];
      not_above += rows[k / 3 * 4 + i] <= values[k];
    }
    CHECK(left[k] == below);
    CHECK(right[k] == not_above);
  }
}

TEST_CASE("different elements", "[ops][kernels]") {
  test::for_dtypes([]<class T>() {
    for (const std::int64_t n : test::odd_sizes) {
      const auto x = drawn<T>({1, n, 1});
      Elements<std::int64_t> first(n), counts(n), inverse(n);
      const std::int64_t found = detail::unique_elements(dtype_of<T>, n, x.data(), first.data(),
                                                         counts.data(), inverse.data());
      std::int64_t all = 0;
      for (std::int64_t u = 0; u < found; ++u) {
        all += counts[u];
        if (u > 0) CHECK(!comes_before(x[first[u]], x[first[u - 1]]));
        if (u > 0) CHECK(x[first[u]] != x[first[u - 1]]);
      }
      CHECK(all == n);
      for (std::int64_t k = 0; k < n; ++k)
        CHECK((x[first[inverse[k]]] == x[k] || (x[k] != x[k] && first[inverse[k]] == k)));
    }
  });
}

TEST_CASE("counts in bins", "[ops][kernels]") {
  const double x[] = {0, 0.1, 0.25, 0.5, 0.99, 1, 1.1, -0.1, NAN, INFINITY};
  double counts[4] = {10, 0, 0, 0};
  detail::count_in_bins(0, 1, 10, x, 4, counts);
  CHECK((counts[0] == 12 && counts[1] == 1 && counts[2] == 1 && counts[3] == 2));
}
