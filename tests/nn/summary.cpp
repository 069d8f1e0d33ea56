#include <sstream>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

TEST_CASE("a summary names layers, shapes, parameters and costs", "[nn][summary]") {
  struct Net : nn::Layer<Net> {
    nn::Sequential body = child("body", nn::Sequential(nn::Linear(10, 200), nn::ReLU()));
    nn::Linear head = child("head", nn::Linear(200, 3, {.bias = false}));
    Tensor forward(const Tensor& x) { return head(body(x)); }
  } net;
  net.head.requires_grad_(false);
  const nn::ModelSummary s = nn::summary(net, {{8, 10}});
  CHECK(s.layers.size() == 5);
  CHECK(s.parameters == 10 * 200 + 200 + 600);
  CHECK(s.trainable_parameters == 2200);
  CHECK(s.parameter_bytes == 4 * 2800);
  CHECK(s.multiply_adds == 8 * (10 * 200 + 200 * 3));
  CHECK(s.activation_bytes == 4 * 8 * (200 + 200 + 3));
  CHECK(s.layers[2].name == "body.0");
  CHECK(s.layers[2].outputs[0] == Shape{8, 200});
  CHECK(to_string(s) ==
        "layer               output shape  parameters  multiply-adds\n"
        "Net                 [8, 3]\n"
        "  body: Sequential  [8, 200]\n"
        "    0: Linear       [8, 200]           2,200         16,000\n"
        "    1: ReLU         [8, 200]\n"
        "  head: Linear      [8, 3]               600          4,800\n"
        "parameters: 2,800 (2,200 trainable), 10.9 KiB\n"
        "buffers: 0 B\n"
        "multiply-adds: 20,800\n"
        "activations: 12.6 KiB");
  CHECK(net.is_training());
  CHECK(net.body.is_training());
  std::ostringstream out;
  out << s;
  CHECK(out.str() == to_string(s));
}

TEST_CASE("a summary takes tensors, several inputs, and modules that are called twice",
          "[nn][summary]") {
  struct Twice : nn::Layer<Twice> {
    nn::Embedding table = child("table", nn::Embedding(5, 4));
    nn::Linear layer = child("layer", nn::Linear(4, 4));
    nn::Dropout drop = child("drop", nn::Dropout(0.9));
    Tensor forward(const Tensor& i, const Tensor& x) { return drop(layer(layer(table(i))) + x); }
  } net;
  net.layer.eval();
  const nn::ModelSummary s = nn::summary(net, {zeros({2, 3}, {.dtype = int64}), ones({4})});
  CHECK(s.layers.size() == 5);
  CHECK(s.multiply_adds == 2 * 2 * 3 * 16);
  CHECK(s.parameters == 20 + 16 + 4);
  CHECK(!net.layer.is_training());
  CHECK(net.drop.is_training());
  CHECK(test::throws<ValueError>([&] { nn::summary(net, {{1}}); }, {"summary", "1 tensors"}));
  const nn::Tanh tanh;
  CHECK(nn::summary(tanh, {{2}}).parameters == 0);
}

TEST_CASE("a summary reports the modules in lists, which are not called themselves",
          "[nn][summary]") {
  struct Net : nn::Layer<Net> {
    nn::ModuleList<nn::Linear> layers =
        child("layers", nn::ModuleList<nn::Linear>(3, [] { return nn::Linear(2, 2); }));
    Tensor forward(Tensor x) {
      for (nn::Linear& layer : layers) x = layer(x);
      return x;
    }
  } net;
  CHECK(net.is_layer());
  CHECK(!net.layers.is_layer());
  const nn::ModelSummary s = nn::summary(net, {{1, 2}});
  REQUIRE(s.layers.size() == 4);
  CHECK(s.layers[3].name == "layers.2");
}
