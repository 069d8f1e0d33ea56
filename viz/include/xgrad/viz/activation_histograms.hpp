// activation_histograms.hpp: activation_histograms, what the layers of a model give.
#pragma once

#include <string>
#include <vector>

#include <xgrad/nn/layer.hpp>
#include <xgrad/viz/figure.hpp>

namespace xgrad::viz {

struct ActivationHistogramsOptions {
  std::string title = "Activations";
  std::int64_t bins = 40;
  int columns = 3;              ///< of the grid of histograms
  std::size_t max_layers = 24;  ///< the first ones
};

namespace plotting {

/// Keeps what each layer of a model gives while the recorder lives; layers are modules without
/// children.
class ActivationRecorder {
 public:
  /// Checks all arguments before the model is called.
  ActivationRecorder(const nn::Module& model, const Tensor& input,
                     const ActivationHistogramsOptions& options, Site site);
  ActivationRecorder(const ActivationRecorder&) = delete;
  ActivationRecorder& operator=(const ActivationRecorder&) = delete;
  Figure histograms() const;

 private:
  struct Layer {
    std::string name;
    std::vector<double> values;
  };
  void watch(const nn::NamedModule& module, Layer& layer);

  const ActivationHistogramsOptions options_;
  const Site site_;
  std::vector<Layer> layers_;
  std::vector<HookHandle> hooks_;
};

}  // namespace plotting

/// Calls the model with the input, records what each layer gives through forward hooks, and draws
/// a histogram for each. Layers are the modules without children, in the order of registration;
/// functions such as `relu` have no hooks, so register an nn::ReLU to see what it gives. Values
/// that are not finite are counted in the title.
///
///     viz::activation_histograms(model, images).save("activations.svg");
/// @throws ValueError  if the model has no layers, or an option is out of range. GraphError  if the
///         input is undefined. The model is not called then.
template <class Model>
Figure activation_histograms(Model& model, const Tensor& input,
                             const ActivationHistogramsOptions& options = {},
                             Site site = Site::here()) {
  const plotting::ActivationRecorder recorder(model, input, options, site);
  static_cast<void>(model(Operand(input, site)));
  return recorder.histograms();
}

}  // namespace xgrad::viz
