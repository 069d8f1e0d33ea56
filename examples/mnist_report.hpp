// mnist_report.hpp: what the mnist example records of its training.
#pragma once

#include <optional>
#include <string>

#include <fmt/format.h>

#include <xgrad/xgrad.hpp>

/// The run of a training. Without a folder it does nothing.
class MnistReport {
 public:
  explicit MnistReport(const std::string& folder) {
    if (!folder.empty()) run_.emplace(folder, xgrad::viz::RunOptions{.name = "mnist"});
  }

  /// @param images  a batch; the graph of the model shows its shape.
  template <class Model>
  void begin(Model& model, const xgrad::Tensor& images, const xgrad::StateDict& hparams) {
    if (!run_) return;
    run_->hparams(hparams);
    run_->text("model", 0, to_string(model));
    draw(xgrad::viz::module_graph(model, images, {.left_to_right = true}));
    run_->watch(model, {.every = 100});
  }
  void see_batch(double loss, double lr) {
    if (!run_) return;
    run_->scalar("training loss", step_, loss);
    run_->scalar("learning rate", step_++, lr);
  }
  /// @param accuracy  of the test set, in percent.
  /// @param weight    of the first layer, [units, 784], of which 64 units are shown as images.
  void see_epoch(double accuracy, const xgrad::Tensor& weight) {
    if (!run_) return;
    run_->scalar("test accuracy (%)", step_, accuracy);
    run_->image("first layer", step_, weight.detach().narrow(0, 0, 64).reshape({64, 1, 28, 28}),
                {.normalize = true});
    run_->flush();
  }
  void finish() {
    if (!run_) return;
    run_->close();
    fmt::print("\nThe report of the training is in {}\n", run_->report());
  }

 private:
  // Without Graphviz the report has no graph.
  void draw(const xgrad::viz::GraphPicture& picture) {
    try {
      run_->graph("model", picture);
    } catch (const xgrad::IoError& error) {
      fmt::print(stderr, "The report has no graph of the model. {}\n", error.what());
    }
  }

  std::optional<xgrad::viz::Run> run_;
  std::int64_t step_ = 0;  // batches so far
};
