#include <xgrad/data/sampler.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::data {
namespace {

// A sampler's indices, `batch_size` at a time.
struct Groups {
  Sampler sampler;
  std::int64_t batch_size;
  bool drop_last;

  std::int64_t size() const {
    return sampler.size() / batch_size + (!drop_last && sampler.size() % batch_size != 0 ? 1 : 0);
  }
  BatchSampler::Batches batches(std::uint64_t epoch) const {
    const Tensor all = sampler.indices(epoch);
    const std::span<const std::int64_t> indices = all.span<std::int64_t>();
    BatchSampler::Batches batches;
    for (std::int64_t i = 0; i < size(); ++i) {
      const auto begin = indices.begin() + i * batch_size;
      batches.emplace_back(begin, begin + std::min(batch_size, indices.end() - begin));
    }
    return batches;
  }
  std::string to_string() const {
    return fmt::format("BatchSampler({}, batch_size={}, drop_last={})", sampler.to_string(),
                       batch_size, drop_last);
  }
};

Groups checked(Sampler sampler, std::int64_t batch_size, bool drop_last, Site site) {
  if (!sampler) throw ValueError("BatchSampler: there is no sampler", site);
  if (batch_size < 1)
    throw ValueError(
        fmt::format("BatchSampler: batch_size is {}; it must be at least 1", batch_size), site);
  return {std::move(sampler), batch_size, drop_last};
}

}  // namespace

Tensor Sampler::indices(std::uint64_t epoch) const {
  Tensor all = indices_ ? indices_(epoch) : Tensor();
  if (!all.defined()) throw ValueError("Sampler: it has no indices");
  if (all.dtype() != int64)
    throw DTypeError(fmt::format("Sampler: the indices of {} are {}; they must be int64", text_,
                                 xgrad::detail::describe(all)));
  if (all.dim() != 1 || all.size(0) != size_)
    throw ShapeError(fmt::format("Sampler: the indices of {} are {}; they must have shape [{}]",
                                 text_, xgrad::detail::describe(all), size_));
  return all;
}

BatchSampler::BatchSampler(Sampler sampler, Count batch_size, Flag drop_last, Site site)
    : BatchSampler(checked(std::move(sampler), batch_size, drop_last, site)) {}

BatchSampler::Batches BatchSampler::batches(std::uint64_t epoch) const {
  Batches all = batches_ ? batches_(epoch) : Batches();
  if (static_cast<std::int64_t>(all.size()) != size_)
    throw ValueError(
        fmt::format("BatchSampler: {} has {} batches in epoch {}, but its size() is {}", text_,
                    all.size(), epoch, size_));
  return all;
}

}  // namespace xgrad::data
