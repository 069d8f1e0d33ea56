#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using metrics::Accuracy;
using metrics::Average;
using metrics::ConfusionMatrix;
using metrics::F1;
using metrics::Normalize;
using metrics::TopK;
using test::all_close;
using test::same_bits;

namespace {

template <class Metric>
Metric seen(Metric metric, const Tensor& predictions, const Tensor& targets) {
  metric.update(predictions, targets);
  return metric;
}

Tensor exact(const NestedList& list) { return tensor(list, {.dtype = float64}); }

}  // namespace

TEST_CASE("accuracy takes scores, classes and probabilities", "[data][metrics]") {
  const Tensor targets = tensor({2, 0, 1, 1});
  const Tensor scores = tensor({{0., 1., 2.}, {5., 5., 1.}, {3., 2., 1.}, {0., 9., 1.}});
  CHECK(seen(Accuracy(), scores, targets).compute() == 0.75);  // of equals, the first
  CHECK(seen(Accuracy(), tensor({2, 1, 1, 1}), targets).compute() == 0.75);
  const Tensor probabilities = tensor({0.6, 0.5, 0.4, 0.9});
  CHECK(seen(Accuracy(), probabilities, tensor({1, 1, 0, 0})).compute() == 0.5);
  CHECK(seen(Accuracy({.threshold = 0.45}), probabilities, tensor({1, 1, 0, 1})).compute() == 1);
  CHECK(seen(Accuracy(), tensor({true, false}), tensor({true, true})).compute() == 0.5);
  CHECK(seen(Accuracy(), tensor({0.0, 3.0}), tensor(1)).compute() == 1);  // a single sample
  const Tensor maps = scores.t().reshape({1, 3, 4});                      // (n, classes, d)
  CHECK(seen(Accuracy(), maps, targets.reshape({1, 4})).compute() == 0.75);
}

TEST_CASE("accuracy leaves out targets that are ignored", "[data][metrics]") {
  const Accuracy a =
      seen(Accuracy({.ignore_index = -100}), tensor({1, 1, 1, 0}), tensor({1, -100, 0, 0}));
  CHECK(a.correct() == 2);
  CHECK(a.total() == 3);
  CHECK(std::isnan(seen(Accuracy({.ignore_index = 1}), tensor({1}), tensor({1})).compute()));
}

TEST_CASE("Wilson's interval is that of the formula", "[data][metrics]") {
  // (8 + z^2 / 2 -+ z sqrt(10 * 0.8 * 0.2 + z^2 / 4)) / (10 + z^2) with z = 1.959963984540054
  const Tensor predicted = tensor({1, 1, 1, 1, 1, 1, 1, 1, 0, 0}), right = ones_like(predicted);
  const Accuracy a = seen(Accuracy(), predicted, right);
  const auto [low, high] = a.interval();
  CHECK(low == Approx(0.4901625).epsilon(1e-6));
  CHECK(high == Approx(0.9433178).epsilon(1e-6));
  CHECK(a.interval(0.99).low < low);
  const Accuracy all = seen(Accuracy(), tensor({1, 1, 1}), tensor({1, 1, 1}));
  CHECK(all.interval().high == 1);
  CHECK(all.interval().low == Approx(3 / (3 + 1.959963984540054 * 1.959963984540054)));
  CHECK(Accuracy().interval().low == 0);
  CHECK(Accuracy().interval().high == 1);
  for (const double confidence : {0.0, 1.0, double(NAN)})
    CHECK(test::throws<ValueError>([&] { a.interval(confidence); }, {"confidence", "classes.cpp"}));
}

TEST_CASE("top k counts targets among the k highest scores", "[data][metrics]") {
  // the example of sklearn.metrics.top_k_accuracy_score's page, k = 2
  const Tensor scores =
      tensor({{0.5, 0.2, 0.2}, {0.3, 0.4, 0.2}, {0.2, 0.4, 0.3}, {0.7, 0.2, 0.1}});
  const Tensor targets = tensor({0, 1, 2, 2});
  CHECK(seen(TopK(2), scores, targets).compute() == 0.75);
  CHECK(seen(TopK(3), scores, targets).compute() == 1);
  CHECK(seen(TopK(2, {.ignore_index = 2}), scores, targets).total() == 2);
  CHECK(seen(TopK(2), ones({3, 3}), tensor({0, 1, 2})).correct() == 2);
  const Tensor nans = tensor({{1., NAN, 0.}, {NAN, NAN, 0.}});
  CHECK(seen(TopK(1), nans, tensor({1, 0})).correct() == 2);
  CHECK(seen(TopK(1), nans, tensor({0, 1})).correct() == 0);
}

TEST_CASE("top 1 is accuracy, and top k grows with k", "[data][metrics]") {
  const Tensor scores = floor(test::uniform({200, 6}, 0, 4, 1));  // with ties
  const Tensor targets = floor(test::uniform({200}, 0, 6, 2)).to(int64);
  CHECK(seen(TopK(1), scores, targets).correct() == seen(Accuracy(), scores, targets).correct());
  std::int64_t before = 0;
  for (std::int64_t k = 1; k <= 6; ++k) {
    const std::int64_t correct = seen(TopK(k), scores, targets).correct();
    CHECK(correct >= before);
    before = correct;
  }
  CHECK(before == 200);
}

TEST_CASE("a confusion matrix counts by true and predicted class", "[data][metrics]") {
  // the example of sklearn.metrics.confusion_matrix's page
  const Tensor targets = tensor({2, 0, 2, 2, 0, 1}), predicted = tensor({0, 0, 2, 2, 0, 2});
  const auto confusion = seen(ConfusionMatrix(3), predicted, targets);
  CHECK(same_bits(confusion.compute(), tensor({{2, 0, 0}, {0, 0, 1}, {1, 0, 2}})));
  CHECK(all_close(confusion.compute(Normalize::true_),
                  exact({{1., 0., 0.}, {0., 0., 1.}, {1. / 3, 0., 2. / 3}}), 1e-15));
  CHECK(all_close(confusion.compute(Normalize::pred),
                  exact({{2. / 3, 0., 0.}, {0., 0., 1. / 3}, {1. / 3, 0., 2. / 3}}), 1e-15));
  CHECK(all_close(confusion.compute(Normalize::all) * 6, confusion.compute().to(float64), 1e-15));
  CHECK(all_close(ConfusionMatrix(2).compute(Normalize::all), exact({{0, 0}, {0, 0}}), 0));
  CHECK(confusion.to_string() ==
        " predicted     0     1     2   right\n"
        " true    0     2     .     . 100.0 %\n"
        "         1     .     .     1   0.0 %\n"
        "         2     1     .     2  66.7 %\n");
}

TEST_CASE("F1 and its averages are scikit-learn's", "[data][metrics]") {
  // the examples of the pages of sklearn.metrics.f1_score, fbeta_score, precision_score,
  // recall_score
  const Tensor targets = tensor({0, 1, 2, 0, 1, 2}), predicted = tensor({0, 2, 1, 0, 0, 1});
  const auto with = [&](Average average, double beta = 1) {
    return seen(F1(3, {.average = average, .beta = beta}), predicted, targets);
  };
  CHECK(with(Average::macro).compute() == Approx(0.8 / 3));
  CHECK(with(Average::micro).compute() == Approx(1.0 / 3));
  CHECK(with(Average::weighted).compute() == Approx(0.8 / 3));
  CHECK(with(Average::macro, 0.5).compute() == Approx(0.238095238).epsilon(1e-8));
  CHECK(with(Average::micro, 0.5).compute() == Approx(1.0 / 3));
  CHECK(all_close(with(Average::macro).per_class(), exact({0.8, 0., 0.}), 1e-15));
  CHECK(with(Average::macro).precision() == Approx(2.0 / 9));
  CHECK(with(Average::macro).recall() == Approx(1.0 / 3));
}

TEST_CASE("F1 of classes of different sizes, worked by hand", "[data][metrics]") {
  // class 0: 3 right, 1 wrong, 0 missed; class 1: 1, 0, 1; class 2: 1, 1, 1; class 3: absent
  const Tensor targets = tensor({0, 0, 0, 1, 1, 2, 2}), predicted = tensor({0, 0, 0, 1, 2, 2, 0});
  const double zero = 6.0 / 7, one = 2.0 / 3, two = 0.5;
  const auto with = [&](Average a) { return seen(F1(4, {.average = a}), predicted, targets); };
  CHECK(with(Average::macro).compute() == Approx((zero + one + two) / 3));
  CHECK(with(Average::weighted).compute() == Approx((3 * zero + 2 * one + 2 * two) / 7));
  CHECK(with(Average::micro).compute() == Approx(5.0 / 7));
  CHECK(with(Average::macro).precision() == Approx((0.75 + 1 + 0.5) / 3));
  CHECK(with(Average::weighted).recall() == Approx(5.0 / 7));
  CHECK(all_close(with(Average::macro).per_class(), exact({zero, one, two, NAN}), 1e-15));
  // the last sample left out: class 0 has no wrong one, class 2 none missed
  const Tensor ignored = tensor({0, 0, 0, 1, 1, 2, -1});
  CHECK(seen(F1(3, {.ignore_index = -1}), predicted, ignored).compute() ==
        Approx((1 + 2.0 / 3 + 2.0 / 3) / 3));
}

TEST_CASE("binary F1 is that of class 1", "[data][metrics]") {
  const Tensor targets = tensor({1, 1, 1, 0, 0}), scores = tensor({0.9, 0.8, 0.2, 0.7, 0.1});
  const F1 binary = seen(F1(2, {.average = Average::binary}), scores, targets);
  CHECK(binary.precision() == Approx(2.0 / 3));
  CHECK(binary.compute() == Approx(2.0 / 3));
  const F1 strict = seen(F1(2, {.average = Average::binary, .threshold = 0.75}), scores, targets);
  CHECK(strict.precision() == 1);
  CHECK(strict.recall() == Approx(2.0 / 3));
  CHECK(strict.compute() == Approx(0.8));
}

TEST_CASE("micro F1 of one label each is accuracy", "[data][metrics]") {
  const Tensor scores = test::uniform({100, 5}, 0, 1, 1);
  const Tensor targets = floor(test::uniform({100}, 0, 5, 2)).to(int64);
  CHECK(seen(F1(5, {.average = Average::micro}), scores, targets).compute() ==
        Approx(seen(Accuracy(), scores, targets).compute()));
}

TEST_CASE("predictions and targets that do not fit are refused", "[data][metrics]") {
  const auto refuses = [](const Tensor& predictions, const Tensor& targets) {
    return test::throws<ShapeError>([&] { Accuracy().update(predictions, targets); },
                                    {"Accuracy", "predictions are", "classes.cpp"});
  };
  CHECK(refuses(ones({3, 2}), tensor({0, 1})));
  CHECK(refuses(ones({2, 1}), tensor({0, 1})));  // a single class says nothing
  CHECK(refuses(ones({2, 3}, {.dtype = int64}), tensor({0, 1})));
  CHECK(refuses(tensor({1, 0}), tensor({{1, 0}})));
  CHECK(test::throws<DTypeError>([] { Accuracy().update(ones({2}), ones({2})); }, {"float32"}));
  CHECK(test::throws<ValueError>([] { ConfusionMatrix(3).update(tensor({0}), tensor({3})); },
                                 {"target is 3", "[0, 3)"}));
  CHECK(test::throws<ValueError>([] { F1(3).update(tensor({-1}), tensor({0})); },
                                 {"prediction is -1"}));
  CHECK(test::throws<ValueError>(
      [] {
        TopK(1).update(ones({1, 3}), tensor({-1}));
      },
      {"target is -1"}));
  CHECK(test::throws<ValueError>(
      [] {
        TopK(4).update(ones({1, 3}), tensor({1}));
      },
      {"k is 4", "3 classes"}));
}

TEST_CASE("metrics of classes that cannot be are refused", "[data][metrics]") {
  const auto refuses = [](const std::function<void()>& f,
                          std::initializer_list<std::string> parts) {
    CHECK(test::throws<ValueError>(f, parts));
    CHECK(test::throws<ValueError>(f, {"classes.cpp"}));
  };
  refuses([] { TopK(0); }, {"k is 0"});
  refuses([] { ConfusionMatrix(1); }, {"classes is 1"});
  refuses([] { F1(0); }, {"classes is 0"});
  refuses([] { F1(3, {.beta = 0}); }, {"beta is 0"});
  refuses([] { F1(3, {.average = Average::binary}); }, {"binary", "3 classes"});
  refuses([] { F1(3).merge(F1(4)); }, {"3 classes", "4"});
  refuses([] { ConfusionMatrix(3).merge(ConfusionMatrix(4)); }, {"3 classes", "4"});
  refuses([] { TopK(3).merge(TopK(4)); }, {"k is 3", "4"});
}
