// Connectionist temporal classification.
#include <xgrad/ops/loss.hpp>

#include <cmath>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/ctc.hpp"
#include "sizes.hpp"

namespace xgrad {
namespace {

using detail::raw;

detail::CtcBatch batch_of(const Shape& s, const Tensor& targets, const Tensor& inputs,
                          const Tensor& lengths, std::int64_t blank) {
  return {s[0],
          s[1],
          s[2],
          blank,
          raw<std::int64_t>(targets),
          raw<std::int64_t>(inputs),
          raw<std::int64_t>(lengths),
          targets.dim() == 1 ? 0 : targets.size(1)};
}

// Of rows that are filled up, what is behind a sample's length does not count.
void check_classes(const Operand& x, const Tensor& targets, const Tensor& lengths,
                   std::int64_t blank) {
  const bool rows = targets.dim() == 2;
  const std::int64_t width = rows ? targets.size(1) : targets.numel();
  for (std::int64_t k = 0; k < targets.numel(); ++k) {
    const std::int64_t c = targets.data<std::int64_t>()[k];
    if (rows && k % width >= lengths.data<std::int64_t>()[k / width]) continue;
    if (c < 0 || c >= x.shape()[2] || c == blank)
      throw ValueError(
          fmt::format("ctc_loss: target {} is not a class; it must be in [0, {}), and "
                      "not the blank {}",
                      c, x.shape()[2], blank));
  }
}

void check_lengths(const Operand& x, const Tensor& targets, const Tensor& inputs,
                   const Tensor& lengths) {
  const Shape& s = x.shape();
  const bool rows = targets.dim() == 2;
  std::int64_t all = 0;
  for (std::int64_t n = 0; n < s[1]; ++n) {
    const std::int64_t times = inputs.data<std::int64_t>()[n],
                       length = lengths.data<std::int64_t>()[n];
    all = detail::saturated_sum(all, length);
    if (times < 0 || times > s[0] || length < 0 || (rows && length > targets.size(1)))
      throw ValueError(
          fmt::format("ctc_loss: sample {} has the lengths {} and {}; they must fit {} and "
                      "{}",
                      n, times, length, describe(x), detail::describe(targets)));
  }
  if (targets.dim() != 1 && (!rows || targets.size(0) != s[1]))
    throw ShapeError(
        fmt::format("ctc_loss: the targets are {}; they must be (N, S), or all in a row",
                    detail::describe(targets)));
  if (targets.dim() == 1 && all != targets.numel())
    throw ShapeError(
        fmt::format("ctc_loss: {} targets for lengths of {} together", targets.numel(), all));
}

void check(const Operand& x, const Tensor& targets, const Tensor& inputs, const Tensor& lengths,
           std::int64_t blank) {
  const Shape& s = x.shape();
  if (s.dim() != 3 || !is_floating(x.dtype()))
    throw ShapeError(fmt::format(
        "ctc_loss: log_probs are {}; they must be (T, N, C) or (T, C), float32 or float64",
        describe(x)));
  for (const Tensor& t : {targets, inputs, lengths})
    if (t.dtype() != int64)
      throw DTypeError(fmt::format("ctc_loss: targets and lengths must be int64, one is {}",
                                   detail::describe(t)));
  if (inputs.shape() != Shape{s[1]} || lengths.shape() != Shape{s[1]})
    throw ShapeError(
        fmt::format("ctc_loss: lengths are {} and {}; there must be one for each of {} samples",
                    detail::describe(inputs), detail::describe(lengths), s[1]));
  check_lengths(x, targets, inputs, lengths);
  if (blank < 0 || blank >= s[2])
    throw ValueError(fmt::format("ctc_loss: blank is {}; it must be in [0, {})", blank, s[2]));
  check_classes(x, targets, lengths, blank);
}

// The loss of each sample.
Tensor losses_of(const Operand& x, const Tensor& targets, const Tensor& inputs,
                 const Tensor& lengths, std::int64_t blank) {
  const Tensor log_probs = x.materialize();
  detail::Value value = detail::Value::empty({log_probs.size(1)}, log_probs.dtype());
  detail::ctc_losses(log_probs.dtype(),
                     batch_of(log_probs.shape(), targets, inputs, lengths, blank),
                     raw<void>(log_probs), value.data<void>());
  return record({"ctc_loss", "dx = dy (e^x - the share of alignments)"},
                {x, targets, inputs, lengths}, std::move(value), save_inputs,
                once_differentiable([blank](const Tensor& dy, Inputs in, InputGradients dx) {
                  const Tensor gradient = zeros(in.shape(0), {.dtype = dy.dtype()});
                  detail::ctc_gradient(dy.dtype(),
                                       batch_of(in.shape(0), in[1], in[2], in[3], blank),
                                       raw<void>(in[0]), raw<void>(dy), raw<void>(gradient));
                  dx.add(0, gradient);
                }));
}

}  // namespace

Tensor ctc_loss(Operand x, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, const CtcOptions& o) {
  const OpScope scope("ctc_loss", x);
  if (x.shape().dim() == 2) {
    const Tensor loss = ctc_loss(unsqueeze(x, 1), targets, reshape(input_lengths, {1}),
                                 reshape(target_lengths, {1}), o);
    return o.reduction == Reduction::none ? squeeze(loss, 0) : loss;
  }
  check(x, targets, input_lengths, target_lengths, o.blank);
  Tensor losses = losses_of(x, targets, input_lengths, target_lengths, o.blank);
  if (o.zero_infinity) losses = where(losses.detach() == INFINITY, 0, losses);
  if (o.reduction == Reduction::none) return losses;
  if (o.reduction == Reduction::sum) return sum(losses);
  if (o.reduction == Reduction::mean)
    return mean(losses / clamp_min(target_lengths, 1).to(losses.dtype()));
  throw ValueError("ctc_loss: batchmean is for kl_div; use none, mean or sum");
}

}  // namespace xgrad
