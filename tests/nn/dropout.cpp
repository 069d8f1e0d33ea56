// Dropout of channels, and dropout that keeps mean and variance.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {
double share_of_zeros(const Tensor& t) { return (t == 0).to(float64).mean().item<double>(); }
}  // namespace

TEST_CASE("whole channels are dropped", "[nn][dropout]") {
  manual_seed(1);
  const Tensor x = ones({50, 40, 3, 2}, {.requires_grad = true});
  const Tensor y = nn::Dropout2d(0.3)(x);
  const Tensor sums = y.detach().sum({2, 3});
  CHECK(std::abs(share_of_zeros(sums) - 0.3) < 0.03);
  const double scaled = 6 / 0.7;
  CHECK(amax(minimum(abs(sums), abs(sums - scaled))).item<double>() < 1e-4);
  y.sum().backward();
  CHECK(test::same_bits(x.grad(), y.detach()));
  CHECK(nn::Dropout1d(0.5)(ones({4, 5})).shape() == Shape{4, 5});
  CHECK(nn::Dropout3d(0.5)(ones({2, 4, 1, 2, 3})).shape() == Shape{2, 4, 1, 2, 3});
  CHECK(test::throws<ShapeError>([] { dropout2d(ones({2, 3})); }, {"dropout2d", "[2, 3]"}));
}

TEST_CASE("alpha dropout keeps mean and variance of normal elements", "[nn][dropout]") {
  manual_seed(2);
  const Tensor x = randn({200, 1000}, {.dtype = float64});
  for (const double p : {0.1, 0.5, 0.9}) {
    const Tensor y = nn::AlphaDropout(p)(x);
    CHECK(std::abs(y.mean().item<double>()) < 0.02);
    CHECK(std::abs(var(y).item<double>() - 1) < 0.03);
  }
  const Tensor channels = nn::FeatureAlphaDropout(0.5)(randn({500, 200, 4}, {.dtype = float64}));
  CHECK(std::abs(channels.mean().item<double>()) < 0.03);
  CHECK(std::abs(var(channels).item<double>() - 1) < 0.03);
  const Tensor first = channels.index({Slice(), Slice(), 0}),
               last = channels.index({Slice(), Slice(), 3});
  CHECK(std::abs((first == last).to(float64).mean().item<double>() - 0.5) <
        0.02);  // dropped together
}

TEST_CASE("dropouts pass in evaluation, and drop nothing or all at the ends", "[nn][dropout]") {
  const Tensor x = test::uniform({2, 3, 4, 5}, -1, 1, 1);
  const auto each = [&](auto none, auto all, auto some, const Tensor& v) {
    CHECK(test::same_bits(none(v), v));
    CHECK(share_of_zeros(all(v)) == 1);
    some.eval();
    CHECK(test::same_bits(some(v), v));
    CHECK(to_string(some).find("p=0.5") != std::string::npos);
  };
  each(nn::Dropout1d(0), nn::Dropout1d(1), nn::Dropout1d(), x[0]);
  each(nn::Dropout2d(0), nn::Dropout2d(1), nn::Dropout2d(), x);
  each(nn::Dropout3d(0), nn::Dropout3d(1), nn::Dropout3d(), x.unsqueeze(0));
  each(nn::AlphaDropout(0), nn::AlphaDropout(1), nn::AlphaDropout(), x);
  each(nn::FeatureAlphaDropout(0), nn::FeatureAlphaDropout(1), nn::FeatureAlphaDropout(), x);
  CHECK(test::throws<ValueError>([] { nn::Dropout2d(-0.1); }, {"Dropout2d", "-0.1", "[0, 1]"}));
  CHECK(test::throws<ValueError>([] { alpha_dropout(ones({2}), 2); }, {"alpha_dropout", "2"}));
  CHECK(test::throws<DTypeError>([] { dropout1d(ones({2, 2}, {.dtype = int64})); }, {"dropout1d"}));
}
