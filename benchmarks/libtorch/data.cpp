#include "libtorch.hpp"

namespace bench {
namespace {

using Example = torch::data::Example<>;

struct InMemory : torch::data::datasets::Dataset<InMemory> {
  torch::Tensor inputs, targets;
  InMemory(torch::Tensor x, torch::Tensor t) : inputs(std::move(x)), targets(std::move(t)) {}
  Example get(std::size_t i) override {
    return {inputs[static_cast<int64_t>(i)], targets[static_cast<int64_t>(i)]};
  }
  torch::optional<std::size_t> size() const override {
    return static_cast<std::size_t>(inputs.size(0));
  }
};

}  // namespace

Works data_works() {
  return {{"8192 samples of 784, batch 64, shuffled", [](const Setup& setup) -> Work {
             auto dataset = InMemory(filled(setup.inputs[0], 0), filled(setup.inputs[1], 1))
                                .map(torch::data::transforms::Stack<>());
             auto loader = std::make_shared<
                 decltype(torch::data::make_data_loader<torch::data::samplers::RandomSampler>(
                     dataset, torch::data::DataLoaderOptions(64)))>(
                 torch::data::make_data_loader<torch::data::samplers::RandomSampler>(
                     dataset, torch::data::DataLoaderOptions(64)));
             auto labels = std::make_shared<double>(0);
             auto pixels = std::make_shared<double>(0);
             return {[loader, labels, pixels] {
                       *labels = *pixels = 0;
                       for (auto& batch : **loader) {
                         *pixels += batch.data.data_ptr<float>()[0];
                         *labels += static_cast<double>(batch.target.size(0));
                       }
                     },
                     [labels] { return Answer{Digest::of(*labels)}; }};
           }}};
}

}  // namespace bench
