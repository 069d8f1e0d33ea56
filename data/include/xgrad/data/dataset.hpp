// dataset.hpp: the Dataset concept, which a DataLoader reads, and TensorDataset.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::data {

/// A batch of samples, stacked along the first axis: `auto [images, labels] = batch;`.
struct Batch {
  Tensor inputs;
  Tensor targets;
};

/// A set of samples: size() is their number, and get(indices) returns the samples at these indices.
/// Both may be called from any thread.
template <class D>
concept Dataset = requires(const D& d, std::span<const std::int64_t> indices) {
  { d.size() } -> std::convertible_to<std::int64_t>;
  { d.get(indices) } -> std::convertible_to<Batch>;
};

/// A dataset of two tensors; sample i is position i of their first axes.
class TensorDataset {
 public:
  /// @throws ShapeError unless both tensors have a first axis, of the same size.
  TensorDataset(Tensor inputs, Tensor targets,
                Site site = {__builtin_FILE(), __builtin_LINE()});
  std::int64_t size() const { return inputs_.size(0); }
  /// @throws ValueError if an index is out of range.
  Batch get(std::span<const std::int64_t> indices) const;

 private:
  Tensor inputs_, targets_;
  Site site_;
};

}  // namespace xgrad::data
