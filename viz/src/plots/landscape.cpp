#include <xgrad/viz/landscape.hpp>

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/random.hpp>
#include <xgrad/ops/arithmetic.hpp>

#include "checks.hpp"

namespace xgrad::viz {
namespace {

// The parameters that move, with their values of before, which they get back at the end.
class MovedParameters {
 public:
  explicit MovedParameters(const nn::Module& model) {
    for (const Tensor& p : model.parameters()) {
      if (p.dim() < 2 || !p.is_floating_point()) continue;
      parameters_.push_back(p);
      before_.push_back(p.detach().clone());
    }
  }
  ~MovedParameters() {
    for (std::size_t i = 0; i < parameters_.size(); ++i) parameters_[i].assign(before_[i]);
  }
  MovedParameters(const MovedParameters&) = delete;
  MovedParameters& operator=(const MovedParameters&) = delete;

  bool empty() const noexcept { return parameters_.empty(); }
  const std::vector<Tensor>& before() const noexcept { return before_; }
  void move(const std::vector<Tensor>& a, double along_a, const std::vector<Tensor>& b,
            double along_b) {
    for (std::size_t i = 0; i < parameters_.size(); ++i)
      parameters_[i].assign(before_[i] + along_a * a[i] + along_b * b[i]);
  }

 private:
  std::vector<Tensor> parameters_, before_;
};

// Buffers, such as the statistics of batch norm, which the loss may change in training mode. They
// get their values back at the end.
class KeptBuffers {
 public:
  explicit KeptBuffers(const nn::Module& model) {
    for (const NamedTensor& buffer : model.named_buffers())
      buffers_.emplace_back(buffer.tensor, buffer.tensor.detach().clone());
  }
  ~KeptBuffers() {
    for (auto& [buffer, before] : buffers_) buffer.assign(before);
  }
  KeptBuffers(const KeptBuffers&) = delete;
  KeptBuffers& operator=(const KeptBuffers&) = delete;

 private:
  std::vector<std::pair<Tensor, Tensor>> buffers_;
};

double norm_of(const double* values, std::int64_t n) {
  double squares = 0;
  for (std::int64_t i = 0; i < n; ++i) squares += values[i] * values[i];
  return std::sqrt(squares);
}

// Normal numbers; those of each unit are as long as its weights.
Tensor direction_for(const Tensor& weight, Generator& generator) {
  const Tensor values = weight.to(float64);
  Tensor direction = randn(weight.shape(), {.dtype = float64, .generator = &generator});
  double* const d = direction.mutable_data<double>();
  const std::int64_t each = weight.size(0) == 0 ? 0 : weight.numel() / weight.size(0);
  for (std::int64_t start = 0; start < weight.numel(); start += each) {
    const double own = norm_of(d + start, each);
    const double length = norm_of(values.data<double>() + start, each);
    for (std::int64_t i = 0; i < each && own > 0; ++i) d[start + i] *= length / own;
  }
  return direction.to(weight.dtype());
}

std::vector<Tensor> direction_for(const std::vector<Tensor>& weights, Generator& generator) {
  std::vector<Tensor> direction;
  for (const Tensor& w : weights) direction.push_back(direction_for(w, generator));
  return direction;
}

double value_of(const Tensor& loss, Site site) {
  check_defined("landscape", "the loss", loss, site);
  return loss.item<double>(site);
}

}  // namespace

Figure landscape(const nn::Module& model, const std::function<Tensor()>& loss,
                 const LandscapeOptions& options, Site site) {
  check_within("landscape", "steps", static_cast<double>(options.steps), 2, 1000, site);
  check_within("landscape", "extent", options.extent, 1e-12, 1e12, site);
  check_callable("landscape", "loss", loss, site);
  const NoGrad guard;
  const KeptBuffers buffers(model);
  std::vector<double> at, losses;
  {
    MovedParameters parameters(model);
    if (parameters.empty())
      throw ValueError("landscape: the model has no parameter with two axes or more", site);
    Generator generator(options.seed);
    const auto a = direction_for(parameters.before(), generator);
    const auto b = direction_for(parameters.before(), generator);
    for (std::int64_t i = 0; i < options.steps; ++i)
      at.push_back(options.extent *
                   (2 * static_cast<double>(i) / static_cast<double>(options.steps - 1) - 1));
    for (const double y : at)
      for (const double x : at) {
        parameters.move(a, x, b, y);
        losses.push_back(value_of(loss(), site));
      }
  }
  Figure figure({.width = 560, .height = 440});
  figure.axes()
      .contourf(at, at, tensor(losses).reshape({options.steps, options.steps}), {.count = 14}, site)
      .scatter({0}, {0}, {.label = "the model", .color = "#d55e00", .edge = "#ffffff"})
      .set_xlabel("along the first direction")
      .set_ylabel("along the second direction")
      .set_title(options.title);
  return figure;
}

}  // namespace xgrad::viz
