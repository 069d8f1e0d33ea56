// The code of docs/graphs.md.
#include <filesystem>

#include <unistd.h>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "viz/dot_file.hpp"

using namespace xgrad;
using test::DotFile;

namespace {

struct Text : nn::Layer<Text> {
  nn::Embedding tokens = child("tokens", nn::Embedding(5, 4));
  nn::Linear head = child("head", nn::Linear(4, 5));
  Tensor forward(const Tensor& x) { return head(tokens(x)); }
};

}  // namespace

TEST_CASE("the code of the page on graphs runs", "[viz][guide]") {
  {
    const KeepValues guard;
    Tensor a = tensor(2.0), b = tensor(-3.0), c = tensor(10.0);
    for (Tensor* const t : {&a, &b, &c}) t->requires_grad_();
    const Tensor y = tanh((a * b + c) / 4);
    const DotFile dot(viz::graph(y, {.names = {{"a", a}, {"b", b}, {"c", c}, {"y", y}},
                                     .backward = true,
                                     .left_to_right = true})
                          .dot());
    CHECK(dot.has("y = tanh", "0.7616"));
    CHECK(dot.has("a", "7. gradient -0.315"));
  }
  {
    Text model;
    const Tensor x = zeros({2, 3}, {.dtype = int64}), y = zeros({2, 3}, {.dtype = int64});
    const DotFile dot(viz::graph(model,
                                 [&] { return cross_entropy(model(x).flatten(0, 1), y.flatten()); },
                                 {.values = false, .whole_layers = true, .depth = 3})
                          .dot());
    CHECK(dot.count("head: Linear") == 1);
    const viz::ModuleCalls calls(model);
    const Tensor loss = cross_entropy(model(x).flatten(0, 1), y.flatten());
    CHECK(DotFile(viz::graph(loss, {.calls = &calls}).dot()).clusters.size() == 3);
  }
  {
    nn::TransformerEncoder encoder(nn::TransformerEncoderLayer(64, 4, {.batch_first = true}), 6);
    CHECK(DotFile(viz::module_graph(encoder, {{8, 20, 64}}).dot()).clusters.size() == 1);
  }
  {
    nn::Sequential model(nn::Linear(2, 3), nn::Tanh(), nn::Linear(3, 1), nn::Sigmoid());
    mse_loss(model(ones({4, 2})), zeros({4, 1})).backward();
    CHECK(DotFile(viz::network_diagram(model).dot()).arrows.size() == 9);
    CHECK(DotFile(viz::network_diagram(model, {.color = viz::ColorBy::gradient}).dot())
              .arrows.size() == 9);
    const Tensor w1 = ones({2, 3}), b1 = ones({3}), w2 = ones({3, 1}), b2 = ones({1});
    CHECK(DotFile(
              viz::network_diagram({{.weight = w1.t(), .bias = b1}, {.weight = w2.t(), .bias = b2}})
                  .dot())
              .arrows.size() == 9);
  }
}
