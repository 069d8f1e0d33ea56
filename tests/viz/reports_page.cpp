// The code of docs/reports.md, as it stands there.
#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "viz/pictures.hpp"
#include "viz/run_folder.hpp"

using namespace xgrad;
using test::records;

namespace {

constexpr int steps = 3;

Tensor train(nn::Sequential& model, int step) {
  const Tensor loss = square(model(ones({2, 3}))).sum() + step;
  loss.backward();
  return loss.detach();
}

void run_page() {
  nn::Sequential model(nn::Linear(3, 2));
#include "reports_page.hpp"
}

void run_table() {
  nn::Sequential model(nn::Linear(3, 2));
  viz::Run run("table", {.flush_every = 0});
  const Tensor tensor = ones({4}), images = ones({2, 1, 3, 3});
  const viz::GraphPicture picture = viz::module_graph(model, ones({2, 3}));
  const std::string text = "a sample";
  const double loss = 0.5;
  const int step = 1;
#include "reports_table.hpp"
}

}  // namespace

TEST_CASE("the code of the page on reports runs, and records what the page says", "[viz][guide]") {
  const test::PictureFolder folder;
  const test::CurrentFolder there(folder.at(""));
  run_page();
  int losses = 0;
  for (const auto& scalar : records("runs/lenet", "scalar"))
    losses += scalar["name"] == "loss/train" ? 1 : 0;
  CHECK(losses == steps);
  CHECK(records("runs/lenet", "hparam").size() == 3);
  CHECK(test::content("runs/lenet/report.html").ends_with("</html>\n"));
  int events = 0;
  for (const auto& file : std::filesystem::directory_iterator("runs/both"))
    events += file.path().filename().string().starts_with("events.out.tfevents") ? 1 : 0;
  CHECK(events == 1);
}

TEST_CASE("each call in the table of the page on reports records something", "[viz][guide]") {
  const test::PictureFolder folder;
  const test::CurrentFolder there(folder.at(""));
  run_table();
  for (const char* const kind : {"scalar", "histogram", "image", "text", "graph", "hparam"})
    CHECK(!records("table", kind).empty());
}
