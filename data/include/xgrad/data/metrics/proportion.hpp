// proportion.hpp: how many of the samples seen were right.
#pragma once

#include <xgrad/data/metrics/interval.hpp>
#include <xgrad/graph/state_dict.hpp>

namespace xgrad::metrics {

/// Successes among trials: what Accuracy and TopK count.
class Proportion {
 public:
  std::int64_t correct() const noexcept { return correct_; }
  std::int64_t total() const noexcept { return total_; }
  /// correct() / total(), in [0, 1]; NaN for nothing seen.
  double compute() const noexcept;
  /// Wilson's score interval (Wilson, JASA 1927), which also holds near 0 and 1; [0, 1] for nothing
  /// seen. @throws ValueError  unless 0 < confidence < 1.
  Interval interval(double confidence = 0.95,
                    Site site = {__builtin_FILE(), __builtin_LINE()}) const;
  void reset() noexcept { correct_ = total_ = 0; }
  StateDict state_dict() const { return {{"correct", correct_}, {"total", total_}}; }
  /// @throws ValueError  for a state that does not fit; nothing is changed then.
  void load_state_dict(const StateDict& state, Site site = {__builtin_FILE(), __builtin_LINE()});

 protected:
  Proportion() = default;
  void count(std::int64_t correct, std::int64_t total) noexcept {
    correct_ += correct;
    total_ += total;
  }

 private:
  std::int64_t correct_ = 0, total_ = 0;
};

}  // namespace xgrad::metrics
