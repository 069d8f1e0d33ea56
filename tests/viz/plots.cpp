// Ready-made pictures: what they show of a model, and what they refuse.
#include <cmath>
#include <limits>

#include <xgrad/xgrad.hpp>

#include "support/compare.hpp"
#include "viz/pictures.hpp"

using namespace xgrad;
using namespace xgrad::test;

namespace {

struct Mlp : nn::Layer<Mlp> {
  nn::Linear first = child("first", nn::Linear(2, 4));
  nn::ReLU relu = child("relu", nn::ReLU());
  nn::Linear second = child("second", nn::Linear(4, 1));
  Tensor forward(const Tensor& x) { return second(relu(first(x))); }
};

bool same_state(const StateDict& a, const StateDict& b) {
  for (const auto& [name, value] : a)
    if (!all_close(a.get<Tensor>(name), b.get<Tensor>(name), 0)) return false;
  return a.size() == b.size();
}

bool has(const viz::Figure& figure, const std::string& part) {
  return figure.script().find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("plot_grad_flow shows the mean and the largest of each gradient", "[viz][plots]") {
  Mlp model;
  CHECK_THROWS_AS(viz::plot_grad_flow(model), GraphError);
  CHECK_THROWS_WITH(viz::plot_grad_flow(model), ContainsSubstring("backward"));
  model.first.weight.set_grad(tensor({{1., -3.}, {0., 0.}, {0., 0.}, {0., 0.}}));
  model.first.bias.set_grad(full({4}, 7.0));
  const viz::Figure figure = viz::plot_grad_flow(model);
  CHECK(has(figure, "\n0 3 0.8"));    // the largest
  CHECK(has(figure, "\n0 0.5 0.8"));  // the mean
  CHECK(has(figure, "'first.weight' 0"));
  CHECK(has(figure, "'second.weight' 1"));
  CHECK(!has(figure, "bias"));
  CHECK(has(viz::plot_grad_flow(model, {.biases = true}), "\n1 7 0.8"));
  const double infinity = std::numeric_limits<double>::infinity();
  model.second.weight.set_grad(tensor({{infinity, 2., 2., 2.}}));
  CHECK(has(viz::plot_grad_flow(model), "'second.weight (not finite)' 1"));
  CHECK(has(viz::plot_grad_flow(model), "\n1 2 0.8"));
}

TEST_CASE("plot_grad_flow draws zero gradients, and models of many layers", "[viz][plots]") {
  Mlp model;
  for (Tensor p : model.parameters()) p.set_grad(zeros(p.shape()));
  const viz::Figure figure = viz::plot_grad_flow(model);
  if (has_gnuplot()) CHECK(figure.svg().find("</svg>") != std::string::npos);
  nn::Sequential deep;
  for (int i = 0; i < 200; ++i) deep.append(nn::Linear(1, 1));
  deep(ones({1, 1})).sum().backward();
  CHECK(count_of(viz::plot_grad_flow(deep).script(), ".weight'") == 60);
  CHECK(count_of(viz::plot_grad_flow(deep, {.max_bars = 7}).script(), ".weight'") == 7);
}

TEST_CASE("weight_images puts each unit's weights where its image is", "[viz][plots]") {
  const Tensor weight = tensor({{1., 2., 3., 4., 5., 6.}, {-1., -2., -3., -4., -5., -6.}});
  const viz::Figure figure = viz::weight_images(weight, {2, 3});
  // columns 0 to 2 are the first unit's, 3 is a gap, 4 to 6 the second's
  for (const char* pixel : {"\n0 0 1\n", "\n2 0 3\n", "\n3 0 NaN\n", "\n4 0 -1\n", "\n6 1 -6\n"})
    CHECK(has(figure, pixel));
  CHECK(has(viz::weight_images(weight, {2, 3}, {.columns = 1}), "\n0 3 -1\n"));
  CHECK(!has(viz::weight_images(weight, {2, 3}, {.max_images = 1}), " -6\n"));
  CHECK_THROWS_AS(viz::weight_images(weight, {2, 4}), ShapeError);
  CHECK_THROWS_WITH(viz::weight_images(weight, {2, 4}),
                    ContainsSubstring("[2, 6]") && ContainsSubstring("[2, 4]"));
  CHECK_THROWS_AS(viz::weight_images(weight, {6}), ShapeError);
  constexpr std::int64_t huge = std::int64_t{1} << 32;  // huge * huge is 0 in 64 bits
  CHECK_THROWS_AS(viz::weight_images(zeros({0, 4}), {huge, huge}), ShapeError);
  constexpr std::int64_t many = std::numeric_limits<std::int64_t>::max();
  CHECK(viz::weight_images(weight, {2, 3}, {.columns = many}).script() == figure.script());
  CHECK_THROWS_AS(viz::weight_images(tensor(1.0), {1, 1}), ShapeError);
  CHECK_THROWS_AS(viz::weight_images(weight, {2, 3}, {.max_images = 0}), ValueError);
  if (!has_gnuplot()) return;
  CHECK(viz::weight_images(zeros({0, 6}), {2, 3}).svg().find("</svg>") != std::string::npos);
  CHECK(read_png(viz::weight_images(zeros({3, 1}), {1, 1}).png()).colors().size() > 1);
}

TEST_CASE("what is called must be a function", "[viz][plots]") {
  Mlp model;
  CHECK_THROWS_WITH(viz::landscape(model, std::function<Tensor()>()),
                    ContainsSubstring("landscape: loss is an empty function"));
  CHECK_THROWS_WITH(viz::decision_boundary(viz::Predict(), data::make_moons(4)),
                    ContainsSubstring("decision_boundary: predict is an empty function"));
  CHECK_THROWS_WITH(viz::graph(model, std::function<Tensor()>()),
                    ContainsSubstring("viz::graph: compute is an empty function"));
}

TEST_CASE("a landscape leaves the statistics of batch norm as they were", "[viz][plots]") {
  nn::Sequential model(nn::Linear(2, 3), nn::BatchNorm1d(3), nn::Linear(3, 1));
  const Tensor x = randn({8, 2});
  model(x);  // so that the statistics are not those of the start
  std::vector<Tensor> before;
  for (const auto& buffer : model.named_buffers()) before.push_back(buffer.tensor.clone());
  REQUIRE(before.size() >= 2);
  viz::landscape(model, [&] { return model(x).mean(); }, {.steps = 2});
  for (std::size_t i = 0; i < before.size(); ++i)
    CHECK(equal(model.named_buffers()[i].tensor, before[i]));
}

TEST_CASE("a decision boundary is where the classes meet", "[viz][plots]") {
  SKIP_WITHOUT_GNUPLOT
  const data::Batch points{tensor({{-1., 0.}, {1., 0.}}), tensor({0, 1})};
  const auto vertical = [](const Tensor& x) { return sigmoid(40 * narrow(x, 1, 0, 1)); };
  const Png png = read_png(viz::decision_boundary(vertical, points).png());
  const std::uint32_t blue = png.color(100, png.height / 2), red = png.color(500, png.height / 2);
  CHECK((blue & 255) > (blue >> 16));
  CHECK((red & 255) < (red >> 16));
  const double blues = static_cast<double>(png.count(blue, 1)),
               reds = static_cast<double>(png.count(red, 1));
  CHECK(blues == Approx(reds).epsilon(0.1));
  CHECK(png.count(0x222222, 30) > 300);  // the line
}

TEST_CASE("decision_boundary takes models of one output, of logits and of several classes",
          "[viz][plots]") {
  manual_seed(1);
  const data::Batch moons = data::make_moons(50);
  const auto script = [&](const viz::Predict& predict, viz::DecisionBoundaryOptions options = {}) {
    options.resolution = 5;
    return viz::decision_boundary(predict, moons, options).script();
  };
  const auto first = [](const Tensor& x) { return narrow(x, 1, 0, 1); };
  CHECK(script([&](const Tensor& x) { return sigmoid(first(x)); }) ==
        script([&](const Tensor& x) { return sigmoid(first(x)).flatten(); }));
  CHECK(script([&](const Tensor& x) { return sigmoid(first(x)); }) ==
        script(first, {.logits = true}));
  CHECK(script([&](const Tensor& x) {
          return cat({0 * first(x), x}, 1);
        }).find("$contour3") != std::string::npos);
  CHECK(script(nn::Linear(2, 2)).find("'class 1'") != std::string::npos);
  CHECK(script(nn::Linear(2, 2), {.classes = {"upper", "lower"}}).find("'lower'") !=
        std::string::npos);
  CHECK_THROWS_AS(script([](const Tensor& x) { return x.sum(); }), ShapeError);
  CHECK_THROWS_WITH(script([](const Tensor& x) { return x.t(); }), ContainsSubstring("[2, 25]"));
  CHECK_THROWS_AS(viz::decision_boundary(nn::Linear(2, 2), {zeros({3, 3}), zeros({3})}),
                  ShapeError);
  CHECK_THROWS_AS(viz::decision_boundary(nn::Linear(2, 2), {zeros({3, 2}), zeros({2})}),
                  ShapeError);
  CHECK_THROWS_AS(viz::decision_boundary(nn::Linear(2, 2), {zeros({1, 2}), tensor({0.5})}),
                  ValueError);
  CHECK_THROWS_AS(viz::decision_boundary(nn::Linear(2, 2), moons, {.resolution = 1}), ValueError);
  CHECK_THROWS_AS(viz::decision_boundary(nn::Linear(2, 2), moons, {.xlim = {{1, 0}}}), ValueError);
}

TEST_CASE("a decision boundary leaves no graph and takes float64 data", "[viz][plots]") {
  nn::Linear model(2, 2, {.dtype = float64});
  bool recorded = true;
  const auto predict = [&](const Tensor& x) {
    const Tensor y = model(x);
    recorded = y.requires_grad();
    return y;
  };
  viz::decision_boundary(predict, data::make_moons(20, {.dtype = float64}));
  CHECK(!recorded);
}

TEST_CASE("confusion_matrix writes its counts", "[viz][plots]") {
  metrics::ConfusionMatrix metric(3);
  metric.update(tensor({0, 1, 2, 2}), tensor({0, 1, 1, 2}));
  const viz::Figure figure = viz::confusion_matrix(metric, {.classes = {"ant", "bee", "cat"}});
  CHECK(has(figure, "'1' at 2,1"));  // one bee that was taken for a cat
  CHECK(has(figure, "\n1 1 0.5\n"));
  CHECK(has(figure, "'bee' 1"));
  CHECK(!has(viz::confusion_matrix(ones({31, 31})), "set label"));
  CHECK(has(viz::confusion_matrix(zeros({2, 2})), "'0' at 0,0"));
  CHECK_THROWS_AS(viz::confusion_matrix(zeros({2, 3})), ShapeError);
  CHECK_THROWS_AS(viz::confusion_matrix(zeros({4})), ShapeError);
  CHECK_THROWS_AS(viz::confusion_matrix(metric, {.classes = {"one"}}), ShapeError);
  CHECK_THROWS_AS(viz::confusion_matrix(-ones({2, 2})), ValueError);
}

TEST_CASE("loss_curve draws curves of any length", "[viz][plots]") {
  const viz::Figure figure = viz::loss_curve({{"training", {3, 2, 1}}, {"nothing", {}}},
                                             {.yscale = viz::Scale::log, .first = 10, .each = 5});
  CHECK(has(figure, "\n10 3\n15 2\n20 1\n"));
  CHECK(has(figure, "title 'nothing'"));
  CHECK(has(figure, "set logscale y"));
  CHECK_THROWS_AS(viz::loss_curve({}, {.each = std::numeric_limits<double>::infinity()}),
                  ValueError);
}

TEST_CASE("activation_histograms sees what each layer gives, and leaves no hooks", "[viz][plots]") {
  manual_seed(2);
  Mlp model;
  int calls = 0;
  const HookHandle counting = model.relu.register_forward_hook(
      [&](const nn::Module&, const std::vector<Tensor>&, std::vector<Tensor>&) { ++calls; });
  const viz::Figure figure = viz::activation_histograms(model, randn({50, 2}), {.bins = 4});
  for (const char* title : {"'first'", "'relu'", "'second'"}) CHECK(has(figure, title));
  CHECK(calls == 1);
  // relu gives 200 values, the smallest of which is 0
  model(randn({3, 2}));
  CHECK(calls == 2);
  const Tensor bad = full({1, 2}, std::numeric_limits<double>::infinity());
  CHECK(has(viz::activation_histograms(model, bad), "not finite)"));
  CHECK_THROWS_AS(viz::activation_histograms(model, zeros({1, 3})), ShapeError);
  CHECK_THROWS_AS(viz::activation_histograms(model, zeros({1, 2}), {.columns = 0}), ValueError);
}

TEST_CASE("landscape has the loss of the model in its middle, and puts it back", "[viz][plots]") {
  manual_seed(3);
  Mlp model;
  const Tensor x = randn({8, 2}), y = randn({8, 1});
  std::vector<double> losses;
  const auto loss = [&] {
    const Tensor now = mse_loss(model(x), y);
    CHECK(!now.requires_grad());
    losses.push_back(now.item<double>());
    return now;
  };
  const StateDict before = model.state_dict().clone();
  const double here = mse_loss(model(x), y).item<double>();
  const viz::Figure figure = viz::landscape(model, loss, {.steps = 5});
  REQUIRE(losses.size() == 25);
  CHECK(losses[12] == Approx(here).epsilon(1e-6));
  CHECK(losses[0] != losses[24]);
  CHECK(same_state(before, model.state_dict()));
  CHECK(viz::landscape(model, loss, {.steps = 3}).script() ==
        viz::landscape(model, loss, {.steps = 3}).script());

  int calls = 0;
  const auto failing = [&]() -> Tensor {
    if (++calls == 4) throw std::runtime_error("enough");
    return tensor(1.0);
  };
  CHECK_THROWS_WITH(viz::landscape(model, failing), "enough");
  CHECK(same_state(before, model.state_dict()));
  CHECK_THROWS_AS(viz::landscape(model, [] { return zeros({2}); }), ShapeError);
  CHECK_THROWS_AS(viz::landscape(model, loss, {.steps = 1}), ValueError);
  CHECK_THROWS_AS(viz::landscape(nn::ReLU(), loss), ValueError);
}
