#include <xgrad/data/samplers.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <zlib.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/sampling.hpp>
#include <xgrad/ops/scatter.hpp>

#include "epoch_generator.hpp"

namespace xgrad::data {
namespace {

using detail::epoch_generator;
using xgrad::detail::describe;

void check_samples(const char* op, std::int64_t samples, Site site) {
  if (samples < 0)
    throw ValueError(fmt::format("{}: samples is {}; it must be at least 0", op, samples), site);
}

void check_num_samples(const char* op, std::int64_t num_samples, Site site) {
  if (num_samples < 1)
    throw ValueError(fmt::format("{}: num_samples is {}; it must be at least 1", op, num_samples),
                     site);
}

void check_vector(const char* op, const char* what, const Tensor& x) {
  if (x.dim() != 1)
    throw ShapeError(fmt::format("{}: {} are {}; they must have one dim", op, what, describe(x)));
}

// Tells tensors apart in a text.
std::string checksum(const Tensor& x) {
  const auto* const bytes = static_cast<const unsigned char*>(x.node().storage->data());
  const auto size = static_cast<std::size_t>(x.numel()) * size_of(x.dtype());
  return fmt::format("[{}], crc32={:08x}", x.numel(), ::crc32_z(0, bytes, size));
}

void check_weights(const Tensor& weights) {
  check_vector("WeightedRandomSampler", "weights", weights);
  if (weights.dtype() != float32 && weights.dtype() != float64)
    throw DTypeError(
        fmt::format("WeightedRandomSampler: weights are {}; they must be float32 or float64",
                    describe(weights)));
  const Tensor doubles = weights.to(float64);
  for (const double w : doubles.span<double>())
    if (!(w >= 0 && std::isfinite(w)))
      throw ValueError(fmt::format(
          "WeightedRandomSampler: a weight is {}; weights must be finite and at least 0", w));
}

// Whole permutations, and a part of another one for the rest.
Tensor permutations(std::int64_t samples, std::int64_t count, Generator& generator) {
  Tensor all = empty({count}, {.dtype = int64});  // first: more may not fit into memory
  std::int64_t* to = all.mutable_data<std::int64_t>();
  for (std::int64_t left = count; left > 0; left -= std::min(left, samples))
    to = std::copy_n(randperm(samples, {.generator = &generator}).data<std::int64_t>(),
                     std::min(left, samples), to);
  return all;
}

std::int64_t ceil_div(std::int64_t n, std::int64_t by) { return n / by + (n % by != 0 ? 1 : 0); }

}  // namespace

SequentialSampler::SequentialSampler(Count samples, Site site) : samples_(samples), site_(site) {
  check_samples("SequentialSampler", samples_, site);
}
Tensor SequentialSampler::indices(std::uint64_t) const {
  const OpScope scope("SequentialSampler", site_);
  return arange(samples_);
}
std::string SequentialSampler::to_string() const {
  return fmt::format("SequentialSampler({})", samples_);
}

RandomSampler::RandomSampler(Count samples, RandomSamplerOptions options, Site site)
    : samples_(samples), options_(options), site_(site) {
  check_samples("RandomSampler", samples_, site);
  if (!options_.num_samples) return;
  check_num_samples("RandomSampler", *options_.num_samples, site);
  if (samples_ == 0)
    throw ValueError(fmt::format("RandomSampler: num_samples is {}, but there are no samples",
                                 *options_.num_samples),
                     site);
}
Tensor RandomSampler::indices(std::uint64_t epoch) const {
  const OpScope scope("RandomSampler", site_);
  Generator generator = epoch_generator(options_.seed, epoch);
  if (!options_.replacement) return permutations(samples_, size(), generator);
  if (samples_ == 0) return arange(0);
  return randint(0, samples_, {size()}, {.generator = &generator});
}
std::string RandomSampler::to_string() const {
  return fmt::format("RandomSampler({}, replacement={}, num_samples={}, seed={})", samples_,
                     options_.replacement, size(), options_.seed);
}

WeightedRandomSampler::WeightedRandomSampler(const Tensor& weights, Count num_samples,
                                             WeightedRandomSamplerOptions options, Site site)
    : num_samples_(num_samples), options_(options), site_(site) {
  const OpScope scope("WeightedRandomSampler", site);
  check_weights(weights);
  check_num_samples("WeightedRandomSampler", num_samples_, site);
  weights_ = weights.detach().clone();
  indices();  // throws if so many cannot be drawn
}
Tensor WeightedRandomSampler::indices(std::uint64_t epoch) const {
  const OpScope scope("WeightedRandomSampler", site_);
  Generator generator = epoch_generator(options_.seed, epoch);
  return multinomial(weights_, num_samples_, options_.replacement, &generator);
}
std::string WeightedRandomSampler::to_string() const {
  return fmt::format("WeightedRandomSampler({}, num_samples={}, replacement={}, seed={})",
                     checksum(weights_), num_samples_, options_.replacement, options_.seed);
}

SubsetRandomSampler::SubsetRandomSampler(const Tensor& indices, SubsetRandomSamplerOptions options,
                                         Site site)
    : options_(options), site_(site) {
  const OpScope scope("SubsetRandomSampler", site);
  check_vector("SubsetRandomSampler", "indices", indices);
  if (indices.dtype() != int64)
    throw DTypeError(
        fmt::format("SubsetRandomSampler: indices are {}; they must be int64", describe(indices)));
  for (const std::int64_t i : indices.span<std::int64_t>())
    if (i < 0)
      throw ValueError(
          fmt::format("SubsetRandomSampler: an index is {}; it must be at least 0", i));
  indices_ = indices.clone();
}
SubsetRandomSampler::SubsetRandomSampler(const std::vector<std::int64_t>& indices,
                                         SubsetRandomSamplerOptions options, Site site)
    : SubsetRandomSampler(tensor(indices), options, site) {}
Tensor SubsetRandomSampler::indices(std::uint64_t epoch) const {
  const OpScope scope("SubsetRandomSampler", site_);
  Generator generator = epoch_generator(options_.seed, epoch);
  return take(indices_, randperm(size(), {.generator = &generator}));
}
std::string SubsetRandomSampler::to_string() const {
  return fmt::format("SubsetRandomSampler({}, seed={})", checksum(indices_), options_.seed);
}

DistributedSampler::DistributedSampler(Count samples, DistributedSamplerOptions options, Site site)
    : samples_(samples), options_(options), site_(site) {
  check_samples("DistributedSampler", samples_, site);
  if (options_.num_replicas < 1 || options_.rank < 0 || options_.rank >= options_.num_replicas)
    throw ValueError(
        fmt::format(
            "DistributedSampler: rank is {} and num_replicas is {}; num_replicas must be at "
            "least 1, and rank at least 0 and less than num_replicas",
            options_.rank, options_.num_replicas),
        site);
}
std::int64_t DistributedSampler::size() const noexcept {
  return options_.drop_last ? samples_ / options_.num_replicas
                            : ceil_div(samples_, options_.num_replicas);
}
Tensor DistributedSampler::indices(std::uint64_t epoch) const {
  const OpScope scope("DistributedSampler", site_);
  Generator generator = epoch_generator(options_.seed, epoch);
  const Tensor order =
      options_.shuffle ? randperm(samples_, {.generator = &generator}) : arange(samples_);
  Tensor mine = empty({size()}, {.dtype = int64});
  std::int64_t* to = mine.mutable_data<std::int64_t>();
  for (std::int64_t i = 0; i < size(); ++i)
    to[i] = order.data<std::int64_t>()[(options_.rank + i * options_.num_replicas) % samples_];
  return mine;
}
std::string DistributedSampler::to_string() const {
  return fmt::format(
      "DistributedSampler({}, num_replicas={}, rank={}, shuffle={}, seed={}, drop_last={})",
      samples_, options_.num_replicas, options_.rank, options_.shuffle, options_.seed,
      options_.drop_last);
}

}  // namespace xgrad::data
