// Draws, from a stream of numbers that is known.
#include "kernels/draw.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace xgrad;

namespace {

struct Known {
  std::mt19937_64 random{11};
  double uniform() { return static_cast<double>(random() >> 11) * 0x1p-53; }
  std::uint64_t below(std::uint64_t bound) { return random() % bound; }
  detail::RandomStream stream() {
    return {
        this, [](void* state) { return static_cast<Known*>(state)->uniform(); },
        [](void* state, std::uint64_t bound) { return static_cast<Known*>(state)->below(bound); }};
  }
};

// The position of each draw: the first whose running total exceeds the target.
std::vector<std::int64_t> draws_by_definition(std::vector<double> weights, std::int64_t draws,
                                              bool replacement, Known& known) {
  std::vector<std::int64_t> y;
  for (std::int64_t k = 0; k < draws; ++k) {
    double target = known.uniform() * std::accumulate(weights.begin(), weights.end(), 0.0);
    std::size_t i = 0;
    while ((target -= weights[i]) >= 0) ++i;
    y.push_back(static_cast<std::int64_t>(i));
    if (!replacement) weights[i] = 0;
  }
  return y;
}

}  // namespace

TEST_CASE("small Poisson numbers count the factors down to e^-mean", "[ops][kernels]") {
  const std::vector<double> means = {0, 0.5, 3, 29, 1e-300};
  std::vector<double> y(means.size());
  Known known, same;
  detail::draw_poisson(float64, 5, means.data(), known.stream(), y.data());
  for (std::size_t i = 0; i < means.size(); ++i) {
    double factors = 0;
    for (double p = same.uniform(); p > std::exp(-means[i]); p *= same.uniform()) ++factors;
    CHECK(y[i] == factors);
  }
}

TEST_CASE("Poisson numbers have their mean and variance", "[ops][kernels]") {
  for (const float mean : {4.0F, 30.0F, 1000.0F}) {
    const std::vector<float> means(20000, mean);
    std::vector<float> y(means.size());
    Known known;
    detail::draw_poisson(float32, 20000, means.data(), known.stream(), y.data());
    double sum = 0, squares = 0;
    for (const float k : y) sum += k, squares += double{k} * k;
    const double average = sum / 20000, variance = squares / 20000 - average * average;
    CHECK(average == Approx(mean).epsilon(0.03));
    CHECK(variance == Approx(mean).epsilon(0.05));
  }
}

TEST_CASE("permutations are swaps from the end", "[ops][kernels]") {
  for (const std::int64_t n : {0, 1, 2, 9, 1000}) {
    std::vector<std::int64_t> expected(static_cast<std::size_t>(n)), y = expected;
    std::iota(expected.begin(), expected.end(), 0);
    Known known, same;
    for (std::size_t i = expected.size(); i > 1; --i)
      std::swap(expected[i - 1], expected[same.below(i)]);
    detail::draw_permutation(n, known.stream(), y.data());
    CHECK(y == expected);
  }
}

TEST_CASE("positions are drawn by their weights", "[ops][kernels]") {
  const std::vector<float> weights = {0, 1, 2, 0, 4,  //
                                      3, 0, 0, 1, 1};
  for (const bool replacement : {false, true}) {
    const std::int64_t draws = replacement ? 50 : 3;
    std::vector<std::int64_t> y(static_cast<std::size_t>(2 * draws)), expected;
    Known known, same;
    for (const std::ptrdiff_t row : {0, 5}) {
      const auto begin = weights.begin() + row;
      const auto part = draws_by_definition({begin, begin + 5}, draws, replacement, same);
      expected.insert(expected.end(), part.begin(), part.end());
    }
    detail::draw_positions(float32, {2, 5}, draws, replacement, weights.data(), known.stream(),
                           y.data());
    CHECK(y == expected);
  }
}

TEST_CASE("rows with too few weights are found", "[ops][kernels]") {
  const double weights[] = {1, 2, 3, 0, 0, 1, 0, 0, 0};
  CHECK_FALSE(detail::too_few_weights(float64, {2, 3}, weights, 1));
  CHECK(detail::too_few_weights(float64, {3, 3}, weights, 1) == 0);
  CHECK(detail::too_few_weights(float64, {3, 3}, weights, 2) == 1);
  CHECK_FALSE(detail::too_few_weights(float64, {0, 3}, weights, 2));
}
