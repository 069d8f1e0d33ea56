#include <xgrad/data/metrics/confusion_matrix.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/state_reader.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/reduction.hpp>

#include "counts.hpp"
#include "labels.hpp"

namespace xgrad::metrics {

ConfusionMatrix::ConfusionMatrix(Count classes, ConfusionMatrixOptions options, Site site)
    : options_(options) {
  const OpScope scope("ConfusionMatrix", site);
  detail::check_class_count("ConfusionMatrix", classes);
  counts_ = zeros({classes, classes}, {.dtype = int64});
}

void ConfusionMatrix::update(const Tensor& predictions, const Tensor& targets, Site site) {
  const OpScope scope("ConfusionMatrix", site);
  const auto labels = detail::read_labels("ConfusionMatrix", predictions, targets,
                                          options_.threshold, options_.ignore_index);
  labels.check_classes("ConfusionMatrix", classes());
  Tensor counts = counts_.clone();  // copies of this metric keep theirs
  std::int64_t* const count = counts.mutable_data<std::int64_t>();
  labels.for_each([&](std::int64_t predicted, std::int64_t target) {
    ++count[target * classes() + predicted];
  });
  counts_ = counts;
}

Tensor ConfusionMatrix::compute(Normalize normalize) const {
  const NoGrad guard;
  if (normalize == Normalize::none) return counts_.clone();
  const Tensor counts = counts_.to(float64);
  const Dims over = normalize == Normalize::true_  ? Dims(1)
                    : normalize == Normalize::pred ? Dims(0)
                                                   : Dims();
  return counts / maximum(counts.sum(over, true), 1);  // 0 / 1 for nothing
}

std::string ConfusionMatrix::to_string() const {
  const std::int64_t* const counts = counts_.data<std::int64_t>();
  const std::int64_t n = classes(), largest = *std::max_element(counts, counts + n * n);
  const std::size_t width = std::max(fmt::format("{}", largest).size() + 1, std::size_t{6});
  std::string text = fmt::format("{:>10}", "predicted");
  for (std::int64_t c = 0; c < n; ++c) text += fmt::format("{:{}}", c, width);
  text += "   right\n";
  for (std::int64_t t = 0; t < n; ++t) {
    const std::int64_t* const row = counts + t * n;
    std::int64_t all = 0;
    text += fmt::format("{:>5}{:5}", t == 0 ? "true" : "", t);
    for (std::int64_t c = 0; c < n; all += row[c++])
      text += row[c] == 0 ? fmt::format("{:>{}}", ".", width) : fmt::format("{:{}}", row[c], width);
    text += fmt::format("{:6.1f} %\n", 100.0 * static_cast<double>(row[t]) /
                                           static_cast<double>(std::max<std::int64_t>(all, 1)));
  }
  return text;
}

void ConfusionMatrix::reset() { counts_ = zeros_like(counts_); }

void ConfusionMatrix::merge(const ConfusionMatrix& other, Site site) {
  const OpScope scope("ConfusionMatrix", site);
  const NoGrad guard;
  detail::check_same_classes("ConfusionMatrix", classes(), other.classes());
  counts_ = counts_ + other.counts_;
}

void ConfusionMatrix::load_state_dict(const StateDict& state, Site site) {
  counts_ = detail::read_counts(state, "ConfusionMatrix", counts_.shape(), site);
}

}  // namespace xgrad::metrics
