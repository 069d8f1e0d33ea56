// Copies of strided regions, against a loop over their elements.
#include "kernels/strided.hpp"

#include <vector>

#include "ops/kernels/kernel_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::StridedRegion;
using test::Elements;

namespace {

StridedRegion region(std::int64_t offset, std::initializer_list<std::int64_t> size,
                     std::initializer_list<std::int64_t> stride) {
  StridedRegion r;
  r.offset = offset;
  auto step = stride.begin();
  for (const std::int64_t n : size) r.add_axis(n, *step++);
  return r;
}

// A row-major value's axes in another order.
StridedRegion permuted(const std::vector<std::int64_t>& sizes, const std::vector<int>& order) {
  StridedRegion whole, r;
  std::int64_t step = 1;
  for (std::size_t d = sizes.size(); d-- > 0; step *= sizes[d])
    whole.size[d] = sizes[d], whole.stride[d] = step;
  for (const int d : order) r.add_axis(whole.size[d], whole.stride[d]);
  return r;
}

// Where the elements of a region lie, in order.
std::vector<std::int64_t> positions(const StridedRegion& r) {
  std::int64_t count = 1;
  for (int d = 0; d < r.axes; ++d) count *= r.size[d];
  std::vector<std::int64_t> at;
  for (std::int64_t k = 0; k < count; ++k) {
    std::int64_t rest = k, position = r.offset;
    for (int d = r.axes; d-- > 0; rest /= r.size[d]) position += rest % r.size[d] * r.stride[d];
    at.push_back(position);
  }
  return at;
}

std::vector<StridedRegion> cases() {
  std::vector<StridedRegion> all = {
      region(3, {}, {}),
      region(0, {0}, {1}),
      region(0, {4, 0, 2}, {2, 5, 1}),
      region(2, {1, 1}, {7, 9}),
      region(5, {3, 4, 5}, {60, 6, 1}),     // a part of each axis
      region(0, {1000, 3}, {5, 2}),         // every other one
      region(99, {100}, {-1}),              // reversed
      region(11, {2, 3, 2}, {-6, 2, -1}),   // reversed in part
      region(7, {2, 40000}, {50000, 1}),    // rows longer than a piece for a thread
      region(0, {40000}, {2}),              // one column
      region(0, {10000, 2, 2}, {8, 3, 2}),  // many small pieces
      region(0, {5, 4, 3, 2, 3}, {1000, 200, 40, 8, 2}),
  };
  for (const std::int64_t n : test::odd_sizes)
    for (const std::int64_t m : {1, 2, 3, 33}) {
      all.push_back(permuted({n, m}, {1, 0}));
      all.push_back(permuted({2, n, m}, {0, 2, 1}));
    }
  for (const std::int64_t depth : {2, 3, 16}) {
    all.push_back(permuted({2, 37, 2, 40, depth}, {0, 3, 2, 1, 4}));
    all.push_back(permuted({3, 34, 35, depth}, {3, 0, 2, 1}));
  }
  return all;
}

template <class F>
void for_cases(F f) {
  for (const StridedRegion& r : cases()) {
    const std::vector<std::int64_t> at = positions(r);
    std::int64_t numel = 1;
    for (const std::int64_t k : at) numel = std::max(numel, k + 1);
    f(r, at, numel);
  }
}

}  // namespace

TEST_CASE("regions are copied out and in", "[ops][kernels]") {
  for_cases([](const StridedRegion& r, const std::vector<std::int64_t>& at, std::int64_t numel) {
    test::for_dtypes([&]<class T>() {
      const auto count = static_cast<std::int64_t>(at.size());
      const auto value = test::random_elements<T>(numel, 1);
      const auto selection = test::random_elements<T>(count, 2);
      Elements<T> taken(count), written = value;
      for (std::int64_t k = 0; k < count; ++k) {
        taken[k] = value[at[static_cast<std::size_t>(k)]];
        written[at[static_cast<std::size_t>(k)]] = selection[k];
      }
      test::for_thread_counts([&] {
        Elements<T> y(count), into = value;
        detail::copy_from_region(dtype_of<T>, r, value.data(), y.data());
        CHECK(y == taken);
        detail::copy_into_region(dtype_of<T>, r, selection.data(), into.data());
        CHECK(into == written);
      });
    });
  });
}

TEST_CASE("regions are added to, in zeros or in what is there", "[ops][kernels]") {
  for_cases([](const StridedRegion& r, const std::vector<std::int64_t>& at, std::int64_t numel) {
    const auto count = static_cast<std::int64_t>(at.size());
    Elements<float> value(numel), selection(count);
    for (std::int64_t k = 0; k < numel; ++k) value[k] = static_cast<float>(k) * 0.37F;
    for (std::int64_t k = 0; k < count; ++k) selection[k] = static_cast<float>(k) * -1.91F;
    for (const bool accumulate : {false, true}) {
      Elements<float> expected = accumulate ? value : Elements<float>(numel);
      for (std::int64_t k = 0; k < count; ++k) {
        float& to = expected[at[static_cast<std::size_t>(k)]];
        to = accumulate ? to + selection[k] : selection[k];
      }
      test::for_thread_counts([&] {
        Elements<float> y = value;
        detail::add_into_region(float32, r, numel, selection.data(), accumulate, y.data());
        CHECK(y == expected);
      });
    }
  });
}

TEST_CASE("large selections, which go past the caches", "[ops][kernels]") {
  const StridedRegion all[] = {
      permuted({262147, 17}, {1, 0}),      permuted({17, 262147}, {1, 0}),
      permuted({3, 9, 163841}, {0, 2, 1}), permuted({2051, 2053}, {1, 0}),
      region(0, {4099, 1031}, {1, 0}),     region(0, {1031, 4099}, {0, 1})};
  for (const StridedRegion& r : all) {
    const std::vector<std::int64_t> at = positions(r);
    const auto numel = static_cast<std::int64_t>(at.size());
    Elements<float> value(numel), selection(numel);
    for (std::int64_t i = 0; i < numel; ++i) value[i] = static_cast<float>(i % 9973);
    detail::copy_from_region(float32, r, value.data(), selection.data());
    bool same = true;
    for (std::int64_t i = 0; i < numel; ++i)
      same = same && selection[i] == value[at[static_cast<std::size_t>(i)]];
    CHECK(same);
  }
}
