// Undefined tensors, such as the .grad of a leaf that no sweep has reached, options out of range,
// and objects that were moved from: errors that name the function and the line.
#include <functional>
#include <utility>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "viz/run_folder.hpp"

using namespace xgrad;
using test::IoFolder;

namespace {

const Tensor none;

test::Verdict refused(const std::function<void()>& call, const std::string& function) {
  return test::throws<GraphError>(call, {function + ": ", "undefined", "bad_input.cpp:"});
}

}  // namespace

TEST_CASE("plots refuse undefined tensors", "[viz][undefined]") {
  viz::Figure figure;
  viz::Axes& axes = figure.axes();
  CHECK(refused([&] { axes.plot(none); }, "Numbers"));
  CHECK(refused([&] { axes.scatter({1}, none); }, "Numbers"));
  CHECK(refused([&] { axes.imshow(none); }, "Axes::imshow"));
  CHECK(refused([&] { axes.heatmap(none); }, "Axes::heatmap"));
  CHECK(refused([&] { axes.contour({0, 1}, {0, 1}, none); }, "Axes::contour"));
  CHECK(refused([&] { axes.contourf({0, 1}, {0, 1}, none); }, "Axes::contourf"));
  CHECK(refused([&] { viz::loss_curve({{"loss", none}}); }, "Numbers"));
  CHECK(refused([&] { viz::weight_images(none, {2, 2}); }, "weight_images"));
  CHECK(refused([&] { viz::confusion_matrix(none); }, "confusion_matrix"));
}

TEST_CASE("pictures of models refuse undefined tensors", "[viz][undefined]") {
  nn::Sequential model(nn::Linear(2, 2));
  const data::Batch good{ones({3, 2}), zeros({3})};
  const auto nothing = [](const Tensor&) { return Tensor(); };
  const auto same = [](const Tensor& x) { return x; };
  CHECK(refused([&] { viz::decision_boundary(nothing, good); }, "decision_boundary"));
  CHECK(refused([&] { viz::decision_boundary(same, {none, zeros({3})}); }, "decision_boundary"));
  CHECK(refused([&] { viz::decision_boundary(same, {ones({3, 2}), none}); }, "decision_boundary"));
  CHECK(refused([&] { viz::landscape(model, [] { return Tensor(); }); }, "landscape"));
  CHECK(refused([&] { viz::activation_histograms(model, none); }, "activation_histograms"));
  CHECK(refused([&] { viz::module_graph(model, none); }, "viz::module_graph"));
  CHECK(refused([&] { viz::module_graph(model, {ones({1, 2}), none}); }, "viz::module_graph"));
  CHECK(refused([&] { nn::summary(model, {none}); }, "summary"));
  CHECK(refused([&] { viz::graph(none); }, "viz::graph"));
  CHECK(refused([&] { viz::graph(model, [] { return Tensor(); }); }, "viz::graph"));
  CHECK(refused([&] { explain(none); }, "explain"));
  CHECK(test::throws<ShapeError>([&] { viz::network_diagram({{.weight = none}}); },
                                 {"viz::network_diagram", "no weight", "bad_input.cpp:"}));
  for (const Tensor& p : model.parameters()) CHECK(p.requires_grad());
  CHECK(model.is_training());
}

TEST_CASE("a run refuses undefined tensors and records nothing", "[viz][undefined][run]") {
  const IoFolder folder;
  viz::Run run(folder / "run", {.flush_every = 0});
  CHECK(refused([&] { run.scalar("a", 0, none); }, "Run.scalar"));
  CHECK(refused([&] { run.histogram("a", 0, none); }, "Run.histogram"));
  CHECK(refused([&] { run.image("a", 0, none); }, "Run.image"));
  run.close();
  for (const char* const kind : {"scalar", "histogram", "image"})
    CHECK(test::records(run.folder(), kind).empty());
}

TEST_CASE("a run that was moved from says so", "[viz][run]") {
  const IoFolder folder;
  viz::Run first(folder / "run", {.flush_every = 0});
  const viz::Run run = std::move(first);
  const auto refuses = [](const std::function<void()>& call, const std::string& member) {
    return test::throws<GraphError>(call, {member + ": ", "moved from", "bad_input.cpp:"});
  };
  CHECK(refuses([&] { first.folder(); }, "Run.folder"));
  CHECK(refuses([&] { first.report(); }, "Run.report"));
  CHECK(refuses([&] { first.scalar("a", 0, 1.0); }, "Run.scalar"));
  CHECK(refuses([&] { first.graph("a", "<svg/>"); }, "Run.graph"));
  CHECK(refuses([&] { first.flush(); }, "Run.flush"));
  CHECK_NOTHROW(first.close());
  CHECK(run.folder() == folder / "run");
}

TEST_CASE("pictures that were moved from still draw", "[viz]") {
  viz::Figure figure;
  figure.axes().plot({1, 2});
  const viz::Figure moved = std::move(figure);
  CHECK(figure.script() == moved.script());
  viz::GraphPicture graph = viz::graph(square(tensor(2.0, {.requires_grad = true})));
  const viz::GraphPicture other = std::move(graph);
  CHECK(graph.dot() == other.dot());
}

TEST_CASE("options are checked before the model is called", "[viz]") {
  struct Counting : nn::Layer<Counting> {
    int calls = 0;
    Tensor forward(const Tensor& x) {
      ++calls;
      return x;
    }
  } model;
  const Tensor x = ones({2});
  const auto refuses = [&](const viz::ActivationHistogramsOptions& options, const char* name) {
    return test::throws<ValueError>([&] { viz::activation_histograms(model, x, options); },
                                    {"activation_histograms: ", name, "bad_input.cpp:"});
  };
  CHECK(refuses({.bins = 0}, "bins"));
  CHECK(refuses({.columns = 0}, "columns"));
  CHECK(refuses({.columns = 65}, "columns"));
  CHECK(refuses({.max_layers = 0}, "max_layers"));
  CHECK(test::throws<ValueError>([&] { viz::module_graph(model, x, {.fold = -1}); },
                                 {"viz::module_graph: fold", "bad_input.cpp:"}));
  CHECK(
      test::throws<ValueError>([&] { viz::graph(model, [&] { return model(x); }, {.digits = 0}); },
                               {"viz::graph: digits", "bad_input.cpp:"}));
  CHECK(model.calls == 0);
  viz::activation_histograms(model, x);
  CHECK(model.calls == 1);
}
