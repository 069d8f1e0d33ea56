// A model that is built while the default dtype is float64.
#include <xgrad/graph/default_dtype.hpp>
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"

using namespace xgrad;

namespace {

struct Default {
  explicit Default(DType dtype) { set_default_dtype(dtype); }
  ~Default() { set_default_dtype(float32); }
};

struct Model : nn::Layer<Model> {
  nn::Linear linear = child("linear", nn::Linear(3, 4));
  nn::BatchNorm1d norm = child("norm", nn::BatchNorm1d(4));
  nn::LSTM lstm = child("lstm", nn::LSTM(4, 2, {.batch_first = true}));
  Tensor forward(const Tensor& x) { return lstm(norm(linear(x)).unsqueeze(1)).output; }
};

}  // namespace

TEST_CASE("all of a model has the default dtype", "[nn][default_dtype]") {
  const Default guard(float64);
  Model model;
  for (const NamedTensor& p : model.named_parameters()) CHECK(p.tensor.dtype() == float64);
  CHECK(model.norm.running_mean.dtype() == float64);
  optim::Adam optimizer(model.parameters(), 0.01);
  const Tensor y = model(randn(5, 3));
  CHECK(y.dtype() == float64);
  y.square().sum().backward();
  optimizer.step();
  CHECK(model.linear.weight.grad().dtype() == float64);
  CHECK(optimizer.state(model.linear.weight, "exp_avg").dtype() == float64);
  CHECK(data::make_moons(10).inputs.dtype() == float64);
}
