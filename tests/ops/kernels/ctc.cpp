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
  const CtcBatch batch{times, samples, classes, 0, in_a_row, input_lengths, lengths, 0};
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
