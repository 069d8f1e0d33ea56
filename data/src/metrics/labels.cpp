#include "labels.hpp"

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/rearrange.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad::metrics::detail {
namespace {

using xgrad::detail::describe;

int class_dim(const Tensor& scores) { return scores.dim() == 1 ? 0 : 1; }

bool are_scores_of(const Tensor& scores, const Tensor& targets) {
  if (!is_floating(scores.dtype()) || scores.dim() != targets.dim() + 1) return false;
  for (int i = 0, t = 0; i < scores.dim(); ++i)
    if (i != class_dim(scores) && scores.size(i) != targets.size(t++)) return false;
  return scores.size(class_dim(scores)) >= 2;
}

}  // namespace

Tensor read_targets(const char* op, const Tensor& targets) {
  if (is_floating(targets.dtype()))
    throw DTypeError(
        fmt::format("{}: targets are {}; they must be int64 or bool", op, describe(targets)));
  return targets.to(int64);
}

Labels read_labels(const char* op, const Tensor& predictions, const Tensor& targets,
                   double threshold, std::optional<std::int64_t> ignored) {
  const NoGrad guard;
  const Tensor target = read_targets(op, targets);
  if (are_scores_of(predictions, targets))
    return {argmax(predictions, class_dim(predictions)), target, ignored};
  if (predictions.shape() != targets.shape())
    throw ShapeError(fmt::format(
        "{}: predictions are {} and targets are {}; predictions must be scores (n, classes, ...) "
        "of at least 2 classes for targets (n, ...), or of the targets' shape",
        op, describe(predictions), describe(targets)));
  const bool probabilities = is_floating(predictions.dtype());
  return {(probabilities ? predictions > threshold : predictions).to(int64), target, ignored};
}

Scores read_scores(const char* op, const Tensor& predictions, const Tensor& targets) {
  const NoGrad guard;
  const Tensor target = read_targets(op, targets);
  if (!are_scores_of(predictions, targets))
    throw ShapeError(fmt::format(
        "{}: predictions are {} and targets are {}; predictions must be floating scores (n, "
        "classes, ...) of at least 2 classes for targets (n, ...)",
        op, describe(predictions), describe(targets)));
  const std::int64_t classes = predictions.size(class_dim(predictions));
  const Tensor last = movedim(predictions, class_dim(predictions), -1).to(float64);
  return {last.reshape({target.numel(), classes}), target.flatten()};
}

void Labels::check_classes(const char* op, std::int64_t classes) const {
  for_each([&](std::int64_t p, std::int64_t t) {
    for (const std::int64_t c : {p, t})
      if (c < 0 || c >= classes)
        throw ValueError(
            fmt::format("{}: a {} is {}; it must be in [0, {}), or ignore_index for a "
                        "target",
                        op, c == t ? "target" : "prediction", c, classes));
  });
}

}  // namespace xgrad::metrics::detail
