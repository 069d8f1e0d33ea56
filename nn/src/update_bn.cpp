#include <xgrad/nn/update_bn.hpp>

#include <cmath>
#include <utility>
#include <vector>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/nn/normalization.hpp>
#include <xgrad/ops/arithmetic.hpp>

namespace xgrad::nn::detail {

namespace {

// A layer's statistics as they were, and the averages of what it has seen.
struct Layer {
  Tensor running_mean, running_var, num_batches_tracked;
  double momentum;                      // 1 for a plain average
  Tensor old_mean, old_var, old_count;  // copies
  Tensor mean, var;                     // float64
  std::int64_t seen = 0;
};

template <class Norm>
void add_layer(std::vector<Layer>& to, const AnyModule& module, Site site) {
  const Norm* const norm = module.as<Norm>();
  if (norm == nullptr || !norm->running_mean.defined()) return;
  const double momentum = norm->options().momentum.value_or(1);
  if (momentum == 0)
    throw ValueError(
        "update_bn: a BatchNorm has momentum 0, which keeps no statistics; give it "
        "another one, or none for plain averages",
        site);
  const Tensor zero = zeros(norm->running_mean.shape(), {.dtype = float64});
  to.push_back({norm->running_mean, norm->running_var, norm->num_batches_tracked, momentum,
                norm->running_mean.clone(), norm->running_var.clone(),
                norm->num_batches_tracked.clone(), zero, zero});
}

void clear(Layer& layer) {
  layer.running_mean.assign(zeros({}, {.dtype = layer.running_mean.dtype()}));
  layer.running_var.assign(zeros({}, {.dtype = layer.running_var.dtype()}));
  layer.num_batches_tracked.assign(tensor(0));
}

// With statistics that began as zeros, a call leaves momentum times the batch's.
void take(Layer& layer) {
  const auto calls = layer.num_batches_tracked.item<std::int64_t>();
  if (calls == 0) return;
  layer.seen += calls;
  const double weight = 1 - std::pow(1 - layer.momentum, static_cast<double>(calls));
  const double share = static_cast<double>(calls) / static_cast<double>(layer.seen);
  const auto average = [&](Tensor& of, const Tensor& running) {
    of = of + (running.to(float64) / (layer.momentum == 1 ? 1 : weight) - of) * share;
  };
  average(layer.mean, layer.running_mean);
  average(layer.var, layer.running_var);
}

}  // namespace

struct BatchNormStatistics::State {
  std::vector<Layer> layers;
  std::vector<std::pair<AnyModule, bool>> modes;  // parents before children
  bool finished = false;
};

BatchNormStatistics::BatchNormStatistics(Module& module, Site site)
    : state_(std::make_unique<State>()) {
  for (const AnyModule& m : module.modules()) {
    add_layer<BatchNorm1d>(state_->layers, m, site);
    add_layer<BatchNorm2d>(state_->layers, m, site);
    add_layer<BatchNorm3d>(state_->layers, m, site);
    state_->modes.emplace_back(m, m->is_training());
  }
  if (!empty()) module.train();
}

BatchNormStatistics::~BatchNormStatistics() {
  if (empty()) return;
  for (auto& [module, training] : state_->modes) module->train(training);
  if (state_->finished) return;
  for (Layer& layer : state_->layers) {
    layer.running_mean.assign(layer.old_mean);
    layer.running_var.assign(layer.old_var);
    layer.num_batches_tracked.assign(layer.old_count);
  }
}

bool BatchNormStatistics::empty() const noexcept { return state_->layers.empty(); }

void BatchNormStatistics::begin_batch() {
  for (Layer& layer : state_->layers) clear(layer);
}
void BatchNormStatistics::end_batch() {
  for (Layer& layer : state_->layers) take(layer);
}

void BatchNormStatistics::finish() {
  for (Layer& layer : state_->layers) {
    layer.running_mean.assign(layer.mean.to(layer.running_mean.dtype()));
    layer.running_var.assign(layer.var.to(layer.running_var.dtype()));
    layer.num_batches_tracked.assign(tensor(layer.seen));
  }
  state_->finished = true;
}

}  // namespace xgrad::nn::detail
