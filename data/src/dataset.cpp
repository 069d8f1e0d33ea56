#include <xgrad/data/dataset.hpp>

#include <cstring>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

namespace xgrad::data {
namespace {

// The chosen slices of x along its first axis, one after the other.
Tensor gathered(const Tensor& x, std::span<const std::int64_t> indices) {
  Shape shape = x.shape();
  shape[0] = static_cast<std::int64_t>(indices.size());
  const Tensor chosen = empty(shape, {.dtype = x.dtype()});
  const std::int64_t slice = x.size(0) == 0 ? 0 : x.numel() / x.size(0);
  const std::size_t bytes = static_cast<std::size_t>(slice) * size_of(x.dtype());
  char* to = static_cast<char*>(chosen.node().storage->data());
  for (const std::int64_t i : indices) {
    if (i < 0 || i >= x.size(0))
      throw ValueError(fmt::format("TensorDataset: index {} is out of range; it must be in [0, {})",
                                   i, x.size(0)));
    std::memcpy(
        to,
        static_cast<const char*>(x.node().storage->data()) + static_cast<std::size_t>(i) * bytes,
        bytes);
    to += bytes;
  }
  return chosen;
}

}  // namespace

TensorDataset::TensorDataset(Tensor inputs, Tensor targets, Site site) : site_(site) {
  const OpScope scope("TensorDataset", site);
  inputs_ = inputs.detach(), targets_ = targets.detach();
  if (inputs_.dim() == 0 || targets_.dim() == 0 || inputs_.size(0) != targets_.size(0))
    throw ShapeError(
        fmt::format("TensorDataset: inputs are {} and targets are {}; both must have the same size "
                    "along their first dim",
                    xgrad::detail::describe(inputs_), xgrad::detail::describe(targets_)));
}

Batch TensorDataset::get(std::span<const std::int64_t> indices) const {
  const OpScope scope("TensorDataset", site_);
  return {gathered(inputs_, indices), gathered(targets_, indices)};
}

}  // namespace xgrad::data
