// The code of docs/graphs.md, as it stands there.
#include <map>

#include <xgrad/io/file.hpp>
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "viz/pictures.hpp"

using namespace xgrad;
using test::count_of;

namespace {

struct Text : nn::Layer<Text> {
  nn::Embedding tokens = child("tokens", nn::Embedding(5, 4));
  nn::Linear head = child("head", nn::Linear(4, 5));
  Tensor forward(const Tensor& x) { return head(tokens(x)); }
};

void run_page() {
  Text gpt;
  const Tensor text = zeros({2, 3}, {.dtype = int64}), next = zeros({2, 3}, {.dtype = int64});
  nn::Sequential model(nn::Flatten(), nn::Linear(784, 10));
  const Tensor images = zeros({2, 1, 28, 28}), labels = zeros({2}, {.dtype = int64});
  nn::Sequential lenet(nn::Conv2d(1, 6, 5), nn::ReLU());
  nn::TransformerEncoder encoder(nn::TransformerEncoderLayer(64, 4, {.batch_first = true}), 6);
  nn::Sequential network(nn::Linear(2, 3), nn::Tanh(), nn::Linear(3, 1), nn::Sigmoid());
  const Tensor points = ones({4, 2}), targets = zeros({4, 1});
  const Tensor w1 = ones({2, 3}), b1 = ones({3}), w2 = ones({3, 1}), b2 = ones({1});
#include "graphs_page.hpp"
}

void run_table() {
  const viz::GraphPicture picture = viz::graph(square(tensor(2.0, {.requires_grad = true})));
  const double dpi = 72;
#include "graphs_table.hpp"
}

// The files that the code writes, by name.
std::map<std::string, std::string> written(void (*code)()) {
  const test::PictureFolder folder;
  {
    const test::CurrentFolder there(folder.at(""));
    code();
  }
  std::map<std::string, std::string> files;
  for (const std::string& name : folder.files()) files[name] = io::read_file(folder.at(name));
  return files;
}

bool shows(const std::string& svg, const std::string& text) {
  return test::texts_of(svg).count(text) > 0;
}

}  // namespace

TEST_CASE("the code of the page on graphs runs, and draws what the page shows", "[viz][guide]") {
  auto files = written(run_page);
  CHECK(files.size() == 8);
  CHECK(shows(files["chain_rule.svg"], "y = tanh"));
  CHECK(shows(files["chain_rule.svg"], "0.7616"));
  CHECK(files["chain_rule.svg"].find("7. gradient &#45;0.315") != std::string::npos);
  CHECK(shows(files["gpt.svg"], "head: Linear"));
  CHECK(count_of(files["step.svg"], "class=\"cluster\"") == 2);
  CHECK(shows(files["lenet.svg"], "[1, 6, 24, 24]"));
  CHECK(count_of(files["encoder.svg"], "class=\"cluster\"") == 1);
  for (const char* const network : {"weights.svg", "gradients.svg", "tensors.svg"})
    CHECK(count_of(files[network], "class=\"edge\"") == 9);
}

TEST_CASE("the calls in the table of the page on graphs run", "[viz][guide]") {
  CHECK(written(run_table).count("a.svg") == 1);
}
