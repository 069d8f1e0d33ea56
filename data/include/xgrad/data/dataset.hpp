// dataset.hpp: the Dataset concept, which a DataLoader reads, and TensorDataset.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::data {

/// A batch of samples, stacked along the first axis: `auto [images, labels] = batch;`.
struct Batch {
  Tensor inputs;
  Tensor targets;
};

/// Batches one after the other, as `cat` does it with tensors: inputs with inputs, targets with
/// targets. @throws ShapeError  as `cat` of tensors.
Batch cat(const std::vector<Batch>& batches, Site site = {__builtin_FILE(), __builtin_LINE()});

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

}  // namespace detail

/// A set of samples that can be counted with `size()` and fetched by index, from any thread, with
/// `get(indices)` or `get(indices, epoch)`. What `get` returns is the batch: a Batch, a Tensor, or
/// any other type that can be moved. A dataset that draws random numbers takes the epoch, which
/// counts from 0, so that what it draws depends on its seed, the epoch and the index alone.
template <class D>
concept Dataset = requires(const D& d) {
  { d.size() } -> std::convertible_to<std::int64_t>;
}
&&(detail::HasGet<D> || detail::HasGetInEpoch<D>);

/// The samples at some indices, as the dataset gives them in an epoch.
template <Dataset D>
decltype(auto) get_batch(const D& dataset, std::span<const std::int64_t> indices,
                         std::uint64_t epoch = 0) {
  if constexpr (detail::HasGetInEpoch<D>)
    return dataset.get(indices, epoch);
  else
    return dataset.get(indices);
}

/// What a dataset's `get` returns.
template <Dataset D>
using BatchOf = std::remove_cvref_t<decltype(get_batch(std::declval<const D&>(), {}))>;

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
