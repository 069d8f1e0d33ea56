// run.hpp: Run, the record of a training run, from which a report is made.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include <xgrad/graph/state_dict.hpp>
#include <xgrad/graph/strict.hpp>
#include <xgrad/graph/tensor.hpp>
#include <xgrad/nn/module.hpp>
#include <xgrad/viz/graph_picture.hpp>

namespace xgrad::viz {

struct RunOptions {
  std::string name = {};     ///< shown in the report; by default the last part of the folder
  double flush_every = 30;   ///< seconds between the flushes that records cause; 0: none
  bool tensorboard = false;  ///< also write TensorBoard's event file into the folder
};

struct RunImageOptions {
  /// Map the smallest element to black and the largest to white. By default, floats are clamped to
  /// [0, 1] and integers to [0, 255].
  bool normalize = false;
};

struct WatchOptions {
  std::int64_t every = 100;     ///< sweeps between two records
  std::int64_t first_step = 0;  ///< the step of the first sweep, for a run that goes on
  bool histograms = true;       ///< also record histograms of the parameters and gradients
  std::string prefix = {};      ///< put before the parameters' names, as in "generator."
};

/// The record of a training run: a log that other programs can read, and a report for people.
///
///     viz::Run run("runs/lenet");
///     run.hparams({{"lr", 0.1}, {"batch size", 64}});
///     run.watch(model);
///     for (...) run.scalar("loss", step, loss);
///     run.close();                         // runs/lenet/report.html
///
/// `log.jsonl` in the folder is the log. Each call appends one line of JSON and hands it to the
/// system before it returns, so a killed program loses nothing that it has recorded. `report.html`
/// is one page that works offline. It is replaced as a whole at each flush; between flushes it is
/// up to `flush_every` seconds old.
///
/// A folder that has a log goes on: a Run appends to it. If a series then starts again at a step
/// that it had reached before, as after loading a checkpoint, its earlier values from that step on
/// are left out of the report, as TensorBoard does. The log keeps them.
///
/// Names are any non-empty text. The part before the first slash is the group in the report:
/// "loss/train" and "loss/test" share a chart. Steps may come in any order; of two values of one
/// step, the later counts. Every member may be called by several threads at once.
///
/// Members that record throw a GraphError if the run is closed or was moved from, or if a tensor is
/// undefined.
///
/// All members throw IoError if the log or the report cannot be written. What was recorded before
/// stays as it is.
class Run {
 public:
  /// Opens a run in a folder, which is made if it is missing, and writes a first report.
  /// @throws IoError  if the folder cannot be written, if another Run has it open, or if the log is
  ///                  of a later version of xgrad.
  explicit Run(const std::filesystem::path& folder, RunOptions options = {},
               Site site = Site::here());
  /// Flushes and marks the run as finished, or as failed if an exception is the reason. Errors are
  /// ignored; call `close` to see them.
  ~Run();
  Run(Run&&) noexcept;
  Run& operator=(Run&&) noexcept;

  /// Records a number. NaN and infinite values are marked in the chart.
  /// @param step  from -2^53 to 2^53. @throws ValueError  if the name is empty or the step beyond.
  void scalar(std::string_view name, Count step, double value, Site site = Site::here());
  /// The value of a tensor with one element. @throws ShapeError  if it has another number.
  void scalar(std::string_view name, Count step, const Tensor& value, Site site = Site::here());

  /// Records the distribution of a tensor's elements: 40 bins of equal width, mean, standard
  /// deviation and quantiles. NaN and infinite elements are counted apart.
  void histogram(std::string_view name, Count step, const Tensor& values, Site site = Site::here());

  /// Records an image as PNG.
  /// @param image  [height, width], [channels, height, width] or [images, channels, height, width]
  ///               with 1, 3 or 4 channels; several images are put into a grid. Up to 2^22 pixels.
  /// @throws ShapeError  if it has another shape or is empty.
  void image(std::string_view name, Count step, const Tensor& image, RunImageOptions options = {},
             Site site = Site::here());

  /// Records a text, which is shown as it is.
  void text(std::string_view name, Count step, std::string_view text, Site site = Site::here());

  /// Records a drawing in SVG, such as that of the computational graph. The last of a name counts.
  /// @throws ValueError  unless the text has an <svg> element.
  void graph(std::string_view name, std::string_view svg, Site site = Site::here());
  /// Records a picture of a graph or of a model, which Graphviz draws.
  ///
  ///     run.graph("model", viz::module_graph(model, images));
  /// @throws IoError  as GraphPicture::svg; nothing is recorded then.
  void graph(std::string_view name, const GraphPicture& picture, Site site = Site::here());

  /// Records hyperparameters, for the table at the top of the report.
  /// @throws ValueError  if a value is a tensor.
  void hparams(const StateDict& values, Site site = Site::here());

  /// Records statistics of each parameter that requires a gradient, in each `every`-th backward
  /// sweep that reaches it: the norm of the parameter, and the norm, mean size and largest size of
  /// its gradient, which has been added up then. The step is the number of sweeps before.
  ///
  /// Errors in recording leave `backward`. Watching ends when the run is closed.
  /// @throws ValueError  if no parameter requires a gradient, or an option is out of range.
  void watch(const nn::Module& model, WatchOptions options = {}, Site site = Site::here());

  /// Makes the log durable and writes the report.
  void flush(Site site = Site::here());
  /// Flushes, marks the run as finished, and ends it. Later calls of `close` do nothing; those of
  /// other members throw a GraphError.
  void close(Site site = Site::here());

  /// The run's folder, and its report. @throws GraphError  if the run was moved from.
  const std::string& folder(Site site = Site::here()) const;
  std::string report(Site site = Site::here()) const;

 private:
  class Impl;
  Impl& made(const char* member, Site site) const;
  Impl& open(const char* member, Site site) const;
  std::shared_ptr<Impl> impl_;
};

}  // namespace xgrad::viz
