// dataset.hpp: the Dataset concept, which a DataLoader reads, and TensorDataset.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/data/batch.hpp>
#include <xgrad/graph/tensor.hpp>

namespace xgrad::data {

namespace detail {

using Indices = std::span<const std::int64_t>;

template <class D>
concept HasGet = requires(const D& d, Indices indices) {
  d.get(indices);
};
template <class D>
concept HasGetInEpoch = requires(const D& d, Indices indices, std::uint64_t epoch) {
  d.get(indices, epoch);
};
template <class D>
concept HasGetSample = requires(const D& d, std::int64_t index) {
  d.get(index);
};
template <class D>
concept HasGetSampleInEpoch = requires(const D& d, std::int64_t index, std::uint64_t epoch) {
  d.get(index, epoch);
};

template <class D>
decltype(auto) get_by_index(const D& dataset, std::int64_t index, std::uint64_t epoch) {
  if constexpr (HasGetSampleInEpoch<D>)
    return dataset.get(index, epoch);
  else
    return dataset.get(index);
}
template <class D>
concept HasSamples = HasGetSample<D> || HasGetSampleInEpoch<D>;
template <class D>
concept HasTensorSamples = HasSamples<D> && requires(const D& d) {
  default_collate(std::vector<std::remove_cvref_t<decltype(get_by_index(d, 0, 0))>>());
};
template <class D>
concept HasBatchesOfItsOwn = HasGet<D> || HasGetInEpoch<D>;

/// The only sample of a batch, if its type is known.
inline Tensor only_sample(const Tensor& batch) { return batch[0]; }
inline Batch only_sample(const Batch& batch) { return {batch.inputs[0], batch.targets[0]}; }
template <class B>
B only_sample(B batch) {
  return batch;
}

}  // namespace detail

/// A set of samples that can be counted with `size()` and fetched by index, from any thread.
///
/// `get(indices)` returns a batch: a Batch, a Tensor, or any other type that can be moved. Or
/// `get(index)` returns a single sample: a Tensor, a Batch of tensors without the first dim, which
/// `default_collate` stacks, or any other type for a function that is given to the loader.
///
/// A dataset that draws random numbers takes the epoch, which counts from 0, as a second argument,
/// so that what it draws depends on its seed, the epoch and the index alone.
template <class D>
concept Dataset = requires(const D& d) {
  { d.size() } -> std::convertible_to<std::int64_t>;
}
&&(detail::HasBatchesOfItsOwn<D> || detail::HasSamples<D>);

/// A dataset whose batches need no function of the user's.
template <class D>
concept BatchDataset = Dataset<D> &&(detail::HasBatchesOfItsOwn<D> || detail::HasTensorSamples<D>);

namespace detail {

/// How far a batch is, for what is told of an exception.
struct Fetching {
  std::size_t samples = 0;  ///< that have been fetched, one by one
  bool one_by_one = false;  ///< otherwise the dataset makes the batch itself
};

template <BatchDataset D>
decltype(auto) get_batch(const D& dataset, Indices indices, std::uint64_t epoch, Site site,
                         Fetching& fetching) {
  if constexpr (HasGetInEpoch<D>) {
    return dataset.get(indices, epoch);
  } else if constexpr (HasGet<D>) {
    return dataset.get(indices);
  } else {
    fetching.one_by_one = true;
    std::vector<std::remove_cvref_t<decltype(get_by_index(dataset, 0, 0))>> samples;
    for (const std::int64_t i : indices) {
      samples.push_back(get_by_index(dataset, i, epoch));
      ++fetching.samples;
    }
    return default_collate(samples, site);
  }
}

}  // namespace detail

/// The batch of the samples at some indices, as the dataset gives it in an epoch.
template <BatchDataset D>
decltype(auto) get_batch(const D& dataset, std::span<const std::int64_t> indices,
                         std::uint64_t epoch = 0, Site site = Site::here()) {
  detail::Fetching fetching;
  return detail::get_batch(dataset, indices, epoch, site, fetching);
}

/// The sample at an index, in an epoch. Of a dataset that has only `get(indices)`, position 0 of
/// the batch of this sample, or that batch, if it is no Tensor or Batch.
template <Dataset D>
decltype(auto) get_sample(const D& dataset, std::int64_t index, std::uint64_t epoch = 0) {
  if constexpr (detail::HasSamples<D>)
    return detail::get_by_index(dataset, index, epoch);
  else
    return detail::only_sample(get_batch(dataset, {&index, 1}, epoch));
}

/// The type of a dataset's batches.
template <BatchDataset D>
using BatchOf = std::remove_cvref_t<decltype(get_batch(std::declval<const D&>(), {}))>;
/// The type of a dataset's samples.
template <Dataset D>
using SampleOf = std::remove_cvref_t<decltype(get_sample(std::declval<const D&>(), 0))>;
/// What a function makes of a dataset's samples.
template <Dataset D, class Collate>
using CollatedOf = std::invoke_result_t<const Collate&, std::vector<SampleOf<D>>>;

/// A dataset of two tensors; sample i is position i of their first axes.
class TensorDataset {
 public:
  /// @throws ShapeError unless both tensors have a first axis, of the same size.
  TensorDataset(Tensor inputs, Tensor targets, Site site = {__builtin_FILE(), __builtin_LINE()});
  explicit TensorDataset(Batch all, Site site = {__builtin_FILE(), __builtin_LINE()})
      : TensorDataset(std::move(all.inputs), std::move(all.targets), site) {}
  std::int64_t size() const { return inputs_.size(0); }
  /// @throws ValueError if an index is out of range.
  Batch get(std::span<const std::int64_t> indices) const;

 private:
  Tensor inputs_, targets_;
  Site site_;
};

}  // namespace xgrad::data
