// Negative log likelihood, against a loop over samples and classes.
#include "kernels/nll.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::AxisSplit;
using detail::NllRule;
using test::Elements;

namespace {

constexpr std::int64_t ignored = -100;

Elements<std::int64_t> targets_for(const AxisSplit& s) {
  auto target = test::random_positions(s.lines(), s.size, true, 1);
  for (std::int64_t& t : target) t = t < 0 ? ignored : t;
  return target;
}

template <class F>
void for_rules(F f) {
  for (const double smoothing : {0.0, 0.3, 1.0})
    for (const auto& [each, mean] : {std::pair{true, false}, {false, true}, {false, false}})
      f(NllRule{ignored, smoothing, each, mean});
}

// How much of each class a sample's target is.
double share(const NllRule& rule, std::int64_t classes, std::int64_t target, std::int64_t c) {
  return (c == target ? 1 - rule.smoothing : 0) + rule.smoothing / static_cast<double>(classes);
}

template <class T>
void check(const AxisSplit& s, const NllRule& rule, const T* weight) {
  auto x = test::random_elements<T>(s.numel(), 2);
  for (T& e : x) e = std::isfinite(e) ? e / 100 : T(1);
  const auto target = targets_for(s);
  const auto factor = [&](std::int64_t c) {
    return weight != nullptr ? static_cast<double>(weight[c]) : 1.0;
  };
  double total = 0, weights = 0;
  Elements<T> losses(rule.each ? s.lines() : 1), slopes(s.numel());
  for (std::int64_t k = 0; k < s.lines(); ++k)
    if (target[k] != ignored) weights += factor(target[k]);
  for (std::int64_t k = 0; k < s.lines(); ++k) {
    if (target[k] == ignored) continue;
    double loss = 0;
    for (std::int64_t c = 0; c < s.size; ++c) {
      const std::int64_t at = s.start_of(k) + c * s.inner;
      const double part = share(rule, s.size, target[k], c) * factor(c);
      loss -= part * static_cast<double>(x[at]);
      slopes[at] = static_cast<T>(-part / (rule.mean ? weights : 1));
    }
    if (rule.each) losses[k] = static_cast<T>(loss);
    total += loss;
  }
  if (!rule.each) losses[0] = static_cast<T>(rule.mean ? total / weights : total);
  test::for_thread_counts([&] {
    Elements<T> loss(losses.size), dx(s.numel());
    detail::nll(dtype_of<T>, s, x.data(), target.data(), weight, rule, loss.data());
    detail::nll_gradient(dtype_of<T>, s, target.data(), weight, rule, nullptr, dx.data());
    CHECK(test::close(loss, losses, 256 * test::rounding<T>()));  // large terms cancel
    CHECK(test::close(dx, slopes, test::rounding<T>()));
    for (const double up : {-0.5, 0.0, std::nan("")}) {
      const T dy = static_cast<T>(up);
      Elements<T> scaled(s.numel()), expected(s.numel());
      detail::nll_gradient(dtype_of<T>, s, target.data(), weight, rule, &dy, scaled.data());
      for (std::int64_t i = 0; i < dx.size; ++i) expected[i] = dx[i] * dy;
      CHECK(test::close(scaled, expected, 0));
    }
  });
}

}  // namespace

TEST_CASE("negative log likelihoods and their gradients", "[ops][kernels]") {
  test::for_floats([]<class T>() {
    for (const AxisSplit& s : {AxisSplit{9, 5, 1}, AxisSplit{3, 4, 7}, AxisSplit{1, 1, 1},
                               AxisSplit{0, 3, 1}, AxisSplit{2, 17, 33}, AxisSplit{40, 33, 33}}) {
      Elements<T> weight(s.size);
      for (std::int64_t c = 0; c < s.size; ++c) weight[c] = T(0.5) + static_cast<T>(c);
      for_rules([&](const NllRule& rule) {
        check<T>(s, rule, nullptr);
        check<T>(s, rule, weight.data());
      });
    }
  });
}

TEST_CASE("a target that is no class is found", "[ops][kernels]") {
  const std::int64_t target[] = {0, 2, ignored, 3, -1};
  CHECK(!detail::first_bad_class(3, target, 3, ignored));
  CHECK(detail::first_bad_class(5, target, 3, ignored) == 3);
  CHECK(detail::first_bad_class(5, target, 4, ignored) == -1);
  CHECK(!detail::first_bad_class(0, target, 0, ignored));
}
