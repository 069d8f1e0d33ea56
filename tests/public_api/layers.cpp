// The code of docs/layers.md.
#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"

using namespace xgrad;

namespace {

struct Scaled : nn::Layer<Scaled> {
  explicit Scaled(std::int64_t features) : scale(parameter("scale", ones({features}))) {}
  Tensor forward(Operand x) const { return x.materialize() * scale; }
  std::string details() const override { return fmt::format("features={}", scale.numel()); }

  Tensor scale;
};

struct Block : nn::Layer<Block> {
  explicit Block(std::int64_t features)
      : scaled(child("scaled", Scaled(features))),
        linear(child("linear", nn::Linear(features, features))) {}
  Tensor forward(const Tensor& x, const Tensor& mask) { return x + linear(scaled(x)) * mask; }

  Scaled scaled;
  nn::Linear linear;
};

struct Transformer : nn::Layer<Transformer> {
  nn::ModuleList<Block> blocks = child("blocks", nn::ModuleList<Block>(6, [] { return Block(8); }));
  Tensor forward(Tensor x, const Tensor& mask) {
    for (Block& block : blocks) x = block(x, mask);
    return x;
  }
};

}  // namespace

TEST_CASE("the page of layers", "[layers]") {
  nn::Conv2d conv(1, 16, 3, {.stride = 2, .padding = 1, .bias = false});
  nn::BatchNorm2d norm(16, {.momentum = 0.05, .dtype = float64});
  Tensor y = conv(ones({2, 1, 8, 8}));
  CHECK(norm(y.to(float64)).shape() == Shape{2, 16, 4, 4});
  CHECK(to_string(Scaled(3)) == "Scaled(features=3)");
  Transformer model;
  CHECK(model.parameters().size() == 18);
  CHECK(model(ones({2, 8}), zeros({8})).shape() == Shape{2, 8});
  CHECK(allclose(model(ones({2, 8}), zeros({8})), ones({2, 8})));
}
