#include <cstdlib>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "viz/run_folder.hpp"

using namespace xgrad;
using test::IoFolder;

namespace {

viz::GraphPicture picture() {
  nn::Sequential model(nn::Linear(4, 3), nn::ReLU());
  return viz::module_graph(model, zeros({2, 4}));
}

// PATH, until the end of the scope.
class SearchPath {
 public:
  explicit SearchPath(const std::string& path) { setenv("PATH", path.c_str(), 1); }
  ~SearchPath() { setenv("PATH", before_.c_str(), 1); }
  SearchPath(const SearchPath&) = delete;
  SearchPath& operator=(const SearchPath&) = delete;

 private:
  const std::string before_ = std::getenv("PATH");
};

}  // namespace

TEST_CASE("a run records pictures of graphs and models as SVG", "[viz][run]") {
  const IoFolder folder;
  viz::Run run(folder / "run", {.flush_every = 0});
  const Tensor w = tensor(2.0, {.requires_grad = true});
  const viz::GraphPicture loss = viz::graph(square(w), {.names = {{"w", w}}});
  run.graph("loss", loss);
  run.graph("model", picture());
  run.close();
  const auto graphs = test::data_in(test::content(run.report()))["runs"][0]["graphs"];
  REQUIRE(graphs.size() == 2);
  CHECK(graphs[0]["name"] == "loss");
  CHECK(graphs[0]["value"] == loss.svg());
  CHECK(graphs[1]["value"] == picture().svg());
}

TEST_CASE("a picture that cannot be drawn leaves the run as it was", "[viz][run]") {
  const IoFolder folder;
  viz::Run run(folder / "run", {.flush_every = 0});
  {
    const SearchPath nowhere(folder / "none");
    CHECK(test::throws<IoError>([&] { run.graph("model", picture()); },
                                {"'dot'", "sudo apt install graphviz", "run_graph.cpp"}));
  }
  CHECK(test::records(run.folder(), "graph").empty());
  CHECK(test::throws<ValueError>([&] { run.graph("", picture()); }, {"Run.graph", "name"}));
  run.graph("model", picture());
  run.close();
  CHECK(test::records(run.folder(), "graph").size() == 1);
  CHECK(test::throws<GraphError>([&] { run.graph("model", picture()); }, {"Run.graph", "closed"}));
}
