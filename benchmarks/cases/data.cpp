// An epoch of batches from tensors in memory, shuffled.
#include <memory>

#include <xgrad/xgrad.hpp>

#include "../suite.hpp"

namespace bench {
namespace {

using xgrad::Tensor;

constexpr std::int64_t samples = 8192, pixels = 784, batch_size = 64;

// The order is each side's own; the sums over an epoch are not.
Made epoch() {
  const Setup setup{
      {{{samples, pixels}, 0, 1}, {{samples}, 0, 10, Input::Type::int64}}, false, {}, {}};
  struct State {
    xgrad::data::DataLoader<> loader;
    double images = 0, labels = 0;
  };
  auto s = std::make_shared<State>(State{xgrad::data::DataLoader(
      xgrad::data::TensorDataset(filled(setup.inputs[0], 0), filled(setup.inputs[1], 1)),
      {.batch_size = batch_size, .shuffle = true, .seed = 1})});
  return {{[s] {
             s->images = s->labels = 0;
             for (const auto& batch : s->loader) {
               s->images += batch.inputs.data<float>()[0];
               s->labels += static_cast<double>(batch.targets.size(0));
             }
           },
           [s] { return Answer{Digest::of(s->labels)}; }},
          setup};
}

}  // namespace

Cases data_cases() {
  Case c;
  c.group = "data loading";
  c.name = "8192 samples of 784, batch 64, shuffled";
  c.unit = "us/batch";
  c.per_call = 1e3 * static_cast<double>(samples / batch_size);
  c.make = epoch;
  c.seconds = 0.1;
  return {c};
}

}  // namespace bench
