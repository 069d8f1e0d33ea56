// Every picture of the docs but screenshots: it is drawn, shows what it should, and is the same the
// second time, and a page shows it.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "viz/pictures.hpp"
#include "viz/run_folder.hpp"

using namespace xgrad::test;

namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Whether scripts/pictures succeeds.
bool script(const std::string& option, const std::filesystem::path& folder) {
  const std::string command = "XGRAD_EXAMPLES='" + variable("XGRAD_TEST_EXAMPLES") + "' '" +
                              variable("XGRAD_TEST_SCRIPT") + "' " + option + " '" +
                              folder.string() + "' > /dev/null 2>&1";
  return std::system(command.c_str()) == 0;
}

// What scripts/pictures draws, by the name of the file.
std::map<std::string, std::string> drawn(const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  REQUIRE(script("--no-screenshots", folder));
  std::map<std::string, std::string> files;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    files[file.path().filename().string()] = content(file.path());
  return files;
}

struct Vector {
  const char* name;
  std::vector<std::string> texts;  // that the picture shows
  int curves;                      // plots of gnuplot, or connections of Graphviz, at least
};
const Vector vectors[] = {
    {"quadratic.svg", {"tangent, slope 7", "(2, 11)", "x", "y"}, 3},
    {"chain_rule_trip.svg", {"tangent, slope 1", "(60, 60)", "speed (mph)", "cost (dollars)"}, 3},
    {"gradient_descent_loss.svg", {"The loss (w - 3)²", "zero", "minimum", "gradient"}, 4},
    {"gradient_descent_walks.svg",
     {"lr = 0.01, 20 steps", "lr = 0.3, 20 steps", "lr = 1.5, 4 steps", "start", "end", "minimum"},
     15},
    {"worked_example_sigmoid.svg", {"sigmoid(x)", "its slope, at most 1/4"}, 2},
    {"sigmoid_network_loss.svg", {"epoch", "loss"}, 1},
    {"xor_loss.svg", {"step", "loss", "10-1"}, 1},
    {"xor_starts.svg", {"weights times 0.1, lr 0.5", "the saddle, 1/4"}, 4},
    {"xor_learning_rates.svg",
     {"lr = 0.01, final loss 0.2503", "lr = 0.1, final loss 0.2499", "lr = 0.5, final loss 0.0228",
      "lr = 2, final loss 0.0005"},
     4},
    {"gradient_check.svg", {"eps", "relative difference", "10-14"}, 2},
    {"vanishing_gradients_slopes.svg", {"sigmoid: at most 1/4", "relu: 0 or 1", "10"}, 3},
    {"vanishing_gradients_layers.svg",
     {"sigmoid", "relu, He init", "Glorot init x 4", "skip connections", "batch norm"},
     5},
    {"initialisation_activations.svg",
     {"zero start", "small start", "Xavier start", "He start"},
     12},
    {"initialisation_losses.svg", {"zero: all 0", "small", "Xavier", "He"}, 8},
    {"exploding_gradients.svg", {"without clipping", "clipped to norm 1"}, 4},
    {"dead_relu.svg", {"relu", "leaky_relu", "live units"}, 4},
    {"mnist_epochs.svg", {"training", "validation", "cross entropy (nats)", "correct (%)"}, 4},
    {"mnist_gradients.svg", {"hidden.weight", "output.weight", "mean", "largest"}, 2},
};
const Vector graphs[] = {
    {"chain_rule_graph.svg", {"square", "mul"}, 3},
    {"worked_example_graph.svg", {"sigmoid"}, 10},
    {"sigmoid_network_graph.svg", {"sigmoid"}, 6},
    {"xor_network.svg", {}, 9},
    {"graph_chain_rule.svg", {"y = tanh"}, 6},
    {"graph_worked_example.svg", {"prediction = sigmoid"}, 20},
    {"graph_lenet.svg", {"61,706 parameters"}, 12},
    {"graph_transformer.svg", {"TransformerEncoderLayer × 6"}, 8},
    {"graph_long_loop.svg", {"mul × 100,000", "sin × 100,000"}, 2},
    {"graph_network_weights.svg", {"blue is negative"}, 9},
    {"graph_network_gradients.svg", {"gradient of a weight"}, 9},
    {"graph_gpt.svg", {"Block × 4"}, 20},
    {"rooms.svg", {"kernels"}, 5},
};

struct Pixels {
  const char* name;
  unsigned width, height;
  std::size_t colors;
};
const Pixels pixels[] = {
    {"xor_boundary.png", 840, 630, 30},    {"boundaries.png", 1350, 480, 30},
    {"momentum.png", 1350, 930, 30},       {"mnist_weights.png", 1710, 585, 200},
    {"mnist_confusion.png", 900, 810, 50}, {"mnist_mistakes.png", 1350, 540, 100},
};

// All of docs, and CONTRIBUTING.md.
std::string all_pages() {
  const std::filesystem::path docs = XGRAD_TEST_DOCS;
  std::string pages = content(docs.parent_path() / "CONTRIBUTING.md");
  for (const auto& file : std::filesystem::directory_iterator(docs))
    if (file.path().extension() == ".md") pages += content(file.path());
  return pages;
}

bool shows(const std::string& svg, const std::string& wanted) {
  for (const std::string& text : texts_of(svg))
    if (text.find(wanted) != std::string::npos) return true;
  return false;
}

// A picture whose elements all lie within it, and whose text does not run out of it.
void check_vector(const std::string& svg, const Vector& expected, const char* element) {
  INFO(expected.name);
  CHECK(svg.find("</svg>") != std::string::npos);
  for (const std::string& text : expected.texts) {
    INFO(text);
    CHECK(shows(svg, text));
  }
  CHECK(count_of(svg, element) >= expected.curves);
  CHECK(svg.find("NaN") == std::string::npos);
}

}  // namespace

TEST_CASE("all pictures of the docs are drawn, show what they should, and are the same again",
          "[pictures][all]") {
  SKIP_WITHOUT_GNUPLOT
  SKIP_WITHOUT_GRAPHVIZ
  const PictureFolder folder;
  const auto files = drawn(folder.at("once"));
  for (const Vector& v : vectors) {
    REQUIRE(files.count(v.name) == 1);
    check_vector(files.at(v.name), v, "<title>");
  }
  for (const Vector& v : graphs) {
    REQUIRE(files.count(v.name) == 1);
    check_vector(files.at(v.name), v, "<path");
  }
  for (const Pixels& p : pixels) {
    INFO(p.name);
    REQUIRE(files.count(p.name) == 1);
    const Png png = read_png(files.at(p.name));
    CHECK(png.width == p.width);
    CHECK(png.height == p.height);
    CHECK(png.colors().size() >= p.colors);
  }
  CHECK(frames_of_gif(files.at("boundaries.gif")) == 41);
  CHECK(frames_of_gif(files.at("momentum.gif")) == 41);

  const std::string pages = all_pages();
  for (const auto& [name, bytes] : files) {
    INFO(name);
    CHECK(pages.find("pictures/" + name + ")") != std::string::npos);
  }
  CHECK(script("--check", folder.at("once")));  // draws all again
  std::ofstream(folder.at("once/quadratic.svg"), std::ios::app) << " ";
  CHECK(!script("--check", folder.at("once")));
}

TEST_CASE("the report of the mnist example has the graph of its network", "[pictures][report]") {
  SKIP_WITHOUT_GRAPHVIZ
  const PictureFolder folder;
  const std::string command = "'" + variable("XGRAD_TEST_EXAMPLES") + "/xgrad_mnist' --data '" +
                              XGRAD_TEST_DATA + "' --epochs 1 --report '" + folder.at("run") +
                              "' > /dev/null";
  REQUIRE(std::system(command.c_str()) == 0);
  const std::vector<nlohmann::json> graphs = records(folder.at("run"), "graph");
  REQUIRE(graphs.size() == 1);
  CHECK(graphs[0]["name"] == "model");
  CHECK(shows(graphs[0]["svg"].get<std::string>(), "hidden: Linear"));
}

TEST_CASE("an example says how it is called, and what is missing", "[pictures][calls]") {
  const std::string quadratic = "'" + variable("XGRAD_TEST_EXAMPLES") + "/xgrad_quadratic' ";
  CHECK(std::system((quadratic + "--pictures > /dev/null 2>&1").c_str()) != 0);
  CHECK(std::system((quadratic + "--picture x > /dev/null 2>&1").c_str()) != 0);
  const PictureFolder folder;
  const std::string output = folder.at("said");
  CHECK(std::system(("PATH=/nowhere " + quadratic + "--pictures " + folder.at("none") +
                     " > /dev/null 2> " + output)
                        .c_str()) != 0);
  CHECK(content(output).find("gnuplot-nox") != std::string::npos);
}
