// Run::watch: statistics of parameters and their gradients.
#include <xgrad/viz/run.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/hooks.hpp>

#include "run/run_impl.hpp"
#include "run/run_log.hpp"

namespace xgrad::viz {
namespace {

struct Sizes {
  double norm = 0, mean = 0, largest = 0;
};

// A NaN among the elements makes all three NaN.
Sizes sizes_of(const Tensor& t) {
  const Tensor elements = t.detach().to(float64);
  Sizes s;
  for (const double x : elements.span<double>()) {
    const double size = std::abs(x);
    s.norm += size * size;
    s.mean += size;
    s.largest = size > s.largest || std::isnan(size) ? size : s.largest;
  }
  s.norm = std::sqrt(s.norm);
  s.mean /= static_cast<double>(std::max<std::int64_t>(1, elements.numel()));
  return s;
}

void check(const WatchOptions& o, Site site) {
  if (o.every < 1)
    throw ValueError(fmt::format("Run.watch: every is {}; it must be at least 1", o.every), site);
  if (o.first_step < -max_step || o.first_step > max_step / 2)
    throw ValueError(
        fmt::format("Run.watch: first_step is {}; it must be from -2^53 to 2^52", o.first_step),
        site);
}

// What is recorded of one parameter.
class Watched {
 public:
  Watched(std::string name, const WatchOptions& options)
      : name_(options.prefix + std::move(name)), options_(options) {}

  // Records one of the sweeps in `every`. The parameter has no gradient if a hook has taken it.
  template <class RunImpl>
  void see(RunImpl& run, const Tensor& parameter) {
    const std::int64_t sweep = sweeps_++;
    if (sweep % options_.every == 0 && parameter.grad().defined())
      record(run, parameter, parameter.grad(), options_.first_step + sweep);
  }

 private:
  template <class RunImpl>
  void record(RunImpl& run, const Tensor& parameter, const Tensor& gradient,
              std::int64_t step) const {
    const Sizes sizes = sizes_of(gradient);
    run.scalar("gradient norm/" + name_, step, sizes.norm);
    run.scalar("gradient mean size/" + name_, step, sizes.mean);
    run.scalar("gradient largest/" + name_, step, sizes.largest);
    run.scalar("parameter norm/" + name_, step, sizes_of(parameter).norm);
    if (!options_.histograms) return;
    run.histogram("gradients/" + name_, step, gradient);
    run.histogram("parameters/" + name_, step, parameter);
  }

  const std::string name_;
  const WatchOptions options_;
  std::atomic<std::int64_t> sweeps_ = 0;
};

}  // namespace

void Run::watch(const nn::Module& model, WatchOptions options, Site site) {
  check(options, site);
  Impl& run = open("watch", site);
  std::vector<HookHandle> hooks;
  for (const NamedTensor& parameter : model.named_parameters()) {
    if (!parameter.tensor.requires_grad()) continue;
    const auto watched = std::make_shared<Watched>(parameter.name, options);
    hooks.push_back(register_post_accumulate_grad_hook(
        parameter.tensor,
        [watched, weak = std::weak_ptr<Impl>(impl_)](const Tensor& leaf) {
          const auto opened = weak.lock();
          if (opened != nullptr && !opened->closed()) watched->see(*opened, leaf);
        },
        site));
  }
  if (hooks.empty())
    throw ValueError("Run.watch: no parameter of the model requires a gradient", site);
  run.keep(std::move(hooks));
}

}  // namespace xgrad::viz
