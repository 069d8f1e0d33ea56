#include "training.hpp"

namespace bench {
namespace {

using xgrad::Tensor;

Tensor shaped(const Tensor& flat, const std::vector<std::int64_t>& shape) {
  return flat.reshape(xgrad::Shape(shape));
}

}  // namespace

std::vector<BatchTensors> tensors_of(const std::vector<Batch>& batches) {
  std::vector<BatchTensors> all;
  for (const Batch& b : batches)
    all.push_back(
        {shaped(b.characters.empty() ? xgrad::tensor(b.images) : xgrad::tensor(b.characters),
                b.input_shape),
         shaped(b.classes.empty() ? xgrad::tensor(b.numbers) : xgrad::tensor(b.classes),
                b.target_shape)});
  return all;
}

std::vector<Parameter> parameters_of(const xgrad::nn::Module& model) {
  std::vector<Parameter> all;
  for (const auto& [name, tensor] : model.named_parameters()) {
    const auto elements = tensor.span<float>();
    all.push_back({name, {elements.begin(), elements.end()}});
  }
  return all;
}

Case training_case(const std::string& group, const std::string& name, int verified,
                   std::function<Made()> make) {
  Case c;
  c.group = group;
  c.name = name;
  c.unit = "us/step";
  c.per_call = 1e3;
  c.tolerance = 1e-4;
  c.verified_calls = verified;
  c.seconds = 0.2;
  c.make = std::move(make);
  return c;
}

}  // namespace bench
