// data_loader.hpp: DataLoader, which iterates over a dataset in batches.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include <xgrad/data/data_loader_options.hpp>
#include <xgrad/data/dataset.hpp>
#include <xgrad/data/sample_error.hpp>
#include <xgrad/graph/state_dict.hpp>

namespace xgrad::data {

namespace detail {

class BatchPlan;

/// A DataLoader of batches whose type it does not know.
class UntypedLoader {
 public:
  struct Source {
    std::function<std::shared_ptr<void>(Indices, std::uint64_t epoch, Fetching&)> batch;
    std::function<void(std::int64_t, std::uint64_t epoch)> sample;  ///< whether it can be fetched
  };
  UntypedLoader(std::int64_t samples, Source source, DataLoaderOptions options, Site site);
  /// A copy is at the same place, but has no part in a loop that is running.
  UntypedLoader(const UntypedLoader& other);
  UntypedLoader& operator=(const UntypedLoader& other);
  UntypedLoader(UntypedLoader&&) noexcept = default;
  UntypedLoader& operator=(UntypedLoader&&) noexcept = default;
  ~UntypedLoader() = default;

  std::int64_t size() const noexcept;
  std::uint64_t epoch() const noexcept { return at_.epoch; }
  void set_epoch(std::uint64_t epoch) noexcept {
    at_ = {epoch, 0};
    running_.reset();
  }
  const std::vector<std::int64_t>& failed_samples() const noexcept { return *failed_; }
  StateDict state_dict() const;
  void load_state_dict(const StateDict& state, Site site);

  class Epoch;
  /// Starts the next epoch.
  std::shared_ptr<Epoch> start();
  /// Its next batch; null at the end.
  static std::shared_ptr<void> next(Epoch& epoch);

 private:
  struct Place {
    std::uint64_t epoch = 0;
    std::int64_t batches = 0;  // of that epoch, delivered
  };
  Place place() const;
  int threads() const noexcept;

  Source source_;
  std::shared_ptr<const BatchPlan> plan_;
  Place at_;                      // where the next loop begins
  std::weak_ptr<Epoch> running_;  // the loop that began last
  // Of the exception that came last out of a loop, which is gone then.
  std::shared_ptr<std::vector<std::int64_t>> failed_ =
      std::make_shared<std::vector<std::int64_t>>();
};

}  // namespace detail

/// Iterates over a dataset in batches:
///
///     data::DataLoader loader(data::Mnist(folder), {.batch_size = 64, .shuffle = true});
///     for (auto [images, labels] : loader) ...
///     for (auto& batch : loader) model(batch.inputs) ...
///
/// B is the type of the batches, which the compiler takes from the dataset; `DataLoader<>` is a
/// loader of Batch. Each loop is an epoch.
///
/// Threads, the `workers`, call the dataset's `get` for several batches at once. The loop gets the
/// same batches in the same order with any number of them, also if the dataset draws from the
/// default generator, which has numbers of its own in each batch. Two or more workers compute ops
/// with one thread each. An exception that the dataset throws is rethrown from the loop in the
/// place of its batch, with the indices of the samples (sample_error.hpp). Leaving a loop early
/// stops its workers. Several loops can run at once; each has its own workers. A loop that goes on
/// in the child of a fork goes on without workers.
///
/// A copy is at the place of the original: its next loop has what the original's has still to give.
template <class B = Batch>
class DataLoader {
 public:
  /// @throws ValueError  if batch_size is less than 1, if workers, prefetch or the dataset's size
  /// is
  ///                     negative, or if the options exclude each other.
  template <BatchDataset D>
  requires std::convertible_to<BatchOf<D>, B>
  explicit DataLoader(D dataset, DataLoaderOptions options = {},
                      Site site = {__builtin_FILE(), __builtin_LINE()})
      : DataLoader(std::make_shared<const D>(std::move(dataset)), std::move(options), site) {}
  /// With a function that makes the batch of a `std::vector` of samples, which workers call:
  ///
  ///     data::DataLoader loader(texts, [](const std::vector<Text>& samples) { return
  ///     padded(samples); },
  ///                             {.batch_size = 8});
  ///
  /// A sample is what `get(index)` returns; of a dataset without it, position 0 of the batch of
  /// this sample alone.
  template <Dataset D, class Collate>
  requires std::convertible_to<CollatedOf<D, Collate>, B> DataLoader(D dataset, Collate collate,
                                                                     DataLoaderOptions options = {},
                                                                     Site site = {__builtin_FILE(),
                                                                                  __builtin_LINE()})
      : DataLoader(std::make_shared<const D>(std::move(dataset)), std::move(collate),
                   std::move(options), site) {}

  /// The number of batches in an epoch.
  std::int64_t size() const noexcept { return loader_.size(); }
  /// The number of the next loop's epoch, from 0 on; it decides the order of the samples and what
  /// random transforms draw.
  std::uint64_t epoch() const noexcept { return loader_.epoch(); }
  /// Goes on with that epoch, as in training that is resumed.
  void set_epoch(std::uint64_t epoch) noexcept { loader_.set_epoch(epoch); }

  /// The samples that the exception is about that came last out of a loop: indices into the
  /// dataset, as those of SampleError, also if the exception is of a type of the user's. None
  /// before.
  const std::vector<std::int64_t>& failed_samples() const noexcept {
    return loader_.failed_samples();
  }

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
  template <BatchDataset D>
  DataLoader(std::shared_ptr<const D> set, DataLoaderOptions options, Site site)
      : loader_(
            set->size(),
            {[set, site](detail::Indices indices, std::uint64_t epoch,
                         detail::Fetching& fetching) -> std::shared_ptr<void> {
               return std::make_shared<B>(detail::get_batch(*set, indices, epoch, site, fetching));
             },
             [set, site](std::int64_t index, std::uint64_t epoch) {
               get_batch(*set, detail::Indices(&index, 1), epoch, site);
             }},
            std::move(options), site) {}
  template <Dataset D, class Collate>
  DataLoader(std::shared_ptr<const D> set, Collate collate, DataLoaderOptions options, Site site)
      : loader_(
            set->size(),
            {[set, collate = std::move(collate)](
                 detail::Indices indices, std::uint64_t epoch,
                 detail::Fetching& fetching) -> std::shared_ptr<void> {
               fetching.one_by_one = true;
               std::vector<SampleOf<D>> samples;
               for (const std::int64_t i : indices) {
                 samples.push_back(get_sample(*set, i, epoch));
                 ++fetching.samples;
               }
               return std::make_shared<B>(collate(std::move(samples)));
             },
             [set](std::int64_t index, std::uint64_t epoch) { get_sample(*set, index, epoch); }},
            std::move(options), site) {}

  detail::UntypedLoader loader_;
};

template <BatchDataset D>
DataLoader(D, DataLoaderOptions = {}, Site = {}) -> DataLoader<BatchOf<D>>;
template <Dataset D, class Collate>
DataLoader(D, Collate, DataLoaderOptions = {}, Site = {})
    -> DataLoader<std::remove_cvref_t<CollatedOf<D, Collate>>>;

}  // namespace xgrad::data
