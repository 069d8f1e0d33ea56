// The code of docs/figures.md, as it stands there.
#include <filesystem>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

#include "viz/pictures.hpp"

using namespace xgrad;

namespace {

struct Mlp : nn::Layer<Mlp> {
  nn::Linear hidden = child("hidden", nn::Linear(784, 8));
  nn::Linear output = child("output", nn::Linear(8, 10));
  Tensor forward(const Tensor& x) { return output(relu(hidden(x))); }
};

void run_page() {
  const std::vector<double> sgd_losses{2.3, 1.2, 0.7}, adam_losses{2.3, 0.9, 0.5};
  const Tensor weights = randn({100});
  const viz::Numbers x{-1, 0, 1}, y{-1, 0, 1, 2};
  const Tensor heights = randn({4, 3}), images = randn({10, 784}), labels = arange(10);
  Mlp model;
  cross_entropy(model(images), labels).backward();
  metrics::ConfusionMatrix confusion(10);
  confusion.update(model(images), labels);
  const nn::Linear classifier(2, 2);
#include "figures_page.hpp"
}

}  // namespace

TEST_CASE("the code of the page on figures runs, and writes its files", "[viz][figures_page]") {
  SKIP_WITHOUT_GNUPLOT
  const test::PictureFolder folder;
  {
    const test::CurrentFolder there(folder.at(""));
    run_page();
  }
  CHECK(folder.files() == std::set<std::string>{"loss.svg", "grid.png", "gradients.svg",
                                                "weights.png", "confusion.png", "activations.svg",
                                                "landscape.png", "moons.png", "training.gif"});
}
