// Reductions by group, against a loop over the elements of each.
#include "kernels/groups.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::Extreme;
using test::Elements;

namespace {

template <class F>
void for_cases(F f) {
  for (const std::int64_t n : test::odd_sizes)
    for (const std::int64_t groups : {0, 1, 5, 40})
      f(n, groups, test::random_positions(n, groups, true, 3));
}

}  // namespace

TEST_CASE("extremes and products of groups", "[ops][kernels]") {
  for_cases([](std::int64_t n, std::int64_t groups, const Elements<std::int64_t>& group) {
    test::for_numbers([&]<class T>() {
      const auto x = test::random_elements<T>(n, 1);
      Elements<T> product(groups), y(groups);
      for (std::int64_t g = 0; g < groups; ++g) y[g] = product[g] = T(2);
      for (const Extreme which : {Extreme::least, Extreme::largest}) {
        Elements<std::int64_t> best(groups), expected(groups);
        for (std::int64_t g = 0; g < groups; ++g) {
          expected[g] = -1;
          for (std::int64_t k = 0; k < n; ++k) {
            if (group[k] != g) continue;
            const T held = expected[g] < 0 ? x[k] : x[expected[g]];
            if (expected[g] < 0 || x[k] != x[k] ||
                (which == Extreme::largest ? x[k] > held : x[k] < held))
              expected[g] = k;
          }
        }
        detail::extremes_of_groups(dtype_of<T>, which, n, x.data(), group.data(), groups,
                                   best.data());
        CHECK(best == expected);
      }
      for (std::int64_t g = 0; g < groups; ++g)
        for (std::int64_t k = 0; k < n; ++k)
          if (group[k] == g) {
            if constexpr (std::is_same_v<T, std::int64_t>)
              product[g] = static_cast<T>(static_cast<std::uint64_t>(product[g]) *
                                          static_cast<std::uint64_t>(x[k]));
            else
              product[g] *= x[k];
          }
      detail::products_of_groups(dtype_of<T>, n, x.data(), group.data(), y.data());
      CHECK(test::close(y, product, 0));
    });
  });
}

TEST_CASE("elements in the order of their groups", "[ops][kernels]") {
  for_cases([](std::int64_t n, std::int64_t groups, const Elements<std::int64_t>& group) {
    Elements<std::int64_t> order(n), last(groups);
    Elements<bool> begins(n);
    const std::int64_t found =
        detail::order_by_group(n, group.data(), groups, order.data(), begins.data(), last.data());
    std::int64_t at = 0;
    for (std::int64_t g = 0; g < groups; ++g) {
      const std::int64_t start = at;
      for (std::int64_t k = 0; k < n; ++k)
        if (group[k] == g) {
          CHECK(order[at] == k);
          CHECK(begins[at] == (at == start));
          ++at;
        }
      CHECK(last[g] == (at == start ? -1 : at - 1));
    }
    CHECK(found == at);
  });
}
