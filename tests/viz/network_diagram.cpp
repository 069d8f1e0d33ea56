#include <string>
#include <vector>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "viz/dot_file.hpp"

using namespace xgrad;
using test::DotFile;

namespace {

nn::Sequential xor_network() {
  manual_seed(3);
  return nn::Sequential(nn::Linear(2, 3), nn::Tanh(), nn::Linear(3, 1), nn::Sigmoid());
}

std::string colour_of(const std::string& dot, const std::string& arrow) {
  const std::size_t at = dot.find(arrow + " [color=\"");
  REQUIRE(at != std::string::npos);
  return dot.substr(at + arrow.size() + 9, 7);
}

}  // namespace

TEST_CASE("a network diagram has every unit and connection", "[viz][network_diagram]") {
  const nn::Sequential model = xor_network();
  const viz::GraphPicture picture = viz::network_diagram(model);
  const DotFile dot(picture.dot());
  CHECK(dot.arrows.size() == 2 * 3 + 3 * 1);
  for (const std::string unit : {"x1", "x2", "h1", "h2", "h3", "y1"}) CHECK(dot.count(unit) == 1);
  CHECK(dot.count("0: Linear, Tanh") == 1);
  CHECK(dot.count("2: Linear, Sigmoid") == 1);
  CHECK(dot.boxes.size() == 6 + 9 + 4 + 2);  // units, weights, biases, headings
  CHECK(picture.svg() == viz::network_diagram(model).svg());
  const std::string svg = picture.svg();
  CHECK(svg.find("<ellipse") != std::string::npos);
  CHECK(picture.mermaid().find("((\"<b>x1</b>\"))") != std::string::npos);
}

TEST_CASE("signs are colours, and sizes are widths", "[viz][network_diagram]") {
  const Tensor w = tensor({{1.0, -1.0}, {0.0, 0.5}});
  const std::string dot = viz::network_diagram({{.weight = w, .bias = tensor({-2.0, 0.0})}}).dot();
  CHECK(colour_of(dot, "n0 -> n2") == "#c62828");  // 1, the largest
  CHECK(colour_of(dot, "n1 -> n2") == "#1d4fb8");  // -1
  CHECK(dot.find("n0 -> n2 [color=\"#c62828\", dir=none, penwidth=4.00]") != std::string::npos);
  CHECK(dot.find(", dir=none, penwidth=2.30]") != std::string::npos);
  CHECK(dot.find(", dir=none, penwidth=0.60]") != std::string::npos);
  CHECK(dot.find("n2 [label=<<b>y1</b>>, tooltip=\"y1\", fillcolor=\"#5a7fcb\"") !=
        std::string::npos);  // the bias -2
  CHECK(dot.find("the largest weight is 1, of a bias 2") != std::string::npos);
  const std::string odd = viz::network_diagram({{.weight = tensor({{NAN, 0.0}})}}).dot();
  CHECK(colour_of(odd, "n0 -> n2") == "#000000");
  CHECK(viz::network_diagram({{.weight = zeros({1, 1})}}).dot().find("nan") == std::string::npos);
}

TEST_CASE("connections are coloured by gradient", "[viz][network_diagram]") {
  nn::Sequential model = xor_network();
  CHECK(test::throws<ValueError>(
      [&] { viz::network_diagram(model, {.color = viz::ColorBy::gradient}); },
      {"viz::network_diagram", "'0: Linear, Tanh'", "no gradient"}));
  model(ones({1, 2})).sum().backward();
  const DotFile dot(viz::network_diagram(model, {.color = viz::ColorBy::gradient}).dot());
  CHECK(dot.caption.find("the largest gradient of a weight") != std::string::npos);
  const Tensor w = ones({1, 2});
  const std::string given =
      viz::network_diagram({{.weight = w, .weight_gradient = tensor({{-3.0, 1.0}})}},
                           {.color = viz::ColorBy::gradient})
          .dot();
  CHECK(colour_of(given, "n0 -> n2") == "#1d4fb8");
}

TEST_CASE("larger networks are drawn without numbers", "[viz][network_diagram]") {
  const nn::Sequential model(nn::Linear(16, 20), nn::ReLU(), nn::Linear(20, 4));
  const DotFile dot(viz::network_diagram(model).dot());
  CHECK(dot.arrows.size() == 16 * 20 + 20 * 4);
  CHECK(dot.boxes.size() == 16 + 20 + 4 + 4 + 2);  // units, four biases, headings
}

TEST_CASE("what is no network of dense layers is refused by name", "[viz][network_diagram]") {
  const auto refuses = [](const nn::Module& model, std::initializer_list<std::string> parts) {
    return test::throws<ValueError>([&] { viz::network_diagram(model); }, parts);
  };
  CHECK(refuses(nn::Sequential(nn::Linear(2, 2), nn::Conv1d(2, 2, 1)),
                {"viz::network_diagram", "'1' is a Conv1d", "Linear"}));
  CHECK(refuses(nn::LSTM(2, 2), {"the model is a LSTM"}));
  CHECK(refuses(nn::ReLU(), {"ReLU", "no Linear"}));
  CHECK(refuses(nn::Linear(200, 2), {"'Linear'", "200 input units", "24", "max_units"}));
  struct Extra : nn::Layer<Extra> {
    nn::Linear inner = child("inner", nn::Linear(2, 2));
    Tensor scale = parameter("scale", ones({2}));
    Tensor forward(const Tensor& x) { return scale * inner(x); }
  };
  CHECK(refuses(Extra(), {"the model is a Extra", "besides its layers"}));
  const auto refuses_shapes = [](const std::vector<viz::DenseLayer>& layers,
                                 std::initializer_list<std::string> parts) {
    return test::throws<ShapeError>([&] { viz::network_diagram(layers); }, parts);
  };
  CHECK(refuses_shapes({{.weight = ones({2, 3})}, {.weight = ones({1, 3})}},
                       {"layer 1", "takes 3 units", "has 2"}));
  CHECK(refuses_shapes({{.weight = ones({3})}}, {"layer 0", "[3]", "matrix"}));
  CHECK(refuses_shapes({{.weight = ones({2, 2}), .bias = ones({3})}}, {"[3]", "[2]"}));
  CHECK(refuses_shapes({{}}, {"no weight"}));
  const auto refuses_gradient = [](const viz::DenseLayer& layer,
                                   std::initializer_list<std::string> parts) {
    return test::throws<ShapeError>(
        [&] { viz::network_diagram({layer}, {.color = viz::ColorBy::gradient}); }, parts);
  };
  const Tensor matrix = ones({2, 2});
  CHECK(refuses_gradient({.weight = matrix, .weight_gradient = ones({3})}, {"weight is [3]"}));
  CHECK(refuses_gradient(
      {.weight = matrix, .bias = ones({2}), .weight_gradient = matrix, .bias_gradient = ones({1})},
      {"bias is [1]", "[2]"}));
  CHECK(refuses_gradient({.weight = matrix, .weight_gradient = matrix, .bias_gradient = ones({2})},
                         {"undefined"}));
  CHECK(test::throws<ValueError>([] { viz::network_diagram(std::vector<viz::DenseLayer>{}); },
                                 {"no layer"}));
  CHECK(test::throws<ValueError>(
      [] {
        viz::network_diagram({{.weight = ones({1, 1})}}, {.digits = 0});
      },
      {"digits is 0"}));
}
