// Run::watch: what it records of the parameters and gradients, and when it ends.
#include <algorithm>
#include <map>
#include <memory>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "viz/run_folder.hpp"

using namespace xgrad;
using nlohmann::json;
using test::IoFolder;
using test::records;

namespace {

const viz::RunOptions quiet{.flush_every = 0};

struct Small : nn::Layer<Small> {
  nn::Linear hidden = child("hidden", nn::Linear(3, 2));
  nn::Linear output = child("output", nn::Linear(2, 1));
  Tensor forward(const Tensor& x) { return output(tanh(hidden(x))); }
};

}  // namespace

TEST_CASE("watching records each parameter in each n-th sweep", "[viz][run][watch]") {
  const IoFolder folder;
  Small model;
  optim::SGD optimizer(model.parameters(), {.lr = 0.1});
  viz::Run run(folder / "run", quiet);
  run.watch(model, {.every = 3, .first_step = 100});
  Tensor gradient, weight;
  for (int i = 0; i < 7; ++i) {
    optimizer.zero_grad();
    square(model(ones({4, 3}) * (i + 1))).mean().backward();
    if (i == 3) gradient = model.hidden.weight.grad().clone();
    if (i == 3) weight = model.hidden.weight.detach().clone();
    optimizer.step();
  }
  std::map<std::string, std::vector<json>> by_name;
  for (json& r : records(run.folder(), "scalar")) by_name[r["name"]].push_back(r);
  CHECK(by_name.size() == 16);
  const auto value = [&](const std::string& name) {
    const auto& all = by_name.at(name + "/hidden.weight");
    REQUIRE(all.size() == 3);
    CHECK(all[0]["step"] == 100);
    CHECK(all[1]["step"] == 103);
    CHECK(all[2]["step"] == 106);
    return tensor(all[1]["value"].get<double>(), {.dtype = float64});
  };
  const Tensor g = gradient.to(float64), w = weight.to(float64);
  CHECK(test::all_close(value("gradient norm"), norm(g), 1e-12));
  CHECK(test::all_close(value("gradient mean size"), abs(g).mean(), 1e-12));
  CHECK(test::all_close(value("gradient largest"), abs(g).max(), 1e-12));
  CHECK(test::all_close(value("parameter norm"), norm(w), 1e-12));
  CHECK(records(run.folder(), "histogram").size() == 3 * 4 * 2);
}

TEST_CASE("watching ends with the run and outlives neither model nor run", "[viz][run][watch]") {
  const IoFolder folder;
  const auto model = std::make_unique<Small>();
  const Tensor weight = model->hidden.weight;
  {
    viz::Run run(folder / "run", quiet);
    run.watch(*model, {.every = 1, .histograms = false, .prefix = "small."});
    (*model)(ones({1, 3})).sum().backward();
    run.close();
    (*model)(ones({1, 3})).sum().backward();
  }
  (*model)(ones({1, 3})).sum().backward();
  const auto all = records(folder / "run", "scalar");
  CHECK(all.size() == 16);
  CHECK(std::any_of(all.begin(), all.end(), [](const json& r) {
    return r["name"] == "gradient norm/small.hidden.weight";
  }));
}

TEST_CASE("frozen parameters are not watched", "[viz][run][watch]") {
  const IoFolder folder;
  Small model;
  model.requires_grad_(false, "hidden.*");
  viz::Run run(folder / "run", quiet);
  run.watch(model, {.every = 1, .histograms = false});
  model(ones({1, 3})).sum().backward();
  CHECK(records(run.folder(), "scalar").size() == 8);
}
