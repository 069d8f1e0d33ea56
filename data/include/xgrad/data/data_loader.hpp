// data_loader.hpp: batches of a dataset, one epoch after the other.
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
  bool drop_last = false;  ///< leave out a last batch that is not full
  std::uint64_t seed = 0;  ///< of the shuffling; each epoch has its own order
  int prefetch = 2;        ///< batches that a thread prepares ahead; 0 for no thread
};

/// Goes through a dataset in batches:
///
///     data::DataLoader loader(data::Mnist(folder), {.batch_size = 64, .shuffle = true});
///     for (auto [images, labels] : loader) ...
///
/// Each loop is an epoch. An exception in the dataset comes out of the loop; leaving a loop early
/// stops the thread. Several loops may run at once; each has a thread of its own.
class DataLoader {
 public:
  /// @throws ValueError  unless batch_size is at least 1, and prefetch and the dataset's size are
  ///                     at least 0.
  template <Dataset D>
  explicit DataLoader(D dataset, DataLoaderOptions options = {},
                      Site site = {__builtin_FILE(), __builtin_LINE()})
      : DataLoader(std::make_shared<const D>(std::move(dataset)), options, site) {}

  /// Batches in an epoch.
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
