#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/graph/scratch_vector.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/loss.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

#include "sizes.hpp"

namespace xgrad {
namespace {

constexpr double nothing = -INFINITY;  // the logarithm of 0

double log_of_sum(double a, double b) {
  const double most = std::max(a, b);
  return most == nothing ? nothing : most + std::log(std::exp(a - most) + std::exp(b - most));
}

// One sample: its log-probabilities at time t of class c, and its labels with blanks around each.
template <class T>
class Alignment {
 public:
  Alignment(const T* log_probs, std::int64_t stride, std::int64_t times, const std::int64_t* target,
            std::int64_t length, std::int64_t blank)
      : log_probs_(log_probs), stride_(stride), times_(times) {
    for (std::int64_t i = 0; i < length; ++i) {
      labels_.push_back(blank);
      labels_.push_back(target[i]);
    }
    labels_.push_back(blank);
  }

  double loss() const {
    if (times_ == 0) return labels_.size() == 1 ? 0 : INFINITY;
    const detail::ScratchVector<double> alpha = forward();
    return -total(alpha);
  }

  // d loss / d log_probs of time t and class c, up to what log_softmax's backward cancels, into dx.
  void add_gradient(double upstream, std::int64_t classes, T* dx) const {
    if (times_ == 0) return;
    const detail::ScratchVector<double> alpha = forward(), beta = backward();
    const double all = total(alpha);
    detail::ScratchVector<double> share(static_cast<std::size_t>(classes));
    for (std::int64_t t = 0; t < times_; ++t) {
      std::fill(share.begin(), share.end(), nothing);
      for (std::size_t s = 0; s < labels_.size(); ++s) {
        double& of_class = share[static_cast<std::size_t>(labels_[s])];
        const std::size_t at = place(t, s);
        of_class = log_of_sum(of_class, alpha[at] + beta[at] - at_time(t, s));
      }
      for (std::int64_t c = 0; c < classes; ++c) {
        const auto p = static_cast<double>(log_probs_[t * stride_ + c]);
        dx[t * stride_ + c] += static_cast<T>(
            upstream * (std::exp(p) - std::exp(share[static_cast<std::size_t>(c)] - all)));
      }
    }
  }

 private:
  std::size_t place(std::int64_t t, std::size_t s) const {
    return static_cast<std::size_t>(t) * labels_.size() + s;
  }
  double at_time(std::int64_t t, std::size_t s) const {
    return static_cast<double>(log_probs_[t * stride_ + labels_[s]]);
  }
  bool may_skip(std::size_t s) const {
    return s >= 2 && labels_[s] != labels_[s - 2] && s % 2 == 1;
  }

  // The logarithms of the probability of all beginnings that end in label s at time t,
  detail::ScratchVector<double> forward() const {
    detail::ScratchVector<double> alpha(static_cast<std::size_t>(times_) * labels_.size(), nothing);
    for (std::size_t s = 0; s < std::min<std::size_t>(2, labels_.size()); ++s)
      alpha[s] = at_time(0, s);
    for (std::int64_t t = 1; t < times_; ++t)
      for (std::size_t s = 0; s < labels_.size(); ++s) {
        double sum = alpha[place(t - 1, s)];
        if (s >= 1) sum = log_of_sum(sum, alpha[place(t - 1, s - 1)]);
        if (may_skip(s)) sum = log_of_sum(sum, alpha[place(t - 1, s - 2)]);
        alpha[place(t, s)] = sum + at_time(t, s);
      }
    return alpha;
  }
  // and of all endings that begin there.
  detail::ScratchVector<double> backward() const {
    detail::ScratchVector<double> beta(static_cast<std::size_t>(times_) * labels_.size(), nothing);
    const std::size_t n = labels_.size();
    for (std::size_t s = n - std::min<std::size_t>(2, n); s < n; ++s)
      beta[place(times_ - 1, s)] = at_time(times_ - 1, s);
    for (std::int64_t t = times_ - 1; t-- > 0;)
      for (std::size_t s = 0; s < n; ++s) {
        double sum = beta[place(t + 1, s)];
        if (s + 1 < n) sum = log_of_sum(sum, beta[place(t + 1, s + 1)]);
        if (s + 2 < n && may_skip(s + 2)) sum = log_of_sum(sum, beta[place(t + 1, s + 2)]);
        beta[place(t, s)] = sum + at_time(t, s);
      }
    return beta;
  }
  double total(const detail::ScratchVector<double>& alpha) const {
    const std::size_t n = labels_.size();
    const double last = alpha[place(times_ - 1, n - 1)];
    return n == 1 ? last : log_of_sum(last, alpha[place(times_ - 1, n - 2)]);
  }

  const T* log_probs_;
  const std::int64_t stride_, times_;
  detail::ScratchVector<std::int64_t> labels_;
};

// Where each sample's targets begin.
struct Batch {
  std::int64_t times, samples, classes;
};
Batch batch_of(const Shape& s) { return {s[0], s[1], s[2]}; }

// Calls f(sample, alignment) for each.
template <class T, class F>
void each_sample(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                 const Tensor& target_lengths, std::int64_t blank, F f) {
  const Batch b = batch_of(log_probs.shape());
  std::int64_t begin = 0;
  for (std::int64_t n = 0; n < b.samples; ++n) {
    const std::int64_t length = detail::raw<std::int64_t>(target_lengths)[n];
    const std::int64_t* const first =
        detail::raw<std::int64_t>(targets) + (targets.dim() == 1 ? begin : n * targets.size(1));
    f(n, Alignment<T>(detail::raw<T>(log_probs) + n * b.classes, b.samples * b.classes,
                      detail::raw<std::int64_t>(input_lengths)[n], first, length, blank));
    begin += length;
  }
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

void check(const Operand& x, const Tensor& targets, const Tensor& inputs, const Tensor& lengths,
           const CtcOptions& o) {
  const Shape& s = x.shape();
  const auto refuse = [&](const std::string& why) {
    throw ShapeError(fmt::format("ctc_loss: {}", why));
  };
  if (s.dim() != 3 || !is_floating(x.dtype()))
    refuse(fmt::format("log_probs are {}; they must be (T, N, C) or (T, C), float32 or float64",
                       describe(x)));
  for (const Tensor& t : {targets, inputs, lengths})
    if (t.dtype() != int64)
      throw DTypeError(fmt::format("ctc_loss: targets and lengths must be int64, one is {}",
                                   detail::describe(t)));
  if (inputs.shape() != Shape{s[1]} || lengths.shape() != Shape{s[1]})
    refuse(fmt::format("lengths are {} and {}; there must be one for each of {} samples",
                       detail::describe(inputs), detail::describe(lengths), s[1]));
  std::int64_t all = 0;
  for (std::int64_t n = 0; n < s[1]; ++n) {
    const std::int64_t times = inputs.data<std::int64_t>()[n],
                       length = lengths.data<std::int64_t>()[n];
    all = detail::saturated_sum(all, length);
    if (times < 0 || times > s[0] || length < 0 || (targets.dim() == 2 && length > targets.size(1)))
      throw ValueError(
          fmt::format("ctc_loss: sample {} has the lengths {} and {}; they must fit {} and "
                      "{}",
                      n, times, length, describe(x), detail::describe(targets)));
  }
  if (targets.dim() != 1 && (targets.dim() != 2 || targets.size(0) != s[1]))
    refuse(fmt::format("the targets are {}; they must be (N, S), or all in a row",
                       detail::describe(targets)));
  if (targets.dim() == 1 && all != targets.numel())
    refuse(fmt::format("{} targets for lengths of {} together", targets.numel(), all));
  if (o.blank < 0 || o.blank >= s[2])
    throw ValueError(fmt::format("ctc_loss: blank is {}; it must be in [0, {})", o.blank, s[2]));
  check_classes(x, targets, lengths, o.blank);
}

// The loss of each sample.
Tensor losses_of(const Operand& x, const Tensor& targets, const Tensor& inputs,
                 const Tensor& lengths, std::int64_t blank) {
  const Tensor log_probs = x.materialize();
  detail::Value value = detail::Value::empty({log_probs.size(1)}, log_probs.dtype());
  dispatch_floating(log_probs.dtype(), [&]<class T>() {
    each_sample<T>(log_probs, targets, inputs, lengths, blank, [&](std::int64_t n, const auto& a) {
      value.data<T>()[n] = static_cast<T>(a.loss());
    });
  });
  return record(
      {"ctc_loss", "dx = dy (e^x - the share of alignments)"}, {x, targets, inputs, lengths},
      std::move(value), save_inputs,
      once_differentiable([blank](const Tensor& dy, Inputs in, InputGradients dx) {
        const Tensor from = in[0];
        Tensor gradient = zeros(from.shape(), {.dtype = from.dtype()});
        dispatch_floating(from.dtype(), [&]<class T>() {
          each_sample<T>(from, in[1], in[2], in[3], blank, [&](std::int64_t n, const auto& a) {
            const auto up = static_cast<double>(detail::raw<T>(dy)[n]);
            if (up != 0)
              a.add_gradient(up, from.size(2), detail::raw<T>(gradient) + n * from.size(2));
          });
        });
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
  check(x, targets, input_lengths, target_lengths, o);
  Tensor losses = losses_of(x, targets, input_lengths, target_lengths, o.blank);
  if (o.zero_infinity) losses = where(losses.detach() == INFINITY, 0, losses);
  if (o.reduction == Reduction::none) return losses;
  if (o.reduction == Reduction::sum) return sum(losses);
  if (o.reduction == Reduction::mean)
    return mean(losses / clamp_min(target_lengths, 1).to(losses.dtype()));
  throw ValueError("ctc_loss: batchmean is for kl_div; use none, mean or sum");
}

}  // namespace xgrad
