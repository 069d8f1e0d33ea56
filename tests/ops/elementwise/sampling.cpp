// What is drawn has the distribution it should, and the same bits for the same seed.
#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::same_bits;

namespace {
double mean_of(const Tensor& x) { return x.to(float64).mean().item<double>(); }
double deviation_of(const Tensor& x) { return xgrad::std(x.to(float64)).item<double>(); }
constexpr std::int64_t many = 40000;
}  // namespace

TEST_CASE("draws are the same for the same seed", "[ops][sampling]") {
  const auto all = [] {
    Generator g(7);
    const Tensor p = full({50}, 0.3), m = full({50}, 40.0), small = full({50}, 3.0);
    return std::vector<Tensor>{bernoulli(p, &g),
                               normal(m, 2.0, &g),
                               poisson(m, &g),
                               poisson(small, &g),
                               randperm(50, {.generator = &g}),
                               multinomial(p, 20, false, &g)};
  };
  const auto once = all(), again = all();
  for (std::size_t i = 0; i < once.size(); ++i) CHECK(same_bits(once[i], again[i]));
}

TEST_CASE("draws have the mean and the deviation they should", "[ops][sampling]") {
  Generator g(11);
  const auto near = [](double value, double expected, double allowed) {
    CHECK(std::abs(value - expected) < allowed);
  };
  near(mean_of(bernoulli(full({many}, 0.3), &g)), 0.3, 0.01);
  const Tensor n = normal(full({many}, 5.0), 2.0, &g);
  near(mean_of(n), 5, 0.04);
  near(deviation_of(n), 2, 0.04);
  for (const double rate : {0.0, 0.7, 12.0, 30.0, 200.0}) {
    const Tensor p = poisson(full({many}, rate), &g);
    near(mean_of(p), rate, 0.03 * std::sqrt(rate) + 1e-12);
    near(deviation_of(p), std::sqrt(rate), 0.03 * std::sqrt(rate) + 1e-12);
  }
}

TEST_CASE("a permutation has each number once, and multinomial draws by weights",
          "[ops][sampling]") {
  Generator g(13);
  CHECK(same_bits(sort(randperm(100, {.generator = &g})).values, arange(100)));
  CHECK(randperm(0).shape() == Shape{0});
  const Tensor weights = tensor({1.0, 0.0, 3.0});
  const Tensor counts = bincount(multinomial(weights, many, true, &g), {}, 3);
  CHECK(counts[1].item<int>() == 0);
  CHECK(std::abs(counts[2].item<double>() / double(many) - 0.75) < 0.01);
  const Tensor rows = multinomial(ones({4, 5}), 5, false, &g);
  CHECK(same_bits(sort(rows).values, expand(arange(5), {4, 5})));
}
