// samplers.hpp: PyTorch's samplers.
//
// The indices of an epoch depend on the sampler's options and the epoch alone; with the same seed
// they are the same bits on any machine and any number of threads. Each epoch has its own order: a
// DataLoader passes its epoch on.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/data/dataset.hpp>
#include <xgrad/data/sampler.hpp>

namespace xgrad::data {

/// 0, 1, 2, ...
class SequentialSampler {
 public:
  /// @throws ValueError  for a negative number of samples.
  explicit SequentialSampler(Count samples, Site site = {__builtin_FILE(), __builtin_LINE()});
  template <Dataset D>
  explicit SequentialSampler(const D& dataset, Site site = {__builtin_FILE(), __builtin_LINE()})
      : SequentialSampler(static_cast<std::int64_t>(dataset.size()), site) {}

  std::int64_t size() const noexcept { return samples_; }
  Tensor indices(std::uint64_t epoch = 0) const;
  std::string to_string() const;

 private:
  std::int64_t samples_;
  Site site_;
};

struct RandomSamplerOptions {
  bool replacement = false;                      ///< whether an index can come more than once
  std::optional<std::int64_t> num_samples = {};  ///< indices in an epoch; by default all samples
  std::uint64_t seed = 0;
};
/// Indices drawn uniformly. Without replacement, a permutation of the samples: its beginning, if
/// num_samples is smaller, or several permutations, one after the other, if it is larger.
class RandomSampler {
 public:
  /// @throws ValueError  for a negative number of samples, num_samples below 1, or indices to draw
  ///                     from no samples.
  explicit RandomSampler(Count samples, RandomSamplerOptions options = {},
                         Site site = {__builtin_FILE(), __builtin_LINE()});
  template <Dataset D>
  explicit RandomSampler(const D& dataset, RandomSamplerOptions options = {},
                         Site site = {__builtin_FILE(), __builtin_LINE()})
      : RandomSampler(static_cast<std::int64_t>(dataset.size()), options, site) {}

  std::int64_t size() const noexcept { return options_.num_samples.value_or(samples_); }
  Tensor indices(std::uint64_t epoch = 0) const;
  std::string to_string() const;

 private:
  std::int64_t samples_;
  RandomSamplerOptions options_;
  Site site_;
};

struct WeightedRandomSamplerOptions {
  bool replacement = true;
  std::uint64_t seed = 0;
};
/// Index i with a probability proportional to weights[i]; the weights need not add up to 1.
///
///     data::WeightedRandomSampler balanced(weights, set.size());  // weights[i] = 1 / n of its
///     class
class WeightedRandomSampler {
 public:
  /// @param weights  float32 or float64, 1-d, finite and not negative.
  /// @throws ShapeError, DTypeError, ValueError  for other weights, for weights that are all 0, for
  ///                     num_samples below 1, or, without replacement, above the number of weights
  ///                     that are not 0.
  WeightedRandomSampler(const Tensor& weights, Count num_samples,
                        WeightedRandomSamplerOptions options = {},
                        Site site = {__builtin_FILE(), __builtin_LINE()});

  std::int64_t size() const noexcept { return num_samples_; }
  Tensor indices(std::uint64_t epoch = 0) const;
  std::string to_string() const;

 private:
  Tensor weights_;
  std::int64_t num_samples_;
  WeightedRandomSamplerOptions options_;
  Site site_;
};

struct SubsetRandomSamplerOptions {
  std::uint64_t seed = 0;
};
/// Given indices in random order, each once.
class SubsetRandomSampler {
 public:
  /// @param indices  int64, 1-d. @throws ShapeError, DTypeError, ValueError  for others, or a
  ///                 negative one.
  explicit SubsetRandomSampler(const Tensor& indices, SubsetRandomSamplerOptions options = {},
                               Site site = {__builtin_FILE(), __builtin_LINE()});
  explicit SubsetRandomSampler(const std::vector<std::int64_t>& indices,
                               SubsetRandomSamplerOptions options = {},
                               Site site = {__builtin_FILE(), __builtin_LINE()});

  std::int64_t size() const { return indices_.size(0); }
  Tensor indices(std::uint64_t epoch = 0) const;
  std::string to_string() const;

 private:
  Tensor indices_;
  SubsetRandomSamplerOptions options_;
  Site site_;
};

struct DistributedSamplerOptions {
  std::int64_t num_replicas = 1;  ///< processes that share the samples
  std::int64_t rank = 0;          ///< which of them this one is, in [0, num_replicas)
  bool shuffle = true;
  std::uint64_t seed = 0;  ///< the same in all processes
  bool drop_last = false;
};
/// The share of one process: of the order that all processes have, every num_replicas-th index from
/// `rank` on. All shares have the same size. If the samples cannot be divided evenly, the first of
/// the order are appended to it, or, with drop_last, the last are left out.
class DistributedSampler {
 public:
  /// @throws ValueError  for a negative number of samples, num_replicas below 1, or a rank outside
  ///                     of [0, num_replicas).
  explicit DistributedSampler(Count samples, DistributedSamplerOptions options = {},
                              Site site = {__builtin_FILE(), __builtin_LINE()});
  template <Dataset D>
  explicit DistributedSampler(const D& dataset, DistributedSamplerOptions options = {},
                              Site site = {__builtin_FILE(), __builtin_LINE()})
      : DistributedSampler(static_cast<std::int64_t>(dataset.size()), options, site) {}

  /// The size of a share.
  std::int64_t size() const noexcept;
  /// The epoch of `indices()`. A DataLoader passes its own epoch on, so a sampler in a loader does
  /// without: there, `loader.set_epoch(n)` does this.
  void set_epoch(std::uint64_t epoch) noexcept { epoch_ = epoch; }
  Tensor indices() const { return indices(epoch_); }
  Tensor indices(std::uint64_t epoch) const;
  std::string to_string() const;

 private:
  std::int64_t samples_;
  DistributedSamplerOptions options_;
  std::uint64_t epoch_ = 0;
  Site site_;
};

}  // namespace xgrad::data
