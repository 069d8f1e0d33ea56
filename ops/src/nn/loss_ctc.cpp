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
#include "kernels/positions.hpp"
#include "movement/gather_rows.hpp"

namespace xgrad {
namespace {

using detail::positions_of;
using detail::raw;

detail::CtcBatch batch_of(const Shape& s, const Tensor& targets, const Tensor& inputs,
                          const Tensor& lengths, std::int64_t blank) {
  const std::int64_t width = targets.dim() == 2 ? targets.size(1) : -1;
  return {
      s[0], s[1], s[2], blank, positions_of(targets), positions_of(inputs), positions_of(lengths),
      width};
}

void check_lengths(const Operand& x, const Tensor& targets, const detail::CtcBatch& batch) {
  if (const auto bad = detail::first_bad_lengths(batch))
    throw ValueError(
        fmt::format("ctc_loss: sample {} has input length {} and target length {}; both must be at "
                    "least 0, and at most what log_probs {} and targets {} hold",
                    bad->sample, bad->times, bad->targets, describe(x), detail::describe(targets)));
  if (targets.dim() != 1 && (targets.dim() != 2 || targets.size(0) != batch.samples))
    throw ShapeError(
        fmt::format("ctc_loss: targets is {}; it must be (N, S), or 1-d with the targets of all "
                    "samples concatenated",
                    detail::describe(targets)));
  const std::int64_t all = detail::saturated_total(batch.samples, batch.target_lengths);
  if (targets.dim() == 1 && all != targets.numel())
    throw ShapeError(fmt::format(
        "ctc_loss: targets has {} elements, and target_lengths sum to {}; both must be equal",
        targets.numel(), all));
}

void check(const Operand& x, const Tensor& targets, const Tensor& inputs, const Tensor& lengths,
           std::int64_t blank) {
  const Shape& s = x.shape();
  if (s.dim() != 3 || !is_floating(x.dtype()))
    throw ShapeError(fmt::format(
        "ctc_loss: log_probs is {}; it must be (T, N, C) or (T, C), and float32 or float64",
        describe(x)));
  for (const Tensor& t : {targets, inputs, lengths})
    if (t.dtype() != int64)
      throw DTypeError(fmt::format(
          "ctc_loss: targets, input_lengths and target_lengths must be int64; one of them is {}",
          detail::describe(t)));
  if (inputs.shape() != Shape{s[1]} || lengths.shape() != Shape{s[1]})
    throw ShapeError(
        fmt::format("ctc_loss: input_lengths is {}, target_lengths {}; both must be 1-d with one "
                    "length for each of the {} samples",
                    detail::describe(inputs), detail::describe(lengths), s[1]));
  const detail::CtcBatch batch = batch_of(s, targets, inputs, lengths, blank);
  check_lengths(x, targets, batch);
  if (blank < 0 || blank >= s[2])
    throw ValueError(fmt::format("ctc_loss: blank is {}; it must be in [0, {})", blank, s[2]));
  if (const auto bad = detail::first_bad_target(batch))
    throw ValueError(fmt::format(
        "ctc_loss: target {} is not a valid class; it must be in [0, {}), and not the blank {}",
        *bad, s[2], blank));
}

// The loss of each sample.
Tensor losses_of(const Operand& x, const Tensor& targets, const Tensor& inputs,
                 const Tensor& lengths, std::int64_t blank) {
  const Tensor log_probs = x.materialize();
  detail::Value value = detail::Value::empty({log_probs.size(1)}, log_probs.dtype());
  detail::ctc_losses(log_probs.dtype(),
                     batch_of(log_probs.shape(), targets, inputs, lengths, blank),
                     raw<void>(log_probs), value.data<void>());
  return record({"ctc_loss", "dx = dy (e^x - the posterior probability of the class)"},
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
  throw ValueError(
      "ctc_loss: reduction is batchmean, which only kl_div supports; use none, mean or sum");
}

}  // namespace xgrad
