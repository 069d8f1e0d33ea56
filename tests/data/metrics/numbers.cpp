#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using metrics::Mean;
using metrics::MultiOutput;
using metrics::Perplexity;
using metrics::R2;

namespace {

double r2(const NestedList& predictions, const NestedList& targets,
          metrics::R2Options options = {}) {
  R2 metric(options);
  metric.update(tensor(predictions, {.dtype = float64}), tensor(targets, {.dtype = float64}));
  return metric.compute();
}

double number(const Tensor& x) { return x.item<double>(); }

}  // namespace

TEST_CASE("a mean and its standard error", "[data][metrics]") {
  Mean mean;
  CHECK(std::isnan(mean.compute()));
  CHECK(std::isnan(mean.interval().high));
  mean.update(tensor({1., 2.}));
  mean.update(3);
  mean.update(tensor({{4}}));
  CHECK(mean.compute() == 2.5);
  CHECK(mean.standard_error() == Approx(std::sqrt(5.0 / 3 / 4)));  // s / sqrt(n)
  const auto [low, high] = mean.interval();
  CHECK(high == Approx(2.5 + 1.959963984540054 * mean.standard_error()));
  CHECK(low == Approx(2.5 - 1.959963984540054 * mean.standard_error()));
  CHECK(test::throws<ValueError>([&] { mean.interval(1.5); }, {"1.5", "numbers.cpp"}));
  Mean one;
  one.update(7, 3);
  CHECK(one.compute() == 7);
  CHECK(std::isnan(one.standard_error()));
}

TEST_CASE("a weighted mean is that of the definition", "[data][metrics]") {
  const Tensor x = test::uniform({40}, -5, 9, 1), w = test::uniform({40}, 0.1, 3, 2);
  Mean mean, scaled, broadcast;
  mean.update(x, w);
  const double m = number((x * w).sum() / w.sum());
  CHECK(mean.compute() == Approx(m).epsilon(1e-13));
  // Cochran, Sampling Techniques, 1977: the variance of a ratio of means
  const double squares = number(square(w * (x - m)).sum()) * 40 / 39;
  CHECK(mean.standard_error() == Approx(std::sqrt(squares) / number(w.sum())).epsilon(1e-12));
  scaled.update(x, 10 * w);
  CHECK(scaled.standard_error() == Approx(mean.standard_error()).epsilon(1e-12));
  const Tensor rows = x.reshape({4, 10});
  broadcast.update(rows, tensor({{1.0}, {0.0}, {2.0}, {0.0}}));
  CHECK(broadcast.compute() == Approx((number(rows[0].mean()) + 2 * number(rows[2].mean())) / 3));
}

TEST_CASE("a large mean does not hide small differences", "[data][metrics]") {
  Mean mean;
  for (int i = 0; i < 1000; ++i) mean.update(1e9 + i % 2);
  CHECK(mean.compute() == Approx(1e9 + 0.5).epsilon(1e-14));
  CHECK(mean.standard_error() == Approx(0.5 / std::sqrt(999.0)).epsilon(1e-6));
}

TEST_CASE("weights that cannot be are refused", "[data][metrics]") {
  Mean mean;
  mean.update(1, 0);
  CHECK(std::isnan(mean.compute()));
  CHECK(test::throws<ValueError>([&] { mean.update(1, -2); }, {"Mean", "-2", "numbers.cpp"}));
  CHECK(test::throws<ValueError>([&] { mean.update(1, INFINITY); }, {"inf"}));
  CHECK(test::throws<ShapeError>([&] { mean.update(ones({3}), ones({2})); }, {"[2]"}));
  CHECK(test::throws<ValueError>([&] { mean.update(ones({2}), tensor({1.0, NAN})); }, {"nan"}));
  CHECK(std::isnan(mean.compute()));
}

TEST_CASE("R2 is scikit-learn's", "[data][metrics]") {
  // the examples of sklearn.metrics.r2_score's page
  CHECK(r2({2.5, 0.0, 2., 8.}, {3., -0.5, 2., 7.}) == Approx(0.948608137).epsilon(1e-8));
  CHECK(r2({{0., 2.}, {-1., 2.}, {8., -5.}}, {{0.5, 1.}, {-1., 1.}, {7., -6.}},
           {.multioutput = MultiOutput::variance_weighted}) == Approx(0.938256659).epsilon(1e-8));
  CHECK(r2({{0., 2.}, {-1., 2.}, {8., -5.}}, {{0.5, 1.}, {-1., 1.}, {7., -6.}}) ==
        Approx(0.936800527).epsilon(1e-8));
  CHECK(r2({1., 2., 3.}, {1., 2., 3.}) == 1);
  CHECK(r2({2., 2., 2.}, {1., 2., 3.}) == 0);
  CHECK(r2({3., 2., 1.}, {1., 2., 3.}) == -3);
  CHECK(r2({-2., -2., -2.}, {-2., -2., -2.}) == 1);
  CHECK(r2({-2., -2., -2. + 1e-8}, {-2., -2., -2.}) == 0);
  CHECK(std::isnan(r2({1.}, {1.})));
  CHECK(std::isnan(R2().compute()));
}

TEST_CASE("an adjusted R2 pays for its regressors", "[data][metrics]") {
  const double plain = r2({1., 2., 4., 4., 6.}, {1., 2., 3., 4., 5.});
  CHECK(r2({1., 2., 4., 4., 6.}, {1., 2., 3., 4., 5.}, {.adjusted = 2}) ==
        Approx(1 - (1 - plain) * 4 / 2));
  CHECK(std::isnan(r2({1., 2., 4.}, {1., 2., 3.}, {.adjusted = 2})));
  CHECK(test::throws<ValueError>([] { R2({.adjusted = -1}); }, {"adjusted is -1", "numbers.cpp"}));
}

TEST_CASE("targets of an R2 that do not fit are refused", "[data][metrics]") {
  R2 metric;
  metric.update(ones({3, 2}), zeros({3, 2}));
  const auto refuses = [&](const Tensor& predictions, const Tensor& targets,
                           std::initializer_list<std::string> parts) {
    CHECK(test::throws<ShapeError>([&] { metric.update(predictions, targets); }, parts));
  };
  refuses(ones({3}), zeros({3}), {"2 outputs", "now there are 1"});
  refuses(ones({3, 2}), zeros({2, 3}), {"[3, 2]", "[2, 3]", "numbers.cpp"});
  refuses(tensor(1.0), tensor(1.0), {"(n, outputs)"});
  CHECK(test::throws<DTypeError>([&] { metric.update(tensor({true}), zeros({1})); }, {"bool"}));
  CHECK(metric.per_output().numel() == 2);
}

TEST_CASE("perplexity is exp of the mean cross entropy", "[data][metrics]") {
  const Tensor logits = test::uniform({6, 5, 7}, -2, 2, 1);
  const Tensor targets = floor(test::uniform({6, 5}, 0, 7, 2)).to(int64);
  Perplexity perplexity, uniform;
  perplexity.update(logits, targets);
  const double loss = number(cross_entropy(logits.reshape({30, 7}), targets.flatten()));
  CHECK(perplexity.compute() == Approx(std::exp(loss)).epsilon(1e-12));
  CHECK(perplexity.loss().compute() == Approx(loss).epsilon(1e-12));
  const auto [low, high] = perplexity.interval();
  CHECK(low < perplexity.compute());
  CHECK(std::log(high) - loss == Approx(loss - std::log(low)));
  uniform.update(zeros({3, 65}), tensor({0, 64, 7}));
  CHECK(uniform.compute() == Approx(65));
  CHECK(std::isnan(Perplexity().compute()));
}

TEST_CASE("perplexity takes losses that were computed", "[data][metrics]") {
  const Tensor logits = test::uniform({10, 4}, -2, 2, 1);
  const Tensor targets = tensor({0, 1, 2, 3, 0, 1, 2, 3, 0, 1});
  Perplexity whole, losses;
  whole.update(logits, targets);
  losses.update(number(cross_entropy(narrow(logits, 0, 0, 7), narrow(targets, 0, 0, 7))), 7);
  losses.update(number(cross_entropy(narrow(logits, 0, 7, 3), narrow(targets, 0, 7, 3))), 3);
  losses.update(9.0, 0);
  CHECK(losses.compute() == Approx(whole.compute()).epsilon(1e-12));
}

TEST_CASE("perplexity leaves out tokens that are ignored", "[data][metrics]") {
  const Tensor logits = test::uniform({6, 4}, -2, 2, 1), targets = tensor({0, 3, 1, 3, 2, 0});
  Perplexity ignoring({.ignore_index = 3}), kept;
  ignoring.update(logits, targets);
  const Tensor rows = tensor({0, 2, 4, 5});
  kept.update(index_select(logits, 0, rows), index_select(targets, 0, rows));
  CHECK(ignoring.compute() == kept.compute());
  ignoring.reset();
  ignoring.update(narrow(logits, 0, 3, 1), narrow(targets, 0, 3, 1));
  CHECK(std::isnan(ignoring.compute()));
}

TEST_CASE("logits of a perplexity that do not fit are refused", "[data][metrics]") {
  Perplexity perplexity;
  CHECK(test::throws<ShapeError>(
      [&] {
        perplexity.update(ones({2, 3}), tensor({{0, 1}}));
      },
      {"[2, 3]", "[1, 2]", "numbers.cpp"}));
  CHECK(test::throws<DTypeError>([&] { perplexity.update(ones({2, 3}), ones({2})); }, {"float32"}));
  CHECK(test::throws<ValueError>([&] { perplexity.update(ones({1, 3}), tensor({3})); }, {"3"}));
  CHECK(test::throws<ValueError>([&] { perplexity.update(1.0, -1); }, {"tokens is -1"}));
  CHECK(std::isnan(perplexity.compute()));
}
