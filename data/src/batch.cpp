#include <xgrad/data/batch.hpp>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/ops/join.hpp>

namespace xgrad::data {

Batch cat(const std::vector<Batch>& batches, Site site) {
  std::vector<Tensor> inputs, targets;
  for (const Batch& batch : batches) {
    inputs.push_back(batch.inputs);
    targets.push_back(batch.targets);
  }
  return {xgrad::cat(inputs, 0, site), xgrad::cat(targets, 0, site)};
}

Tensor default_collate(const std::vector<Tensor>& samples, Site site) {
  const OpScope scope("default_collate", site);
  if (samples.empty()) throw ShapeError("default_collate: there are no samples");
  return stack(samples);
}

Batch default_collate(const std::vector<Batch>& samples, Site site) {
  std::vector<Tensor> inputs, targets;
  for (const Batch& sample : samples) {
    inputs.push_back(sample.inputs);
    targets.push_back(sample.targets);
  }
  return {default_collate(inputs, site), default_collate(targets, site)};
}

}  // namespace xgrad::data
