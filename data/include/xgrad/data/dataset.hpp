// dataset.hpp: what a DataLoader draws from.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::data {

/// Samples side by side: `auto [images, labels] = batch;`.
struct Batch {
  Tensor inputs;
  Tensor targets;
};

/// A set of samples that can be counted and fetched by index, from any thread.
template <class D>
concept Dataset = requires(const D& d, std::span<const std::int64_t> indices) {
  { d.size() } -> std::convertible_to<std::int64_t>;
  { d.get(indices) } -> std::convertible_to<Batch>;
};

/// Samples that lie in two tensors, along their first axis.
class TensorDataset {
 public:
  /// @throws ShapeError unless both have the same size along a first axis.
  TensorDataset(Tensor inputs, Tensor targets,
                Site site = {__builtin_FILE(), __builtin_LINE()});
  std::int64_t size() const { return inputs_.size(0); }
  /// @throws ValueError for an index that is not there.
  Batch get(std::span<const std::int64_t> indices) const;

 private:
  Tensor inputs_, targets_;
  Site site_;
};

}  // namespace xgrad::data
