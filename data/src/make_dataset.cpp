#include <xgrad/data/make_dataset.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/random.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/index_slices.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/linalg.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/sampling.hpp>

namespace xgrad::data {
namespace {

constexpr double pi = std::numbers::pi;
constexpr TensorOptions exact{.dtype = float64};

/// The generator of a random_state, or the thread's.
class RandomState {
 public:
  explicit RandomState(const std::optional<std::uint64_t>& seed)
      : own_(seed.value_or(0)), used_(seed ? &own_ : &default_generator()) {}
  RandomState(const RandomState&) = delete;
  RandomState& operator=(const RandomState&) = delete;

  Tensor normal(const Shape& shape) { return randn(shape, {.dtype = float64, .generator = used_}); }
  Tensor uniform(const Shape& shape) { return rand(shape, {.dtype = float64, .generator = used_}); }
  Tensor permutation(std::int64_t n) { return randperm(n, {.generator = used_}); }

 private:
  Generator own_;
  Generator* used_;
};

void check(const char* op, bool good, std::string_view rule) {
  if (!good) throw ValueError(fmt::format("{}: {}", op, rule));
}

void check_common(const char* op, std::int64_t samples, double noise, DType dtype) {
  if (samples < 0)
    throw ValueError(fmt::format("{}: n_samples is {}; it must be at least 0", op, samples));
  if (!(noise >= 0) || !std::isfinite(noise))
    throw ValueError(fmt::format(
        "{}: the standard deviation of the noise is {}; it must be at least 0", op, noise));
  if (!is_floating(dtype))
    throw DTypeError(
        fmt::format("{}: dtype is {}; it must be float32 or float64", op, name(dtype)));
}

// `count` evenly spaced numbers from 0, `end` itself left out.
Tensor up_to(double end, std::int64_t count) {
  return arange(count).to(float64) * (end / static_cast<double>(std::max<std::int64_t>(count, 1)));
}

Tensor points(const Tensor& x, const Tensor& y) { return stack({x, y}, 1); }

// How many of the samples are of class c of `parts`; the first classes have one more if need be.
std::int64_t class_size(std::int64_t samples, std::int64_t parts, std::int64_t c) {
  return samples / parts + (c < samples % parts ? 1 : 0);
}

// Calls f(c, i, j) for sample i, the j-th of class c.
template <class F>
void for_each_sample(std::int64_t samples, std::int64_t parts, F f) {
  for (std::int64_t c = 0, i = 0; i < samples; ++c)
    for (std::int64_t j = 0; j < class_size(samples, parts, c); ++j) f(c, i++, j);
}

// Class 0, 1, ..., as many of each as class_size tells.
Tensor balanced_classes(std::int64_t samples, std::int64_t parts) {
  Tensor targets = empty({samples}, {.dtype = int64});
  std::int64_t* const target = targets.mutable_data<std::int64_t>();
  for_each_sample(samples, parts,
                  [&](std::int64_t c, std::int64_t i, std::int64_t) { target[i] = c; });
  return targets;
}

// From 0 to 1 in each class.
Tensor class_ramps(std::int64_t samples, std::int64_t parts) {
  Tensor ramps = empty({samples}, exact);
  double* const ramp = ramps.mutable_data<double>();
  for_each_sample(samples, parts, [&](std::int64_t c, std::int64_t i, std::int64_t j) {
    const std::int64_t last = class_size(samples, parts, c) - 1;
    ramp[i] = static_cast<double>(j) / static_cast<double>(std::max<std::int64_t>(last, 1));
  });
  return ramps;
}

// Class 0, 1, ..., as many of each as `sizes` tells.
Tensor classes_of(const std::vector<std::int64_t>& sizes) {
  return repeat_interleave(arange(static_cast<std::int64_t>(sizes.size())), tensor(sizes), 0);
}

// Shuffles the classes' points, then adds noise.
Batch finished(const Tensor& inputs, const Tensor& targets, bool shuffle, double noise, DType dtype,
               RandomState& random) {
  Batch batch{inputs, targets};
  if (shuffle) {
    const Tensor order = random.permutation(targets.numel());
    batch = {index_select(inputs, 0, order), index_select(targets, 0, order)};
  }
  if (noise > 0) batch.inputs = batch.inputs + noise * random.normal(inputs.shape());
  batch.inputs = batch.inputs.to(dtype);
  return batch;
}

// A matrix whose singular values fall as exp(-(i / rank)^2), with a long tail.
Tensor low_rank(std::int64_t rows, std::int64_t columns, double rank, double tail,
                RandomState& random) {
  const std::int64_t n = std::min(rows, columns);
  const Tensor u = linalg::qr(random.normal({rows, n})).Q;
  const Tensor v = linalg::qr(random.normal({columns, n})).Q;
  const Tensor i = arange(n).to(float64) / rank;
  const Tensor singular = (1 - tail) * exp(-square(i)) + tail * exp(-0.1 * i);
  return matmul(u * singular, v.t());
}

}  // namespace

Batch make_moons(Count n_samples, const MakeMoonsOptions& o, Site site) {
  const OpScope scope("make_moons", site);
  const NoGrad guard;
  check_common("make_moons", n_samples, o.noise, o.dtype);
  RandomState random(o.random_state);
  const std::int64_t upper = n_samples / 2, lower = n_samples - upper;
  const Tensor a = linspace(0, pi, upper, exact), b = linspace(0, pi, lower, exact);
  const Tensor inputs = xgrad::cat({points(cos(a), sin(a)), points(1 - cos(b), 0.5 - sin(b))});
  return finished(inputs, classes_of({upper, lower}), o.shuffle, o.noise, o.dtype, random);
}

Batch make_circles(Count n_samples, const MakeCirclesOptions& o, Site site) {
  const OpScope scope("make_circles", site);
  const NoGrad guard;
  check_common("make_circles", n_samples, o.noise, o.dtype);
  check("make_circles", o.factor >= 0 && o.factor < 1,
        fmt::format("factor is {}; it must be in [0, 1)", o.factor));
  RandomState random(o.random_state);
  const std::int64_t outer = n_samples / 2, inner = n_samples - outer;
  const Tensor a = up_to(2 * pi, outer), b = up_to(2 * pi, inner);
  const Tensor inputs = xgrad::cat({points(cos(a), sin(a)), o.factor * points(cos(b), sin(b))});
  return finished(inputs, classes_of({outer, inner}), o.shuffle, o.noise, o.dtype, random);
}

Batch make_spirals(Count n_samples, const MakeSpiralsOptions& o, Site site) {
  const OpScope scope("make_spirals", site);
  const NoGrad guard;
  check_common("make_spirals", n_samples, o.noise, o.dtype);
  check("make_spirals", o.n_classes >= 1 && std::isfinite(o.turns),
        fmt::format("n_classes is {} and turns is {}; n_classes must be at least 1 and turns "
                    "finite",
                    o.n_classes, o.turns));
  RandomState random(o.random_state);
  const Tensor targets = balanced_classes(n_samples, o.n_classes);
  const Tensor radius = class_ramps(n_samples, o.n_classes);
  const Tensor begin = targets.to(float64) / static_cast<double>(o.n_classes);
  const Tensor angle = 2 * pi * (o.turns * radius + begin);
  const Tensor inputs = points(radius * cos(angle), radius * sin(angle));
  return finished(inputs, targets, o.shuffle, o.noise, o.dtype, random);
}

Blobs make_blobs(Count n_samples, Count n_features, const MakeBlobsOptions& o, Site site) {
  const OpScope scope("make_blobs", site);
  const NoGrad guard;
  check_common("make_blobs", n_samples, o.cluster_std, o.dtype);
  const auto [low, high] = o.center_box;
  check("make_blobs", n_features >= 1 && o.n_centers >= 1 && low <= high,
        fmt::format("n_features is {}, n_centers {} and center_box ({}, {}); both numbers must be "
                    "at least 1 and center_box a range",
                    n_features, o.n_centers, low, high));
  RandomState random(o.random_state);
  Tensor centers = o.centers.defined()
                       ? o.centers.detach().to(float64)
                       : low + (high - low) * random.uniform({o.n_centers, n_features});
  if (centers.dim() != 2 || centers.numel() == 0)
    throw ShapeError(
        fmt::format("make_blobs: centers are {}; they must be (n_centers, "
                    "n_features), with at least one of each",
                    xgrad::detail::describe(o.centers)));
  const Tensor targets = balanced_classes(n_samples, centers.size(0));
  const Tensor inputs = index_select(centers, 0, targets) +
                        o.cluster_std * random.normal({n_samples, centers.size(1)});
  const Batch batch = finished(inputs, targets, o.shuffle, 0, o.dtype, random);
  return {batch.inputs, batch.targets, centers.to(o.dtype)};
}

Regression make_regression(Count n_samples, Count n_features, const MakeRegressionOptions& o,
                           Site site) {
  const OpScope scope("make_regression", site);
  const NoGrad guard;
  check_common("make_regression", n_samples, o.noise, o.dtype);
  check("make_regression", n_features >= 1 && o.n_targets >= 1 && o.n_informative >= 0,
        fmt::format("n_features is {}, n_targets {} and n_informative {}; they must be at least "
                    "1, 1 and 0",
                    n_features, o.n_targets, o.n_informative));
  check("make_regression",
        o.effective_rank.value_or(1) >= 1 && o.tail_strength >= 0 && o.tail_strength <= 1,
        fmt::format("effective_rank is {} and tail_strength is {}; they must be at least 1 and in "
                    "[0, 1]",
                    o.effective_rank.value_or(1), o.tail_strength));
  RandomState random(o.random_state);
  const std::int64_t informative = std::min<std::int64_t>(o.n_informative, n_features);
  Tensor inputs = o.effective_rank
                      ? low_rank(n_samples, n_features, static_cast<double>(*o.effective_rank),
                                 o.tail_strength, random)
                      : random.normal({n_samples, n_features});
  Tensor coef = xgrad::cat({100 * random.uniform({informative, o.n_targets}),
                            zeros({n_features - informative, o.n_targets}, exact)});
  if (o.shuffle) {
    inputs = index_select(inputs, 0, random.permutation(n_samples));
    const Tensor order = random.permutation(n_features);
    inputs = index_select(inputs, 1, order);
    coef = index_select(coef, 0, order);
  }
  Tensor targets = matmul(inputs, coef) + o.bias;
  if (o.noise > 0) targets = targets + o.noise * random.normal(targets.shape());
  if (o.n_targets == 1) targets = targets.squeeze(1), coef = coef.squeeze(1);
  return {inputs.to(o.dtype), targets.to(o.dtype), coef.to(o.dtype)};
}

}  // namespace xgrad::data
