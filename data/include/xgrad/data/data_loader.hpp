// data_loader.hpp: DataLoader, which iterates over a dataset in batches.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>

#include <xgrad/data/dataset.hpp>
#include <xgrad/graph/state_dict.hpp>

namespace xgrad::data {

struct DataLoaderOptions {
  std::int64_t batch_size = 1;
  bool shuffle = false;
  bool drop_last = false;  ///< skip the last batch if it is not full
  std::uint64_t seed = 0;  ///< seed of the shuffling; each epoch has its own order
  int prefetch = 2;        ///< number of batches that a thread prepares ahead; 0: no thread
};

namespace detail {

/// A DataLoader of batches whose type it does not know.
class UntypedLoader {
 public:
  using Fetch = std::function<std::shared_ptr<void>(Indices, std::uint64_t epoch)>;
  UntypedLoader(std::int64_t samples, Fetch fetch, DataLoaderOptions options, Site site);

  std::int64_t size() const noexcept;
  std::uint64_t epoch() const noexcept { return epoch_; }
  void set_epoch(std::uint64_t epoch) noexcept {
    epoch_ = epoch;
    skipped_ = 0;
    running_.reset();
  }
  StateDict state_dict() const;
  void load_state_dict(const StateDict& state, Site site);

  class Epoch;
  /// Starts the next epoch.
  std::shared_ptr<Epoch> start();
  /// Its next batch; null at the end.
  static std::shared_ptr<void> next(Epoch& epoch);

 private:
  std::int64_t samples_;
  Fetch fetch_;
  DataLoaderOptions options_;
  Site site_;
  std::uint64_t epoch_ = 0;
  std::int64_t skipped_ = 0;      // batches of the next epoch that were delivered before
  std::weak_ptr<Epoch> running_;  // the loop that began last
};

}  // namespace detail

/// Iterates over a dataset in batches:
///
///     data::DataLoader loader(data::Mnist(folder), {.batch_size = 64, .shuffle = true});
///     for (auto [images, labels] : loader) ...
///     for (auto& batch : loader) model(batch.inputs) ...
///
/// B is the type of the batches, which the compiler takes from the dataset; `DataLoader<>` is a
/// loader of Batch. Each loop is an epoch. An exception that the dataset throws is rethrown from
/// the loop. Leaving a loop early stops its thread. Several loops can run at once; each has its own
/// thread.
template <class B = Batch>
class DataLoader {
 public:
  /// @throws ValueError  if batch_size is less than 1, or if prefetch or the dataset's size is
  ///                     negative.
  template <Dataset D>
  requires std::convertible_to<BatchOf<D>, B>
  explicit DataLoader(D dataset, DataLoaderOptions options = {},
                      Site site = {__builtin_FILE(), __builtin_LINE()})
      : DataLoader(std::make_shared<const D>(std::move(dataset)), options, site) {}

  /// The number of batches in an epoch.
  std::int64_t size() const noexcept { return loader_.size(); }
  /// The number of the next loop's epoch, from 0 on; it decides the order of the samples and what
  /// random transforms draw.
  std::uint64_t epoch() const noexcept { return loader_.epoch(); }
  /// Goes on with that epoch, as in training that is resumed.
  void set_epoch(std::uint64_t epoch) noexcept { loader_.set_epoch(epoch); }

  /// Where the loader is: "epoch", and "batches", how many of that epoch's batches the loop that
  /// began last has been given; and what decides the order: "samples", "batch_size", "shuffle",
  /// "drop_last" and "seed". Between loops, the next epoch and 0.
  StateDict state_dict() const { return loader_.state_dict(); }
  /// Goes on from there: the next loop has the rest of the epoch, with the same batches as without
  /// the interruption. Batches that were delivered are not fetched again.
  /// @throws ValueError  if the order would be another one, or if entries are missing or
  /// unexpected.
  ///                     Nothing has been changed then.
  void load_state_dict(const StateDict& state, Site site = {__builtin_FILE(), __builtin_LINE()}) {
    loader_.load_state_dict(state, site);
  }

  class Iterator {
   public:
    using value_type = B;
    using difference_type = std::ptrdiff_t;
    /// The batch, until the next step; the loop may change it or move out of it.
    B& operator*() const { return *batch_; }
    B* operator->() const { return batch_.get(); }
    Iterator& operator++() {
      batch_ = std::static_pointer_cast<B>(detail::UntypedLoader::next(*epoch_));
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& a, std::default_sentinel_t) { return !a.batch_; }

   private:
    friend class DataLoader;
    explicit Iterator(std::shared_ptr<detail::UntypedLoader::Epoch> epoch)
        : epoch_(std::move(epoch)) {
      ++*this;
    }
    std::shared_ptr<detail::UntypedLoader::Epoch> epoch_;
    std::shared_ptr<B> batch_;
  };
  /// Starts the next epoch.
  Iterator begin() { return Iterator(loader_.start()); }
  std::default_sentinel_t end() const noexcept { return {}; }

 private:
  template <Dataset D>
  DataLoader(std::shared_ptr<const D> set, DataLoaderOptions options, Site site)
      : loader_(
            set->size(),
            [set](detail::Indices indices, std::uint64_t epoch) -> std::shared_ptr<void> {
              return std::make_shared<B>(get_batch(*set, indices, epoch));
            },
            options, site) {}

  detail::UntypedLoader loader_;
};

template <Dataset D>
DataLoader(D, DataLoaderOptions = {}, Site = {}) -> DataLoader<BatchOf<D>>;

}  // namespace xgrad::data
