// CTC, against the sum over all alignments, and central differences of it.
#include "kernels/ctc.hpp"

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::CtcBatch;
using test::Elements;

namespace {

using Labels = std::vector<std::int64_t>;

// What an alignment reads as: repetitions count once, blanks not at all.
Labels read(const Labels& alignment, std::int64_t blank) {
  Labels labels;
  for (std::size_t t = 0; t < alignment.size(); ++t)
    if (alignment[t] != blank && (t == 0 || alignment[t] != alignment[t - 1]))
      labels.push_back(alignment[t]);
  return labels;
}

double loss_of(const CtcBatch& b, const Elements<double>& x, std::int64_t n, const Labels& target) {
  double probability = 0;
  const std::int64_t times = b.input_lengths[n];
  std::int64_t alignments = 1;
  for (std::int64_t t = 0; t < times; ++t) alignments *= b.classes;
  for (std::int64_t a = 0; a < alignments; ++a) {
    Labels alignment;
    double log_probability = 0;
    for (std::int64_t t = 0, rest = a; t < times; ++t, rest /= b.classes) {
      alignment.push_back(rest % b.classes);
      log_probability += x[(t * b.samples + n) * b.classes + alignment.back()];
    }
    if (read(alignment, b.blank) == target) probability += std::exp(log_probability);
  }
  return -std::log(probability);
}

// x as log-probabilities.
Elements<double> normalized(const Elements<double>& x, std::int64_t classes) {
  Elements<double> y = x;
  for (std::int64_t row = 0; row < x.size / classes; ++row) {
    double sum = 0;
    for (std::int64_t c = 0; c < classes; ++c) sum += std::exp(x[row * classes + c]);
    for (std::int64_t c = 0; c < classes; ++c) y[row * classes + c] -= std::log(sum);
  }
  return y;
}

}  // namespace

TEST_CASE("losses and gradients of CTC", "[ops][kernels]") {
  const std::int64_t times = 5, samples = 4, classes = 3;
  const std::int64_t input_lengths[] = {5, 4, 2, 0}, lengths[] = {2, 3, 2, 0};
  const std::int64_t in_a_row[] = {1, 2, 2, 1, 2, 1, 1},
                     rows[] = {1, 2, 9, 2, 1, 2, 1, 1, 9, 9, 9, 9};
  const Labels targets[] = {{1, 2}, {2, 1, 2}, {1, 1}, {}};
  const CtcBatch batch{times, samples, classes, 0, in_a_row, input_lengths, lengths, -1};
  CtcBatch in_rows = batch;
  in_rows.targets = rows, in_rows.width = 3;
  Elements<double> scores(times * samples * classes);
  for (std::int64_t k = 0; k < scores.size; ++k) scores[k] = std::sin(static_cast<double>(k * k));
  const auto x = normalized(scores, classes);
  double losses[4], again[4];
  detail::ctc_losses(float64, batch, x.data(), losses);
  detail::ctc_losses(float64, in_rows, x.data(), again);
  for (std::int64_t n = 0; n < samples; ++n) {
    const double expected = loss_of(batch, x, n, targets[n]);
    CHECK((losses[n] == expected || losses[n] == Approx(expected)));  // inf: [1, 1] in two times
    CHECK(again[n] == losses[n]);
  }
  // The gradient is that of scores of a softmax.
  const double upstream[] = {1, -2, 0, 3};
  Elements<double> dx(scores.size);
  detail::ctc_gradient(float64, batch, x.data(), upstream, dx.data());
  for (std::int64_t k = 0; k < scores.size; ++k) {
    const auto total = [&](double step) {
      Elements<double> moved = scores;
      moved[k] += step;
      const auto y = normalized(moved, classes);
      double sum = 0;
      for (std::int64_t n = 0; n < samples; ++n)
        if (upstream[n] != 0) sum += upstream[n] * loss_of(batch, y, n, targets[n]);
      return sum;
    };
    CHECK(dx[k] == Approx((total(1e-5) - total(-1e-5)) / 2e-5).margin(1e-8));
  }
  Elements<float> single(x.size);
  for (std::int64_t k = 0; k < x.size; ++k) single[k] = static_cast<float>(x[k]);
  float of_floats[4];
  detail::ctc_losses(float32, batch, single.data(), of_floats);
  for (std::int64_t n = 0; n < 2; ++n)
    CHECK(static_cast<double>(of_floats[n]) == Approx(losses[n]).epsilon(1e-5));
}

TEST_CASE("samples of CTC do not depend on the others", "[ops][kernels]") {
  const std::int64_t times = 7, samples = 200, classes = 5, width = 3;
  const auto targets = test::random_positions(samples * width, classes - 1, false, 1);
  for (std::int64_t& t : targets) ++t;  // 0 is the blank
  Elements<std::int64_t> input_lengths(samples), lengths(samples);
  for (std::int64_t n = 0; n < samples; ++n) input_lengths[n] = n % 8, lengths[n] = n % 4;
  const CtcBatch batch{times,          samples, classes, 0, targets.data(), input_lengths.data(),
                       lengths.data(), width};
  Elements<float> x(times * samples * classes), upstream(samples);
  for (std::int64_t k = 0; k < x.size; ++k) x[k] = std::sin(static_cast<float>(k)) - 2;
  for (std::int64_t n = 0; n < samples; ++n) upstream[n] = static_cast<float>(n % 3) - 1;
  Elements<float> losses(samples), dx(x.size);
  for (std::int64_t n = 0; n < samples; ++n) {
    CtcBatch one = batch;
    one.samples = 1;
    one.targets += n * width, one.input_lengths += n, one.target_lengths += n;
    Elements<float> own(times * classes), gradient(times * classes);
    for (std::int64_t k = 0; k < own.size; ++k)
      own[k] = x[(k / classes * samples + n) * classes + k % classes];
    detail::ctc_losses(float32, one, own.data(), &losses[n]);
    detail::ctc_gradient(float32, one, own.data(), &upstream[n], gradient.data());
    for (std::int64_t k = 0; k < own.size; ++k)
      dx[(k / classes * samples + n) * classes + k % classes] = gradient[k];
  }
  test::for_thread_counts([&] {
    Elements<float> of_all(samples), gradient(x.size);
    detail::ctc_losses(float32, batch, x.data(), of_all.data());
    detail::ctc_gradient(float32, batch, x.data(), upstream.data(), gradient.data());
    CHECK(of_all == losses);
    CHECK(gradient == dx);
  });
}

TEST_CASE("lengths and targets that CTC cannot have are found", "[ops][kernels]") {
  const std::int64_t targets[] = {1, 2, 0, 3, 1, 1}, fine[] = {1, 2};
  const auto lengths = [&](std::int64_t width, const std::int64_t* inputs,
                           const std::int64_t* of_targets) {
    return detail::first_bad_lengths({2, 2, 4, 0, targets, inputs, of_targets, width});
  };
  const auto bad_target = [&](std::int64_t width, std::int64_t classes, std::int64_t blank,
                              std::int64_t first, std::int64_t second) {
    const std::int64_t of_targets[] = {first, second};
    return detail::first_bad_target({2, 2, classes, blank, targets, fine, of_targets, width});
  };
  const std::int64_t negative[] = {1, -1}, many[] = {2, 3};
  CHECK(!lengths(-1, fine, many));
  CHECK(!lengths(3, fine, many));
  CHECK(lengths(2, fine, many)->targets == 3);
  CHECK(lengths(-1, many, fine)->times == 3);
  CHECK(lengths(-1, fine, negative)->sample == 1);
  CHECK(lengths(0, negative, negative)->sample == 0);
  CHECK(!bad_target(3, 4, 0, 2, 3));
  CHECK(bad_target(3, 4, 0, 3, 3) == 0);   // the blank
  CHECK(bad_target(-1, 4, 0, 1, 2) == 0);  // the next ones after one another
  CHECK(bad_target(3, 3, 0, 2, 1) == 3);   // no class
  CHECK(bad_target(3, 4, 1, 2, 1) == 1);
  CHECK(!bad_target(3, 4, 1, 0, 0));
}
