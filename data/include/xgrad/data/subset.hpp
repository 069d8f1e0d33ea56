// subset.hpp: some samples of a dataset, and datasets divided at random.
#pragma once

#include <initializer_list>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/data/dataset.hpp>
#include <xgrad/graph/random.hpp>

namespace xgrad::data {

namespace detail {

/// The indices of a subset, checked. @throws ValueError  for one outside [0, samples).
Tensor checked_indices(Tensor indices, std::int64_t samples, Site site);
/// all[i] for each i. @throws ValueError  for an i that is not there.
Tensor at_indices(const Tensor& all, Indices indices, Site site);

}  // namespace detail

/// The samples of a dataset that stand at the indices, in the order of the indices. Copies share
/// the dataset.
template <BatchDataset D>
class Subset {
 public:
  /// @param indices  int64, 1-d.
  /// @throws ValueError  for an index that the dataset does not have; ShapeError, DTypeError for
  ///                     indices that are not a vector of int64.
  Subset(std::shared_ptr<const D> dataset, Tensor indices,
         Site site = {__builtin_FILE(), __builtin_LINE()})
      : dataset_(std::move(dataset)),
        indices_(detail::checked_indices(std::move(indices), dataset_->size(), site)),
        site_(site) {}
  Subset(D dataset, Tensor indices, Site site = {__builtin_FILE(), __builtin_LINE()})
      : Subset(std::make_shared<const D>(std::move(dataset)), std::move(indices), site) {}
  Subset(D dataset, const std::vector<std::int64_t>& indices,
         Site site = {__builtin_FILE(), __builtin_LINE()})
      : Subset(std::move(dataset), tensor(indices), site) {}

  std::int64_t size() const { return indices_.size(0); }
  /// Which samples of the dataset these are.
  const Tensor& indices() const noexcept { return indices_; }
  const D& dataset() const noexcept { return *dataset_; }
  /// @throws ValueError  for an index that is not there.
  BatchOf<D> get(std::span<const std::int64_t> indices, std::uint64_t epoch = 0) const {
    const Tensor chosen = detail::at_indices(indices_, indices, site_);
    return get_batch(*dataset_, chosen.span<std::int64_t>(), epoch, site_);
  }

 private:
  std::shared_ptr<const D> dataset_;
  Tensor indices_;
  Site site_;
};

/// How `random_split` divides: `{5000, 1000}`, numbers of samples that add up to all of them, or
/// `{0.8, 0.2}`, fractions that add up to 1.
class SplitLengths {
 public:
  template <class T>
  requires std::is_integral_v<T> SplitLengths(std::initializer_list<T> lengths)
      : lengths_(lengths.begin(), lengths.end()) {}
  template <class T>
  requires std::is_floating_point_v<T> SplitLengths(std::initializer_list<T> fractions)
      : fractions_(fractions.begin(), fractions.end()) {}
  SplitLengths(std::vector<std::int64_t> lengths) : lengths_(std::move(lengths)) {}
  SplitLengths(std::vector<double> fractions) : fractions_(std::move(fractions)) {}

  /// The numbers of samples. Of fractions, each part is rounded down, and the samples that are left
  /// go to the first parts, one each.
  /// @throws ValueError  for lengths below 0 or that do not add up.
  std::vector<std::int64_t> of(std::int64_t samples) const;

 private:
  std::vector<std::int64_t> lengths_;
  std::vector<double> fractions_;
};

namespace detail {
std::vector<Tensor> split_indices(std::int64_t samples, const SplitLengths& lengths,
                                  Generator* generator, Site site);
}

/// Divides a dataset at random into subsets without common samples:
///
///     auto parts = data::random_split(data::Mnist(folder), {0.9, 0.1});
///
/// @param generator  the thread's default generator if null.
/// @throws ValueError  for lengths below 0 or that do not add up.
template <BatchDataset D>
std::vector<Subset<D>> random_split(D dataset, const SplitLengths& lengths,
                                    Generator* generator = nullptr,
                                    Site site = {__builtin_FILE(), __builtin_LINE()}) {
  const auto shared = std::make_shared<const D>(std::move(dataset));
  std::vector<Subset<D>> parts;
  for (Tensor& indices : detail::split_indices(shared->size(), lengths, generator, site))
    parts.emplace_back(shared, std::move(indices), site);
  return parts;
}

}  // namespace xgrad::data
