#include <xgrad/ops/loss.hpp>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>
#include <xgrad/ops/softmax.hpp>

#include "axis.hpp"
#include "kernels/nll.hpp"
#include "movement/gather_rows.hpp"

namespace xgrad {
namespace {

using detail::AxisSplit;
using detail::positions_of;
using detail::raw;
using detail::Value;

int class_axis(const Shape& scores) { return scores.dim() == 1 ? 0 : 1; }
// Scores as lines of classes, with a target each.
AxisSplit lines_of(const Shape& scores) { return detail::split_at(scores, class_axis(scores)); }
Shape without_classes(const Shape& shape) {
  std::vector<std::int64_t> sizes(shape.begin(), shape.end());
  sizes.erase(sizes.begin() + class_axis(shape));
  return sizes;
}
Shape with_one_class(const Shape& shape) {
  Shape one = shape;
  one[class_axis(shape)] = 1;
  return one;
}

void check_scores(const char* op, const Operand& x) {
  if (x.shape().dim() == 0 || !is_floating(x.dtype()))
    throw ShapeError(fmt::format(
        "{}: the input is {}; it must be (C), (N, C) or (N, C, d1, ...), and float32 or float64",
        op, describe(x)));
}

void check_weight(const char* op, const Operand& x, const Tensor& weight) {
  const std::int64_t classes = lines_of(x.shape()).size;
  if (weight.defined() && weight.shape() != Shape{classes})
    throw ShapeError(fmt::format(
        "{}: the weight is {}; it must be 1-d with one element for each of the {} classes", op,
        detail::describe(weight), classes));
}

void check_classes(const char* op, const Operand& x, const Tensor& target,
                   std::int64_t ignore_index) {
  if (target.dtype() != int64)
    throw DTypeError(
        fmt::format("{}: the target is {}; it must be class indices (int64), or class "
                    "probabilities of the input's shape, {}",
                    op, detail::describe(target), to_string(x.shape())));
  if (target.shape() != without_classes(x.shape()))
    throw ShapeError(fmt::format(
        "{}: the input is {}, the target is {}; the target must be {}, the input's shape without "
        "the class dim",
        op, describe(x), detail::describe(target), to_string(without_classes(x.shape()))));
  const std::int64_t classes = lines_of(x.shape()).size;
  if (const auto bad =
          detail::first_bad_class(target.numel(), positions_of(target), classes, ignore_index))
    throw ValueError(fmt::format(
        "{}: target {} is not a valid class; it must be in [0, {}), or the ignore_index {}", op,
        *bad, classes, ignore_index));
}

void check_reduction(const char* op, Reduction reduction) {
  if (reduction == Reduction::batchmean)
    throw ValueError(fmt::format(
        "{}: reduction is batchmean, which only kl_div supports; use none, mean or sum", op));
}

Tensor nll(const char* op, const Operand& x, const Tensor& target, const CrossEntropyOptions& o,
           double smoothing) {
  check_classes(op, x, target, o.ignore_index);
  const bool each = o.reduction == Reduction::none, weighted = o.weight.defined();
  const detail::NllRule rule{o.ignore_index, smoothing, each, o.reduction == Reduction::mean};
  const Tensor weight = weighted ? o.weight.detach().to(x.dtype()) : zeros({0});
  Value value = Value::empty(each ? target.shape() : Shape(), x.dtype());
  detail::nll(x.dtype(), lines_of(x.shape()), raw<void>(x.tensor()), positions_of(target),
              weighted ? raw<void>(weight) : nullptr, rule, value.data<void>());
  return record({op, "dx = -dy at the target (divided by n for the mean), 0 elsewhere"},
                {x, target, weight}, std::move(value), save_input(1) | save_input(2),
                [rule, weighted](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Shape& shape = in.shape(0);
                  const bool whole = !rule.each && !dx.create_graph();
                  Value slopes = Value::empty(shape, dy.dtype());
                  detail::nll_gradient(dy.dtype(), lines_of(shape), positions_of(in[1]),
                                       weighted ? raw<void>(in[2]) : nullptr, rule,
                                       whole ? raw<void>(dy) : nullptr, slopes.data<void>());
                  const Tensor made = detail::constant(std::move(slopes));
                  if (whole) return dx.add(0, made);
                  dx.add(0, made * (rule.each ? reshape(dy, with_one_class(shape)) : dy));
                });
}

// The target is a distribution over the classes for each sample.
Tensor soft_cross_entropy(const Operand& x, const Tensor& target, const CrossEntropyOptions& o) {
  const int axis = class_axis(x.shape());
  const AxisSplit lines = lines_of(x.shape());
  Tensor factors = target;
  if (o.label_smoothing != 0)
    factors =
        factors * (1 - o.label_smoothing) + o.label_smoothing / static_cast<double>(lines.size);
  if (o.weight.defined()) {
    Shape column = with_one_class(x.shape());
    for (std::int64_t& size : column) size = 1;
    column[axis] = lines.size;
    factors = factors * reshape(o.weight.to(x.dtype()), column);
  }
  const Tensor losses = -sum(log_softmax(x, axis) * factors, axis);
  if (o.reduction == Reduction::none) return losses;
  return o.reduction == Reduction::sum ? sum(losses) : sum(losses) / lines.lines();
}

}  // namespace

Tensor nll_loss(Operand x, const Tensor& target, const CrossEntropyOptions& o) {
  const OpScope scope("nll_loss", x);
  check_reduction("nll_loss", o.reduction);
  check_scores("nll_loss", x);
  check_weight("nll_loss", x, o.weight);
  return nll("nll_loss", x, target, o, 0);
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
  check_classes("cross_entropy", x, target, o.ignore_index);
  return nll("cross_entropy", log_softmax(x, class_axis(x.shape())), target, o, o.label_smoothing);
}

}  // namespace xgrad
