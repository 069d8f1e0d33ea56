#include <string>
#include <vector>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "viz/dot_file.hpp"

using namespace xgrad;
using test::DotFile;
using Texts = std::vector<std::string>;

namespace {

struct Residual : nn::Layer<Residual> {
  nn::Linear first = child("first", nn::Linear(4, 4));
  nn::Dropout drop = child("drop", nn::Dropout(0.5));
  nn::Linear second = child("second", nn::Linear(4, 4, {.bias = false}));
  Tensor forward(const Tensor& x) { return x + second(drop(relu(first(x)))); }
};

Texts labels(const DotFile& dot) {
  Texts all;
  for (const DotFile::Arrow& arrow : dot.arrows) {
    REQUIRE(arrow.label.size() == 1);
    all.push_back(arrow.label[0]);
  }
  return all;
}

}  // namespace

TEST_CASE("a module graph has a box for each layer, with shapes between them",
          "[viz][module_graph]") {
  nn::Sequential model(nn::Linear(4, 8), nn::ReLU(), nn::Linear(8, 2));
  const DotFile dot(viz::module_graph(model, zeros({3, 4})).dot());
  CHECK(dot.titles() == Texts{"0: Linear", "1: ReLU", "2: Linear", "input", "output"});
  CHECK(dot.values() == Texts{"0: Linear -> 1: ReLU", "1: ReLU -> 2: Linear", "2: Linear -> output",
                              "input -> 0: Linear"});
  CHECK(labels(dot) == Texts{"[3, 4]", "[3, 8]", "[3, 8]", "[3, 2]"});
  CHECK(dot.has("0: Linear", "40 parameters"));
  CHECK(dot.has("1: ReLU", "1: ReLU"));
  CHECK(dot.at("1: ReLU").lines.size() == 1);
  CHECK(dot.has("output", "[3, 2]"));
  CHECK(dot.caption == "Sequential: 58 parameters");
}

TEST_CASE("arrows lead through ops, residuals and identities", "[viz][module_graph]") {
  Residual model;
  const DotFile dot(viz::module_graph(model, zeros({3, 4})).dot());
  CHECK(dot.values() == Texts{"drop: Dropout -> second: Linear", "first: Linear -> drop: Dropout",
                              "input -> first: Linear", "input -> output",
                              "second: Linear -> output"});
}

TEST_CASE("modes, gradients and parameters are as before, also after an error",
          "[viz][module_graph]") {
  Residual model;
  model.drop.eval();
  model.first.requires_grad_(false);
  viz::module_graph(model, zeros({3, 4}));
  CHECK_THROWS(viz::module_graph(model, zeros({3, 5})));
  CHECK(model.is_training());
  CHECK(!model.drop.is_training());
  CHECK(model.second.is_training());
  CHECK(!model.first.weight.requires_grad());
  CHECK(model.second.weight.requires_grad());
  CHECK(!model.second.weight.grad().defined());
  const NoGrad guard;  // neither does the caller's mode matter
  CHECK(DotFile(viz::module_graph(model, zeros({3, 4})).dot()).arrows.size() == 5);
}

TEST_CASE("layers in a row are folded, and frames count parameters", "[viz][module_graph]") {
  nn::TransformerEncoderLayer layer(8, 2, {.dim_feedforward = 16, .batch_first = true});
  nn::TransformerEncoder model(layer, 6);
  const viz::GraphPicture picture = viz::module_graph(model, zeros({2, 5, 8}));
  const DotFile dot(picture.dot());
  CHECK(dot.cluster_titles() == Texts{"layers.0 … layers.5: TransformerEncoderLayer × 6"});
  CHECK(dot.clusters.begin()->second.note == "600 parameters each");
  CHECK(dot.count("self_attn: MultiheadAttention") == 1);
  CHECK(dot.has("self_attn: MultiheadAttention", "288 parameters"));
  CHECK(dot.boxes.size() == 10);
  const DotFile whole(viz::module_graph(model, zeros({2, 5, 8}), {.fold = 0}).dot());
  CHECK(whole.boxes.size() == 6 * 8 + 2);
  const DotFile shallow(viz::module_graph(model, zeros({2, 5, 8}), {.fold = 0, .depth = 1}).dot());
  CHECK(shallow.boxes.size() == 6 + 2);
  CHECK(shallow.has("layers.3: TransformerEncoderLayer", "600 parameters"));
}

TEST_CASE("integers, several inputs and shapes are inputs; calls can repeat",
          "[viz][module_graph]") {
  struct Two : nn::Layer<Two> {
    nn::Embedding table = child("table", nn::Embedding(5, 4));
    nn::Linear layer = child("layer", nn::Linear(4, 4));
    Tensor forward(const Tensor& i, const Tensor& x) { return layer(layer(table(i)) + x); }
  } model;
  const DotFile dot(
      viz::module_graph(model, {zeros({2, 3}, {.dtype = int64}), {4}}, {.fold = 0}).dot());
  CHECK(dot.has("input 0", "[2, 3]"));
  CHECK(dot.count("layer: Linear") == 2);
  CHECK(dot.values() == Texts{"input 0 -> table: Embedding", "input 1 -> layer: Linear",
                              "layer: Linear -> layer: Linear", "layer: Linear -> output",
                              "table: Embedding -> layer: Linear"});
  std::size_t again = 0;
  for (const auto& [name, box] : dot.boxes) again += box.lines.back() == "called again";
  CHECK(again == 1);
}

TEST_CASE("a module graph refuses what it cannot call", "[viz][module_graph]") {
  nn::Linear model(2, 2);
  CHECK(test::throws<ValueError>(
      [&] {
        viz::module_graph(model, {{1, 2}, {1, 2}});
      },
      {"viz::module_graph", "2 tensors"}));
  CHECK(test::throws<ValueError>(
      [&] {
        viz::module_graph(model, ones({1, 2}), {.fold = -1});
      },
      {"viz::module_graph", "fold is -1"}));
  CHECK(test::throws<ShapeError>([&] { viz::module_graph(model, ones({1, 3})); }, {"linear"}));
  const DotFile dot(viz::module_graph(model, ones({1, 2})).dot());
  CHECK(dot.titles() == Texts{"Linear", "input", "output"});
}
