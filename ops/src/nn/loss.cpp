#include <xgrad/ops/loss.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/softmax.hpp>

namespace xgrad {
namespace {

using detail::Value;

// Scores as (samples, classes, positions); the targets are (samples, positions).
struct Layout {
  std::int64_t samples = 1, classes = 1, positions = 1;
};
Layout layout_of(const Shape& shape) {
  Layout layout;
  const int axis = shape.dim() == 1 ? 0 : 1;
  for (int i = 0; i < shape.dim(); ++i)
    (i < axis ? layout.samples : i == axis ? layout.classes : layout.positions) *= shape[i];
  return layout;
}
Shape without_classes(const Shape& shape) {
  std::vector<std::int64_t> sizes(shape.begin(), shape.end());
  sizes.erase(sizes.begin() + (shape.dim() == 1 ? 0 : 1));
  return sizes;
}
Shape with_one_class(const Shape& shape) {
  Shape one = shape;
  one[shape.dim() == 1 ? 0 : 1] = 1;
  return one;
}

// Everything of an nll loss but its tensors; captured by its local gradient.
struct Rule {
  std::int64_t ignore_index;
  double smoothing;
  Reduction reduction;
};

void check_scores(const char* op, const Operand& x) {
  if (x.shape().dim() == 0 || !is_floating(x.dtype()))
    throw ShapeError(
        fmt::format("{}: scores are {}; they must be (C), (N, C) or (N, C, d1, ...), "
                    "float32 or float64",
                    op, describe(x)));
}

void check_weight(const char* op, const Operand& x, const Tensor& weight) {
  const std::int64_t classes = layout_of(x.shape()).classes;
  if (weight.defined() && weight.shape() != Shape{classes})
    throw ShapeError(
        fmt::format("{}: the weight is {}; it must have one factor for each of {} "
                    "classes",
                    op, detail::describe(weight), classes));
}

void check_classes(const char* op, const Operand& x, const Tensor& target, const Rule& rule) {
  if (target.dtype() != int64)
    throw DTypeError(
        fmt::format("{}: the target is {}; classes are int64, probabilities have the "
                    "scores' shape {}",
                    op, detail::describe(target), to_string(x.shape())));
  if (target.shape() != without_classes(x.shape()))
    throw ShapeError(fmt::format(
        "{}: scores are {}, the target is {}; it must be {}: the scores' "
        "shape without the classes",
        op, describe(x), detail::describe(target), to_string(without_classes(x.shape()))));
  const std::int64_t classes = layout_of(x.shape()).classes;
  for (const std::int64_t c : target.span<std::int64_t>())
    if (c != rule.ignore_index && (c < 0 || c >= classes))
      throw ValueError(
          fmt::format("{}: target {} is not a class; it must be in [0, {}) or the "
                      "ignore_index {}",
                      op, c, classes, rule.ignore_index));
}

// Calls f(sample, position, target) for the samples that are not ignored.
template <class F>
void for_targets(const Layout& l, const Tensor& target, const Rule& rule, F f) {
  const std::int64_t* const t = target.data<std::int64_t>();
  for (std::int64_t i = 0; i < l.samples; ++i)
    for (std::int64_t p = 0; p < l.positions; ++p)
      if (const std::int64_t c = t[i * l.positions + p]; c != rule.ignore_index) f(i, p, c);
}

template <class T>
const T* weights_of(const Tensor& weight) {
  return weight.defined() ? detail::raw<T>(weight) : nullptr;
}

// What the mean divides by: the weights of the targets.
template <class T>
double total_weight(const Layout& l, const Tensor& target, const T* w, const Rule& rule) {
  if (rule.reduction != Reduction::mean) return 1;
  double total = 0;
  for_targets(l, target, rule, [&](std::int64_t, std::int64_t, std::int64_t c) {
    total += w != nullptr ? static_cast<double>(w[c]) : 1;
  });
  return total;
}

// d loss / d x, where the loss is not reduced or its upstream gradient is 1.
template <class T>
Value coefficients(const Shape& shape, const Tensor& target, const T* w, const Rule& rule) {
  const Layout l = layout_of(shape);
  Value value = Value::empty(shape, dtype_of<T>);
  std::fill_n(value.data<T>(), shape.numel(), T(0));
  const double scale = -1 / total_weight(l, target, w, rule);
  const double spread = scale * rule.smoothing / static_cast<double>(l.classes);
  for_targets(l, target, rule, [&](std::int64_t i, std::int64_t p, std::int64_t t) {
    T* const row = value.data<T>() + i * l.classes * l.positions + p;
    const auto weight = [&](std::int64_t c) {
      return w != nullptr ? static_cast<double>(w[c]) : 1;
    };
    if (spread != 0)
      for (std::int64_t c = 0; c < l.classes; ++c)
        row[c * l.positions] = static_cast<T>(spread * weight(c));
    row[t * l.positions] += static_cast<T>(scale * (1 - rule.smoothing) * weight(t));
  });
  return value;
}

// The losses: what the coefficients give, without making them.
template <class T>
Value losses(const Tensor& x, const Tensor& target, const T* w, const Rule& rule) {
  const Layout l = layout_of(x.shape());
  const bool none = rule.reduction == Reduction::none;
  Value value = Value::empty(none ? target.shape() : Shape(), x.dtype());
  if (none) std::fill_n(value.data<T>(), target.numel(), T(0));
  const auto weight = [&](std::int64_t c) { return w != nullptr ? static_cast<double>(w[c]) : 1; };
  double total = 0;
  for_targets(l, target, rule, [&](std::int64_t i, std::int64_t p, std::int64_t t) {
    const T* const row = detail::raw<T>(x) + i * l.classes * l.positions + p;
    double loss = -(1 - rule.smoothing) * weight(t) * static_cast<double>(row[t * l.positions]);
    if (rule.smoothing != 0)
      for (std::int64_t c = 0; c < l.classes; ++c)
        loss -= rule.smoothing / static_cast<double>(l.classes) * weight(c) *
                static_cast<double>(row[c * l.positions]);
    if (none) value.data<T>()[i * l.positions + p] = static_cast<T>(loss);
    total += loss;
  });
  if (!none) *value.data<T>() = static_cast<T>(total / total_weight(l, target, w, rule));
  return value;
}

void check_reduction(const char* op, Reduction reduction) {
  if (reduction == Reduction::batchmean)
    throw ValueError(fmt::format("{}: batchmean is for kl_div; use none, mean or sum", op));
}

Tensor nll(const char* op, const Operand& x, const Tensor& target, const Tensor& weight,
           const Rule& rule) {
  check_classes(op, x, target, rule);
  const Tensor typed_weight = weight.defined() ? weight.detach().to(x.dtype()) : zeros({0});
  const bool weighted = weight.defined();
  Value value = dispatch_floating(x.dtype(), [&]<class T>() {
    return losses<T>(x.tensor(), target, weighted ? detail::raw<T>(typed_weight) : nullptr, rule);
  });
  return record({op, "dx = -dy at the target (over n for the mean), 0 elsewhere"},
                {x, target, typed_weight}, std::move(value), save_input(1) | save_input(2),
                [rule, weighted](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor factors = dispatch_floating(dy.dtype(), [&]<class T>() {
                    const Tensor w = in[2];
                    return detail::constant(coefficients<T>(
                        in.shape(0), in[1], weighted ? detail::raw<T>(w) : nullptr, rule));
                  });
                  const Tensor upstream = rule.reduction == Reduction::none
                                              ? reshape(dy, with_one_class(in.shape(0)))
                                              : dy;
                  dx.add(0, factors * upstream);
                });
}

// The target is a distribution over the classes for each sample.
Tensor soft_cross_entropy(const Operand& x, const Tensor& target, const CrossEntropyOptions& o) {
  const int axis = x.shape().dim() == 1 ? 0 : 1;
  const Layout l = layout_of(x.shape());
  Tensor factors = target;
  if (o.label_smoothing != 0)
    factors =
        factors * (1 - o.label_smoothing) + o.label_smoothing / static_cast<double>(l.classes);
  if (o.weight.defined()) {
    Shape column = with_one_class(x.shape());
    for (std::int64_t& size : column) size = 1;
    column[axis] = l.classes;
    factors = factors * reshape(o.weight.to(x.dtype()), column);
  }
  const Tensor losses = -sum(log_softmax(x, axis) * factors, axis);
  if (o.reduction == Reduction::none) return losses;
  return o.reduction == Reduction::sum ? sum(losses) : sum(losses) / (l.samples * l.positions);
}

}  // namespace

Tensor nll_loss(Operand x, const Tensor& target, const CrossEntropyOptions& o) {
  const OpScope scope("nll_loss", x);
  check_reduction("nll_loss", o.reduction);
  check_scores("nll_loss", x);
  check_weight("nll_loss", x, o.weight);
  return nll("nll_loss", x, target, o.weight, {o.ignore_index, 0, o.reduction});
}

Tensor cross_entropy(Operand x, const Tensor& target, const CrossEntropyOptions& o) {
  const OpScope scope("cross_entropy", x);
  check_reduction("cross_entropy", o.reduction);
  check_scores("cross_entropy", x);
  check_weight("cross_entropy", x, o.weight);
  if (!(o.label_smoothing >= 0 && o.label_smoothing <= 1))
    throw ValueError(fmt::format("cross_entropy: label_smoothing is {}; it must be in [0, 1]",
                                 o.label_smoothing));
  if (is_floating(target.dtype()) && target.shape() == x.shape())
    return soft_cross_entropy(x, target, o);
  const Rule rule{o.ignore_index, o.label_smoothing, o.reduction};
  check_classes("cross_entropy", x, target, rule);
  const Tensor log_probabilities = log_softmax(x, x.shape().dim() == 1 ? 0 : 1);
  return nll("cross_entropy", log_probabilities, target, o.weight, rule);
}

}  // namespace xgrad
