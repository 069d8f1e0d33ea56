#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using metrics::Auroc;
using metrics::Average;
using Numbers = std::vector<double>;

namespace {

// Of each score, the share of the others that it beats, or is beaten by, from all pairs.
Numbers shares(const Numbers& of, const Numbers& others, double sign) {
  Numbers all;
  for (const double a : of) {
    double sum = 0;
    for (const double b : others) sum += a == b ? 0.5 : sign * (a - b) > 0 ? 1 : 0;
    all.push_back(sum / static_cast<double>(others.size()));
  }
  return all;
}
double mean_of(const Numbers& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}
double variance_of_mean(const Numbers& x) {
  double sum = 0;
  for (const double v : x) sum += (v - mean_of(x)) * (v - mean_of(x));
  return sum / static_cast<double>((x.size() - 1) * x.size());
}

struct Divided {
  Numbers positive, negative;
  double area() const { return mean_of(shares(positive, negative, 1)); }
};
// The scores of a class, and of the others.
Divided divided(const Tensor& scores, const Tensor& targets, std::int64_t of) {
  Divided d;
  for (std::int64_t i = 0; i < targets.numel(); ++i)
    (targets.data<std::int64_t>()[i] == of ? d.positive : d.negative)
        .push_back(scores.data<double>()[i]);
  return d;
}

Auroc seen(Auroc auroc, const Tensor& predictions, const Tensor& targets) {
  auroc.update(predictions, targets);
  return auroc;
}

}  // namespace

TEST_CASE("the area of scikit-learn's example", "[data][metrics][auroc]") {
  // sklearn.metrics.roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
  const Tensor targets = tensor({0, 0, 1, 1}), scores = tensor({0.1, 0.4, 0.35, 0.8});
  CHECK(seen(Auroc(), scores, targets).compute() == 0.75);
  CHECK(seen(Auroc(), -scores, targets).compute() == 0.25);
  CHECK(seen(Auroc(), exp(10 * scores), targets).compute() == 0.75);
  CHECK(seen(Auroc(), stack({1 - scores, scores}, 1), targets).compute() == 0.75);
  CHECK(seen(Auroc(), scores, targets.to(bool_)).compute() == 0.75);
  const Auroc ignoring =
      seen(Auroc({.ignore_index = 2}), tensor({0.1, 0.4, 9.0, 0.35, 0.8}), tensor({0, 0, 2, 1, 1}));
  CHECK(ignoring.compute() == 0.75);
}

TEST_CASE("equal scores count one half", "[data][metrics][auroc]") {
  CHECK(seen(Auroc(), ones({6}), tensor({0, 1, 1, 0, 1, 0})).compute() == 0.5);
  CHECK(seen(Auroc(), tensor({1.0, 1.0, 2.0}), tensor({0, 1, 1})).compute() == 0.75);
  CHECK(seen(Auroc(), tensor({-INFINITY, INFINITY, INFINITY}), tensor({0, 1, 0})).compute() ==
        0.75);
}

TEST_CASE("area and DeLong's error are those of all pairs", "[data][metrics][auroc]") {
  const Tensor targets = (test::uniform({150}, 0, 1, 1) > 0.7).to(int64);
  const Tensor scores = floor(test::uniform({150}, 0, 20, 2) + 3 * targets.to(float64));  // ties
  const Divided d = divided(scores, targets, 1);
  const Auroc auroc = seen(Auroc(), scores, targets);
  CHECK(auroc.compute() == Approx(d.area()).epsilon(1e-12));
  const double error = std::sqrt(variance_of_mean(shares(d.positive, d.negative, 1)) +
                                 variance_of_mean(shares(d.negative, d.positive, -1)));
  CHECK(auroc.standard_error() == Approx(error).epsilon(1e-12));
  const auto [low, high] = auroc.interval();
  CHECK(low == Approx(d.area() - 1.959963984540054 * error));
  CHECK(high == Approx(d.area() + 1.959963984540054 * error));
  const Auroc perfect = seen(Auroc(), tensor({0.1, 0.2, 0.8, 0.9}), tensor({0, 0, 1, 1}));
  CHECK(perfect.interval().high == 1);
}

TEST_CASE("of several classes, each is set against the rest", "[data][metrics][auroc]") {
  const Tensor targets =
      floor(test::uniform({90}, 0, 3, 1) * test::uniform({90}, 0.3, 1, 5)).to(int64);
  const Tensor scores = test::uniform({90, 3}, 0, 1, 2);
  double sum = 0, weighted = 0;
  for (std::int64_t c = 0; c < 3; ++c) {
    const Divided d = divided(scores.index({Slice(), c}), targets, c);
    sum += d.area();
    weighted += d.area() * static_cast<double>(d.positive.size());
  }
  CHECK(seen(Auroc({.classes = 3}), scores, targets).compute() == Approx(sum / 3));
  CHECK(seen(Auroc({.classes = 3, .average = Average::weighted}), scores, targets).compute() ==
        Approx(weighted / 90));
  const Tensor four = cat({scores, zeros({90, 1}, {.dtype = float64})}, 1);
  const Auroc missing = seen(Auroc({.classes = 4}), four, targets);  // a class without samples
  CHECK(missing.compute() == Approx(sum / 3));
  CHECK(std::isnan(missing.per_class().data<double>()[3]));
}

TEST_CASE("of a single class there is no area", "[data][metrics][auroc]") {
  const Auroc one = seen(Auroc(), tensor({0.1, 0.2}), tensor({1, 1}));
  CHECK(std::isnan(one.compute()));
  CHECK(std::isnan(one.interval().low));
  CHECK(std::isnan(Auroc().compute()));
  const Auroc few = seen(Auroc(), tensor({0.1, 0.2, 0.3}), tensor({1, 0, 1}));
  CHECK(few.compute() == 0.5);
  CHECK(std::isnan(few.standard_error()));
}

TEST_CASE("scores and targets of an area that cannot be are refused", "[data][metrics][auroc]") {
  const auto refuses = [](const std::function<void()>& f,
                          std::initializer_list<std::string> parts) {
    CHECK(test::throws<ValueError>(f, parts));
    CHECK(test::throws<ValueError>(f, {"Auroc", "auroc.cpp"}));
  };
  refuses([] { seen(Auroc(), tensor({0.1, NAN}), tensor({0, 1})); }, {"NaN"});
  refuses([] { seen(Auroc(), tensor({0.1, 0.2}), tensor({0, 2})); }, {"target is 2"});
  refuses([] { Auroc({.classes = 1}); }, {"classes is 1"});
  refuses([] { Auroc({.average = Average::micro}); }, {"macro or weighted"});
  refuses([] { Auroc().merge(Auroc({.classes = 3})); }, {"2 classes", "3"});
  refuses([] { Auroc({.classes = 3}).interval(); }, {"3 classes"});
  CHECK(test::throws<ShapeError>(
      [] {
        seen(Auroc(), ones({2, 3}), tensor({0, 1}));
      },
      {"2 classes"}));
  CHECK(test::throws<ShapeError>(
      [] {
        seen(Auroc({.classes = 3}), ones({2}), tensor({0, 1}));
      },
      {"[2]"}));
  CHECK(test::throws<DTypeError>([] { seen(Auroc(), ones({2}), ones({2})); }, {"float32"}));
}
