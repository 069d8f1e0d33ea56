// What holds for every metric: how samples are divided into batches, and their order, changes
// nothing; metrics merge, reset, copy, and resume from their states.
#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using test::same_bits;

namespace {

constexpr std::int64_t samples = 61, classes = 4;

// Each case makes a metric, and what it is given.
struct AccuracyCase {
  static metrics::Accuracy make() { return metrics::Accuracy(); }
  static Tensor predictions() { return test::uniform({samples, classes}, -1, 1, 1); }
  static Tensor targets() {
    std::vector<std::int64_t> all;
    for (std::int64_t i = 0; i < samples; ++i) all.push_back(i * i % 7 % classes);
    return tensor(all);
  }
};
struct TopKCase : AccuracyCase {
  static metrics::TopK make() { return metrics::TopK(2); }
};
struct F1Case : AccuracyCase {
  static metrics::F1 make() {
    return metrics::F1(classes, {.average = metrics::Average::weighted});
  }
};
struct MulticlassAurocCase : AccuracyCase {
  static metrics::Auroc make() { return metrics::Auroc({.classes = classes}); }
};
struct PerplexityCase : AccuracyCase {
  static metrics::Perplexity make() { return metrics::Perplexity(); }
};
struct AurocCase : AccuracyCase {
  static metrics::Auroc make() { return metrics::Auroc(); }
  static Tensor predictions() { return floor(test::uniform({samples}, 0, 10, 2)); }  // with ties
  static Tensor targets() { return AccuracyCase::targets() > 1; }
};
struct R2Case {
  static metrics::R2 make() { return metrics::R2(); }
  static Tensor predictions() { return 100 + test::uniform({samples, 2}, -1, 1, 3); }
  static Tensor targets() { return 100 + test::uniform({samples, 2}, -2, 2, 4); }
};
struct MeanCase : R2Case {
  static metrics::Mean make() { return metrics::Mean(); }
  static Tensor targets() { return test::uniform({samples, 2}, 0, 2, 5); }  // the weights
};
struct ConfusionCase : AccuracyCase {
  struct Matrix : metrics::ConfusionMatrix {
    using metrics::ConfusionMatrix::ConfusionMatrix;
    double compute() const {  // all shares in one number
      const Tensor shares = metrics::ConfusionMatrix::compute(metrics::Normalize::all);
      return (shares.flatten() * exp(arange(16).to(float64) / 7)).sum().item<double>();
    }
  };
  static Matrix make() { return Matrix(classes); }
};

template <class Metric>
void update(Metric& metric, const Tensor& predictions, const Tensor& targets, std::int64_t begin,
            std::int64_t end) {
  metric.update(narrow(predictions, 0, begin, end - begin), narrow(targets, 0, begin, end - begin));
}

template <class Case>
auto whole() {
  auto metric = Case::make();
  metric.update(Case::predictions(), Case::targets());
  return metric;
}

// The value of nothing: NaN, of counts 0.
bool is_empty(double value) { return std::isnan(value) || value == 0; }

}  // namespace

#define ALL_METRICS                                                                       \
  AccuracyCase, TopKCase, F1Case, MulticlassAurocCase, PerplexityCase, AurocCase, R2Case, \
      MeanCase, ConfusionCase

TEMPLATE_TEST_CASE("a metric sees samples, not batches", "[data][metrics]", ALL_METRICS) {
  const Tensor predictions = TestType::predictions(), targets = TestType::targets();
  const auto expected = Approx(whole<TestType>().compute()).epsilon(1e-11);
  for (const std::int64_t size : {1, 7, 30}) {
    auto metric = TestType::make();
    for (std::int64_t i = 0; i < samples; i += size)
      update(metric, predictions, targets, i, std::min(samples, i + size));
    CHECK(metric.compute() == expected);
  }
  Generator generator(1);
  const Tensor order = randperm(samples, {.generator = &generator});
  auto permuted = TestType::make();
  permuted.update(index_select(predictions, 0, order), index_select(targets, 0, order));
  CHECK(permuted.compute() == expected);
}

TEMPLATE_TEST_CASE("metrics merge", "[data][metrics]", ALL_METRICS) {
  const Tensor predictions = TestType::predictions(), targets = TestType::targets();
  const auto expected = Approx(whole<TestType>().compute()).epsilon(1e-11);
  auto a = TestType::make(), b = TestType::make(), nothing = TestType::make();
  update(a, predictions, targets, 0, 20);
  update(b, predictions, targets, 20, samples);
  a.merge(nothing);
  nothing.merge(b);
  a.merge(nothing);
  CHECK(a.compute() == expected);
  auto twice = whole<TestType>();
  twice.merge(twice);  // all samples twice: no share and no mean changes
  CHECK(twice.compute() == expected);
}

TEMPLATE_TEST_CASE("metrics reset, copy and resume", "[data][metrics]", ALL_METRICS) {
  auto metric = whole<TestType>();
  const double value = metric.compute();
  const auto copy = metric;
  auto resumed = TestType::make();
  resumed.load_state_dict(metric.state_dict());
  CHECK(resumed.compute() == value);
  CHECK(same_bits(resumed.state_dict(), metric.state_dict()));
  metric.reset();
  CHECK(is_empty(metric.compute()));
  CHECK(same_bits(metric.state_dict(), TestType::make().state_dict()));
  CHECK(copy.compute() == value);
  CHECK(resumed.compute() == value);
  resumed.load_state_dict(metric.state_dict());  // of nothing
  CHECK(is_empty(resumed.compute()));
  metric.update(TestType::predictions(), TestType::targets());
  CHECK(metric.compute() == value);
}

TEMPLATE_TEST_CASE("a batch without samples changes nothing", "[data][metrics]", ALL_METRICS) {
  auto metric = TestType::make();
  update(metric, TestType::predictions(), TestType::targets(), 3, 3);
  CHECK(is_empty(metric.compute()));
  metric.update(TestType::predictions(), TestType::targets());
  const double value = metric.compute();
  update(metric, TestType::predictions(), TestType::targets(), 0, 0);
  CHECK(metric.compute() == value);
}

TEMPLATE_TEST_CASE("a state that does not fit changes nothing", "[data][metrics]", ALL_METRICS) {
  auto metric = whole<TestType>();
  const double value = metric.compute();
  const StateDict good = metric.state_dict();
  const std::string first = good.begin()->name;
  const auto refused = [&](const StateDict& state, std::initializer_list<std::string> parts) {
    CHECK(test::throws<ValueError>([&] { metric.load_state_dict(state); }, parts));
  };
  refused({}, {"missing: ", first, "laws.cpp"});
  StateDict state = good;
  state.set("extra", 1.0);
  refused(state, {"unexpected: extra"});
  state = good;
  state.set(first, std::string("text"));
  refused(state, {first, "'text'"});
  if (std::holds_alternative<std::int64_t>(good.begin()->value)) {
    state.set(first, std::int64_t{-1});
    refused(state, {"-1"});
  }
  CHECK(metric.compute() == value);
}

TEMPLATE_TEST_CASE("what is refused changes nothing", "[data][metrics]", ALL_METRICS) {
  auto metric = whole<TestType>();
  const StateDict before = metric.state_dict();
  CHECK(test::throws<ShapeError>(
      [&] {
        metric.update(ones({3, 4, 5}), ones({2}, {.dtype = int64}));
      },
      {"[2]", "laws.cpp"}));
  CHECK(same_bits(metric.state_dict(), before));
}

TEST_CASE("metrics record nothing", "[data][metrics]") {
  const Tensor x = test::leaf({5, 3}, -1, 1, 1), y = tensor({0, 1, 2, 1, 0});
  metrics::Accuracy accuracy;
  metrics::Perplexity perplexity;
  metrics::Auroc auroc({.classes = 3});
  metrics::Mean mean;
  metrics::R2 r2;
  accuracy.update(x * 2, y);
  perplexity.update(x * 2, y);
  auroc.update(x * 2, y);
  mean.update(x * 2);
  r2.update(x * 2, x);
  CHECK(accuracy.total() == 5);
  for (const StateDict& state : {auroc.state_dict(), r2.state_dict()})
    for (const auto& entry : state)
      if (const auto* t = std::get_if<Tensor>(&entry.value)) CHECK(!t->requires_grad());
}

TEST_CASE("later changes of what a metric was given do not reach it", "[data][metrics]") {
  Tensor scores = test::uniform({6}, 0, 1, 1), targets = tensor({0, 1, 0, 1, 1, 0});
  metrics::Auroc auroc;
  auroc.update(scores, targets);
  const double before = auroc.compute();
  scores.assign(zeros({6}, {.dtype = float64}));
  targets.assign(ones({6}, {.dtype = int64}));
  CHECK(auroc.compute() == before);
}
