// concat_dataset.hpp: datasets one after the other.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <xgrad/data/dataset.hpp>

namespace xgrad::data {

namespace detail {

/// Which part of a concatenation has a sample, and where.
struct PartIndex {
  std::size_t part;
  std::int64_t index;
};

/// Where the parts of a concatenation begin.
class PartOffsets {
 public:
  /// @throws ValueError  for a negative size, or more samples than 64 bits count.
  PartOffsets(const std::vector<std::int64_t>& sizes, Site site);
  std::int64_t size() const noexcept { return ends_.empty() ? 0 : ends_.back(); }
  /// @throws ValueError  for an index that is not there.
  PartIndex find(std::int64_t index) const;

 private:
  std::vector<std::int64_t> ends_;
};

}  // namespace detail

/// The samples of several datasets, those of the first, then those of the second, ...:
///
///     data::ConcatDataset both(data::Mnist(folder), data::Mnist(another_folder));
///
/// The datasets may have different types, but their batches one type B, which `cat` joins: Tensor,
/// Batch, or a type of your own with `B cat(const std::vector<B>&)` in its namespace.
template <class B>
class ConcatDataset {
 public:
  /// @throws ValueError  for a dataset of a negative size.
  template <BatchDataset... D>
  requires(sizeof...(D) > 0 && (std::convertible_to<BatchOf<D>, B> && ...))  //
      explicit ConcatDataset(D... datasets)
      : offsets_({static_cast<std::int64_t>(datasets.size())...}, {}),
        parts_{part(std::move(datasets))...} {}

  std::int64_t size() const noexcept { return offsets_.size(); }
  /// @throws ValueError  for an index that is not there.
  B get(std::span<const std::int64_t> indices, std::uint64_t epoch = 0) const {
    std::vector<B> runs;
    std::vector<std::int64_t> run;
    for (std::size_t i = 0; i < indices.size();) {
      const std::size_t of = offsets_.find(indices[i]).part;
      for (run.clear(); i < indices.size(); ++i) {
        const detail::PartIndex at = offsets_.find(indices[i]);
        if (at.part != of) break;
        run.push_back(at.index);
      }
      runs.push_back(parts_[of](run, epoch));
    }
    if (runs.empty()) return parts_[0](run, epoch);
    if (runs.size() == 1) return std::move(runs[0]);
    return cat(runs);
  }

 private:
  using Get = std::function<B(detail::Indices, std::uint64_t)>;
  template <BatchDataset D>
  static Get part(D dataset) {
    return [set = std::make_shared<const D>(std::move(dataset))](detail::Indices indices,
                                                                 std::uint64_t epoch) -> B {
      return get_batch(*set, indices, epoch, Site{});
    };
  }

  detail::PartOffsets offsets_;
  std::vector<Get> parts_;
};

template <BatchDataset D, BatchDataset... More>
ConcatDataset(D, More...) -> ConcatDataset<BatchOf<D>>;

}  // namespace xgrad::data
