// data_loader.hpp: DataLoader, which iterates over a dataset in batches.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <vector>

#include <xgrad/data/dataset.hpp>

namespace xgrad::data {

struct DataLoaderOptions {
  std::int64_t batch_size = 1;
  bool shuffle = false;
  bool drop_last = false;  ///< skip the last batch if it is not full
  std::uint64_t seed = 0;  ///< seed of the shuffling; each epoch has its own order
  int prefetch = 2;        ///< number of batches that a thread prepares ahead; 0: no thread
};

/// Iterates over a dataset in batches:
///
///     data::DataLoader loader(data::Mnist(folder), {.batch_size = 64, .shuffle = true});
///     for (auto [images, labels] : loader) ...
///
/// Each loop is an epoch. An exception that the dataset throws is rethrown from the loop. Leaving a
/// loop early stops its thread. Several loops can run at once; each has its own thread.
class DataLoader {
 public:
  /// @throws ValueError  if batch_size is less than 1, or if prefetch or the dataset's size is
  ///                     negative.
  template <Dataset D>
  explicit DataLoader(D dataset, DataLoaderOptions options = {},
                      Site site = {__builtin_FILE(), __builtin_LINE()})
      : DataLoader(std::make_shared<const D>(std::move(dataset)), options, site) {}

  /// The number of batches in an epoch.
  std::int64_t size() const noexcept;

  class Epoch;
  class Iterator {
   public:
    using value_type = Batch;
    using difference_type = std::ptrdiff_t;
    Batch operator*() const { return *batch_; }
    Iterator& operator++();
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& a, std::default_sentinel_t) { return !a.batch_; }

   private:
    friend class DataLoader;
    explicit Iterator(std::shared_ptr<Epoch> epoch) : epoch_(std::move(epoch)) { ++*this; }
    std::shared_ptr<Epoch> epoch_;
    std::optional<Batch> batch_;
  };
  /// Starts the next epoch.
  Iterator begin();
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  using Fetch = std::function<Batch(std::span<const std::int64_t>)>;
  template <Dataset D>
  DataLoader(std::shared_ptr<const D> set, DataLoaderOptions options, Site site)
      : DataLoader(
            set->size(),
            [set](std::span<const std::int64_t> indices) { return Batch(set->get(indices)); },
            options, site) {}
  DataLoader(std::int64_t samples, Fetch fetch, DataLoaderOptions options, Site site);

  std::int64_t samples_;
  Fetch fetch_;
  DataLoaderOptions options_;
  Site site_;
  std::uint64_t epochs_ = 0;
};

}  // namespace xgrad::data
