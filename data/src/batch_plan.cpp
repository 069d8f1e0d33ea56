#include "batch_plan.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/ops/sampling.hpp>

#include "epoch_generator.hpp"

namespace xgrad::data::detail {
namespace {

void check_numbers(const DataLoaderOptions& o, Site site) {
  if (o.batch_size < 1 || o.prefetch < 0 || o.workers < 0)
    throw ValueError(
        fmt::format("DataLoader: batch_size is {}, workers is {} and prefetch is {}; batch_size "
                    "must be at least 1, and workers and prefetch at least 0",
                    o.batch_size, o.workers, o.prefetch),
        site);
}

void check_samplers(const DataLoaderOptions& o, Site site) {
  const bool has_batches = static_cast<bool>(o.batch_sampler);
  if (has_batches && (o.batch_size != 1 || o.shuffle || o.sampler || o.drop_last))
    throw ValueError(
        "DataLoader: batch_sampler decides the batches; it excludes batch_size, shuffle, sampler "
        "and drop_last",
        site);
  if (o.sampler && o.shuffle)
    throw ValueError(
        "DataLoader: sampler decides the order; it excludes shuffle; RandomSampler shuffles", site);
}

}  // namespace

std::vector<std::int64_t> EpochBatches::at(std::int64_t number) const {
  if (!batches_.empty()) return batches_[static_cast<std::size_t>(number)];
  const std::int64_t begin = number * batch_size_;
  std::vector<std::int64_t> indices(
      static_cast<std::size_t>(std::min(samples_ - begin, batch_size_)));
  if (order_.defined())
    std::copy_n(order_.data<std::int64_t>() + begin, indices.size(), indices.begin());
  else
    std::iota(indices.begin(), indices.end(), begin);
  return indices;
}

BatchPlan::BatchPlan(std::int64_t samples, DataLoaderOptions options, Site site)
    : samples_(samples), options_(std::move(options)), site_(site) {
  check_numbers(options_, site);
  check_samplers(options_, site);
  if (samples < 0)
    throw ValueError(
        fmt::format("DataLoader: the dataset's size() is {}; it must be at least 0", samples),
        site);
}

// How many indices an epoch has.
std::int64_t BatchPlan::in_order() const noexcept {
  return options_.sampler ? options_.sampler.size() : samples_;
}

std::int64_t BatchPlan::size() const noexcept {
  if (options_.batch_sampler) return options_.batch_sampler.size();
  const std::int64_t b = options_.batch_size;
  return in_order() / b + (!options_.drop_last && in_order() % b != 0 ? 1 : 0);
}

EpochBatches BatchPlan::epoch(std::uint64_t number) const {
  const OpScope scope("DataLoader", site_);
  if (options_.sampler || options_.batch_sampler) return sampled(number);
  Tensor order;
  if (options_.shuffle) {
    Generator generator = epoch_generator(options_.seed, number);
    order = randperm(samples_, {.generator = &generator});
  }
  return {std::move(order), samples_, options_.batch_size};
}

EpochBatches BatchPlan::sampled(std::uint64_t epoch) const {
  if (options_.sampler) {
    Tensor order = options_.sampler.indices(epoch);
    check_indices(options_.sampler.to_string(), order.span<std::int64_t>());
    return {std::move(order), in_order(), options_.batch_size};
  }
  BatchSampler::Batches batches = options_.batch_sampler.batches(epoch);
  for (const auto& batch : batches) check_indices(options_.batch_sampler.to_string(), batch);
  return EpochBatches(std::move(batches));
}

void BatchPlan::check_indices(const std::string& sampler,
                              std::span<const std::int64_t> indices) const {
  for (const std::int64_t i : indices)
    if (i < 0 || i >= samples_)
      throw ValueError(
          fmt::format("DataLoader: {} gives index {}, which is out of range; the dataset has {} "
                      "samples",
                      sampler, i, samples_));
}

StateDict BatchPlan::state_dict() const {
  StateDict state{{"samples", samples_},
                  {"batch_size", options_.batch_size},
                  {"shuffle", options_.shuffle},
                  {"drop_last", options_.drop_last},
                  {"seed", static_cast<std::int64_t>(options_.seed)}};
  if (options_.sampler) state.set("sampler", options_.sampler.to_string());
  if (options_.batch_sampler) state.set("batch_sampler", options_.batch_sampler.to_string());
  return state;
}

}  // namespace xgrad::data::detail
