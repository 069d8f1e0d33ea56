#include "run/series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "run/sampled.hpp"
#include "support/catch.hpp"

using namespace xgrad::viz;

namespace {

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<Point> points(const Series& series) {
  std::vector<Point> all;
  for (const Bucket& b : series.buckets())
    for (const Point& p : b.points()) all.push_back(p);
  return all;
}

std::vector<std::int64_t> steps(const Series& series) {
  std::vector<std::int64_t> all;
  for (const Point& p : points(series)) all.push_back(p.step);
  return all;
}

Series series_of(const std::vector<Point>& all) {
  Series series;
  for (const Point& p : all) series.add(p, 1);
  return series;
}

// What the rule says, from all points at once: buckets of `width` steps.
std::vector<Point> expected(const std::vector<Point>& sorted, std::int64_t width) {
  std::vector<Point> all;
  for (auto from = sorted.begin(); from != sorted.end();) {
    const std::int64_t index = from->step / width;
    const auto to =
        std::find_if(from, sorted.end(), [&](const Point& p) { return p.step / width != index; });
    const auto by_value = [](const Point& a, const Point& b) { return a.value < b.value; };
    std::vector<Point> four{*from, *std::min_element(from, to, by_value),
                            *std::max_element(from, to, by_value), *(to - 1)};
    std::sort(four.begin(), four.end(),
              [](const Point& a, const Point& b) { return a.step < b.step; });
    for (const Point& p : four)
      if (all.empty() || all.back().step != p.step) all.push_back(p);
    from = to;
  }
  return all;
}

}  // namespace

TEST_CASE("a short series is kept whole, in the order of its steps", "[viz][series]") {
  const Series series = series_of({{5, 0, 1}, {-3, 1, 2}, {100, 2, 3}, {7, 3, 4}});
  CHECK(steps(series) == std::vector<std::int64_t>{-3, 5, 7, 100});
  CHECK(series.width() == 1);
  CHECK(series.total() == 4);
}

TEST_CASE("of two values of one step the later counts", "[viz][series]") {
  const Series series = series_of({{5, 0, 1}, {6, 0, 9}, {5, 1, 2}, {6, 0, nan_value}});
  CHECK(points(series)[0].value == 2);
  CHECK(std::isnan(points(series)[1].value));
  CHECK(points(series).size() == 2);
}

TEST_CASE("thinning keeps first, smallest, largest and last of each bucket", "[viz][series]") {
  std::mt19937 bits(7);
  std::vector<Point> sorted;
  for (int i = 0; i < 20000; ++i)
    sorted.push_back({i * 3, i * 0.5, std::uniform_real_distribution<>(-1, 1)(bits)});
  std::vector<Point> any_order = sorted;
  const bool shuffled = GENERATE(false, true);
  if (shuffled) std::shuffle(any_order.begin(), any_order.end(), bits);
  const Series series = series_of(any_order);
  CHECK(series.width() == 128);  // 60000 steps / 128 = 469 buckets
  CHECK(series.buckets().size() == 469);
  const std::vector<Point> wanted = expected(sorted, series.width()), found = points(series);
  REQUIRE(found.size() == wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CHECK(found[i].step == wanted[i].step);
    CHECK(found[i].value == wanted[i].value);
    CHECK(found[i].time == wanted[i].time);
  }
}

TEST_CASE("buckets know the mean of all their points", "[viz][series]") {
  Series series;
  double sum = 0, found = 0;
  std::int64_t count = 0;
  for (int i = 0; i < 5000; ++i) {
    series.add({i, 0, std::sin(i)}, 1);
    sum += std::sin(i);
  }
  for (const Bucket& b : series.buckets()) {
    found += b.sum;
    count += b.count;
  }
  CHECK(count == 5000);
  CHECK(std::abs(found - sum) < 1e-9);
}

TEST_CASE("one peak among a million points is shown", "[viz][series]") {
  Series series;
  for (int i = 0; i < 1'000'000; ++i) series.add({i, 0, i == 654321 ? 1e6 : 0.0}, 1);
  const std::vector<Point> all = points(series);
  CHECK(all.size() <= 4 * Series::max_buckets);
  CHECK(std::count_if(all.begin(), all.end(),
                      [](const Point& p) { return p.value == 1e6 && p.step == 654321; }) == 1);
  CHECK(series.total() == 1'000'000);
}

TEST_CASE("numbers that are not finite survive thinning", "[viz][series]") {
  Series series;
  for (int i = 0; i < 100'000; ++i)
    series.add({i, 0,
                i == 50'001   ? nan_value
                : i == 50'002 ? infinity
                : i == 3      ? -infinity
                              : 1.0},
               1);
  int nans = 0, ups = 0, downs = 0;
  for (const Point& p : points(series)) {
    nans += std::isnan(p.value) && p.step == 50'001;
    ups += p.value == infinity && p.step == 50'002;
    downs += p.value == -infinity && p.step == 3;
  }
  CHECK(nans == 1);
  CHECK(ups == 1);
  CHECK(downs == 1);
  for (const Bucket& b : series.buckets()) CHECK(std::isfinite(b.sum));
}

TEST_CASE("steps as far apart as they may be need few buckets", "[viz][series]") {
  constexpr std::int64_t most = std::int64_t{1} << 53;
  Series series;
  for (int i = 0; i < 600; ++i) {
    series.add({most - i, 0, 1}, 1);
    series.add({-most + i, 0, 2}, 1);
  }
  CHECK(series.buckets().size() <= Series::max_buckets);
  CHECK(steps(series).front() == -most);
  CHECK(steps(series).back() == most);
}

TEST_CASE("a later session replaces what earlier ones had from its first step on",
          "[viz][series]") {
  Series series;
  for (int i = 0; i < 10; ++i) series.add({i, 0, 1}, 1);
  series.add({6, 1, 2}, 2);
  CHECK(steps(series) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6});
  series.add({5, 1, 2}, 2);  // within a session nothing is removed
  CHECK(steps(series) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6});
  series.add({20, 1, 3}, 3);
  CHECK(steps(series).back() == 20);
  CHECK(steps(series).size() == 8);
}

TEST_CASE("a later session also replaces a part of a bucket", "[viz][series]") {
  Series series;
  for (int i = 0; i < 4096; ++i) series.add({i, 0, i == 4000 ? 9.0 : 0.0}, 1);
  REQUIRE(series.width() == 8);
  series.add({2003, 0, 5}, 2);
  CHECK(steps(series).back() == 2003);
  for (const Point& p : points(series)) CHECK(p.value != 9);
  CHECK(points(series).back().value == 5);
  CHECK(steps(series)[steps(series).size() - 2] < 2003);
}

TEST_CASE("samples are spread evenly and end with the last", "[viz][series]") {
  Sampled<int> samples(16);
  for (int i = 0; i < 1000; ++i) {
    samples.add({i, 0, i}, 1);
    REQUIRE(samples.entries().size() <= 16);
    REQUIRE(samples.entries().back().step == i);
    REQUIRE(samples.entries().front().step == 0);
  }
  const auto& entries = samples.entries();
  CHECK(entries.size() >= 8);
  for (std::size_t i = 2; i + 1 < entries.size(); ++i)
    CHECK(entries[i].step - entries[i - 1].step == entries[1].step - entries[0].step);
  CHECK(samples.total() == 1000);
}

TEST_CASE("a sample that is replaced stays", "[viz][series]") {
  Sampled<int> samples(4);
  for (int i = 0; i < 6; ++i) samples.add({i, 0, i}, 1);  // 0, 2, 4 and the last, 5
  samples.add({2, 0, 20}, 1);
  samples.add({7, 0, 70}, 1);
  std::vector<int> values;
  for (const auto& entry : samples.entries()) values.push_back(entry.value);
  CHECK(values == std::vector<int>{0, 20, 4, 70});
}

TEST_CASE("samples of one step, and of later sessions, are replaced", "[viz][series]") {
  Sampled<int> samples(4);
  samples.add({1, 0, 10}, 1);
  samples.add({1, 0, 11}, 1);
  CHECK(samples.entries().size() == 1);
  CHECK(samples.entries()[0].value == 11);
  samples.add({5, 0, 50}, 1);
  samples.add({3, 0, 30}, 2);
  CHECK(samples.entries().size() == 2);
  CHECK(samples.entries().back().value == 30);
}
