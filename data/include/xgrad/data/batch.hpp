// batch.hpp: Batch, and how samples become a batch and batches one.
#pragma once

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

/// The batch of some samples, in a new first dim: `stack` of the tensors; of a Batch, its inputs
/// and its targets. @throws ShapeError, DTypeError  if they have different shapes or dtypes.
Tensor default_collate(const std::vector<Tensor>& samples, Site site = Site::here());
Batch default_collate(const std::vector<Batch>& samples, Site site = Site::here());

}  // namespace xgrad::data
