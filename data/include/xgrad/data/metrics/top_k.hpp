// top_k.hpp: the share of samples whose class is among the k that score highest.
#pragma once

#include <optional>

#include <xgrad/data/metrics/proportion.hpp>

namespace xgrad::metrics {

struct TopKOptions {
  std::optional<std::int64_t> ignore_index = {};
};

/// The share of samples whose class is among the k that score highest. Of equal scores the earlier
/// class counts as higher, so that TopK(1) is Accuracy; NaN counts as highest, as in `topk`.
class TopK : public Proportion {
 public:
  /// @throws ValueError  if k is below 1.
  explicit TopK(Count k, TopKOptions options = {},
                Site site = {__builtin_FILE(), __builtin_LINE()});
  /// @param predictions  scores (n, classes, ...), floating, or (classes) for a single sample.
  /// @param targets      (n, ...), or 0-d, int64.
  /// @throws ShapeError, DTypeError  for others; ValueError  for a target that is no class, or k
  ///                                 greater than the number of classes.
  void update(const Tensor& predictions, const Tensor& targets,
              Site site = {__builtin_FILE(), __builtin_LINE()});
  /// As if what the other one has seen had been seen here. @throws ValueError  for another k.
  void merge(const TopK& other, Site site = {__builtin_FILE(), __builtin_LINE()});

 private:
  std::int64_t k_;
  TopKOptions options_;
};

}  // namespace xgrad::metrics
