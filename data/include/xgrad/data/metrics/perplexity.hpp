// perplexity.hpp: how surprised a language model is.
#pragma once

#include <optional>

#include <xgrad/data/metrics/mean.hpp>

namespace xgrad::metrics {

struct PerplexityOptions {
  std::optional<std::int64_t> ignore_index = {};
};

/// exp of the mean cross entropy of the tokens, in nats: a uniform guess among v tokens has
/// perplexity v. NaN for nothing seen.
class Perplexity {
 public:
  explicit Perplexity(PerplexityOptions options = {}) : options_(options) {}

  /// @param logits   (..., vocabulary), floating: scores before the softmax.
  /// @param targets  (...), int64; those that are ignore_index are left out.
  /// @throws ShapeError, DTypeError  for others; ValueError  for a target outside the vocabulary.
  void update(const Tensor& logits, const Tensor& targets,
              Site site = {__builtin_FILE(), __builtin_LINE()});
  /// A loss that was computed anyway: the mean cross entropy of so many tokens. To the interval it
  /// is one number with their weight.
  /// @throws ValueError  for a negative number of tokens.
  void update(double mean_loss, std::int64_t tokens,
              Site site = {__builtin_FILE(), __builtin_LINE()});

  double compute() const noexcept;
  /// exp of the interval of the mean cross entropy, tokens taken as independent.
  /// @throws ValueError  unless 0 < confidence < 1.
  Interval interval(double confidence = 0.95,
                    Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  /// The mean cross entropy itself.
  const Mean& loss() const noexcept { return loss_; }

  void reset() noexcept { loss_.reset(); }
  /// As if what the other one has seen had been seen here.
  void merge(const Perplexity& other) noexcept { loss_.merge(other.loss_); }
  StateDict state_dict() const { return loss_.state_dict(); }
  /// @throws ValueError  for a state that does not fit; nothing is changed then.
  void load_state_dict(const StateDict& state, Site site = {__builtin_FILE(), __builtin_LINE()}) {
    loss_.load_state_dict(state, site);
  }

 private:
  PerplexityOptions options_;
  Mean loss_;
};

}  // namespace xgrad::metrics
