#include "kernels/ctc.hpp"

#include <algorithm>
#include <cmath>

#include <xgrad/graph/parallel.hpp>
#include <xgrad/graph/scratch_vector.hpp>

namespace xgrad::detail {
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
    const ScratchVector<double> alpha = forward();
    return -total(alpha);
  }

  // d loss / d log_probs of each time and class, up to what log_softmax's gradient cancels.
  void add_gradient(double upstream, std::int64_t classes, T* dx) const {
    if (times_ == 0) return;
    const ScratchVector<double> alpha = forward(), beta = backward();
    const double all = total(alpha);
    ScratchVector<double> share(static_cast<std::size_t>(classes));
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
  ScratchVector<double> forward() const {
    ScratchVector<double> alpha(static_cast<std::size_t>(times_) * labels_.size(), nothing);
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
  ScratchVector<double> backward() const {
    ScratchVector<double> beta(static_cast<std::size_t>(times_) * labels_.size(), nothing);
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
  double total(const ScratchVector<double>& alpha) const {
    const std::size_t n = labels_.size();
    const double last = alpha[place(times_ - 1, n - 1)];
    return n == 1 ? last : log_of_sum(last, alpha[place(times_ - 1, n - 2)]);
  }

  const T* log_probs_;
  const std::int64_t stride_, times_;
  ScratchVector<std::int64_t> labels_;
};

// Where each sample's targets begin.
ScratchVector<std::int64_t> target_begins(const CtcBatch& b) {
  ScratchVector<std::int64_t> begins;
  std::int64_t begin = 0;
  for (std::int64_t n = 0; n < b.samples; ++n) {
    begins.push_back(begin);
    begin += b.width >= 0 ? b.width : b.target_lengths[n];
  }
  return begins;
}

// Calls f(sample, alignment) for each.
template <class T, class F>
void each_sample(const CtcBatch& b, const T* log_probs, F f) {
  const ScratchVector<std::int64_t> begins = target_begins(b);
  const std::int64_t grain = 256 / std::max<std::int64_t>(1, b.times);
  parallel_ranges(
      b.samples, std::max<std::int64_t>(1, grain), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t n = begin; n < end; ++n)
          f(n, Alignment<T>(log_probs + n * b.classes, b.samples * b.classes, b.input_lengths[n],
                            b.targets + begins[static_cast<std::size_t>(n)], b.target_lengths[n],
                            b.blank));
      });
}

}  // namespace

std::optional<CtcLengths> first_bad_lengths(const CtcBatch& b) {
  for (std::int64_t n = 0; n < b.samples; ++n) {
    const std::int64_t times = b.input_lengths[n], targets = b.target_lengths[n];
    if (times < 0 || times > b.times || targets < 0 || (b.width >= 0 && targets > b.width))
      return CtcLengths{n, times, targets};
  }
  return std::nullopt;
}

std::optional<std::int64_t> first_bad_target(const CtcBatch& b) {
  const ScratchVector<std::int64_t> begins = target_begins(b);
  for (std::int64_t n = 0; n < b.samples; ++n) {
    const std::int64_t* const target = b.targets + begins[static_cast<std::size_t>(n)];
    for (std::int64_t i = 0; i < b.target_lengths[n]; ++i)
      if (target[i] < 0 || target[i] >= b.classes || target[i] == b.blank) return target[i];
  }
  return std::nullopt;
}

void ctc_losses(DType dtype, const CtcBatch& batch, const void* log_probs, void* losses) {
  dispatch_floating(dtype, [&]<class T>() {
    each_sample(batch, static_cast<const T*>(log_probs), [&](std::int64_t n, const auto& a) {
      static_cast<T*>(losses)[n] = static_cast<T>(a.loss());
    });
  });
}

void ctc_gradient(DType dtype, const CtcBatch& batch, const void* log_probs, const void* dy,
                  void* dx) {
  dispatch_floating(dtype, [&]<class T>() {
    each_sample(batch, static_cast<const T*>(log_probs), [&](std::int64_t n, const auto& a) {
      const auto upstream = static_cast<double>(static_cast<const T*>(dy)[n]);
      if (upstream != 0)
        a.add_gradient(upstream, batch.classes, static_cast<T*>(dx) + n * batch.classes);
    });
  });
}

}  // namespace xgrad::detail
