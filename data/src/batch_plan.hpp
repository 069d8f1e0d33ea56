// batch_plan.hpp: which samples make which batch of an epoch.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/data/data_loader_options.hpp>
#include <xgrad/graph/state_dict.hpp>

namespace xgrad::data::detail {

/// The batches of one epoch, by number.
class EpochBatches {
 public:
  /// `order` is undefined where the samples come as they are.
  EpochBatches(Tensor order, std::int64_t samples, std::int64_t batch_size)
      : order_(std::move(order)), samples_(samples), batch_size_(batch_size) {}
  explicit EpochBatches(BatchSampler::Batches batches) : batches_(std::move(batches)) {}

  /// The indices of a batch. Any thread may ask.
  std::vector<std::int64_t> at(std::int64_t number) const;

 private:
  Tensor order_;
  std::int64_t samples_ = 0, batch_size_ = 0;
  BatchSampler::Batches batches_;
};

/// What a loader's options decide about the batches.
class BatchPlan {
 public:
  /// @throws ValueError  for options that are out of range or exclude each other.
  BatchPlan(std::int64_t samples, DataLoaderOptions options, Site site);

  const DataLoaderOptions& options() const noexcept { return options_; }
  /// Batches in an epoch.
  std::int64_t size() const noexcept;
  /// @throws ValueError  if a sampler gives an index that the dataset does not have.
  EpochBatches epoch(std::uint64_t number) const;
  /// The options and the number of samples, by their names.
  StateDict state_dict() const;

 private:
  std::int64_t in_order() const noexcept;
  EpochBatches sampled(std::uint64_t epoch) const;
  void check_indices(const std::string& sampler, std::span<const std::int64_t> indices) const;

  std::int64_t samples_;
  DataLoaderOptions options_;
  Site site_;
};

}  // namespace xgrad::data::detail
