#include <xgrad/data/data_loader.hpp>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/random.hpp>

namespace xgrad::data {
namespace {

// Fisher and Yates.
void shuffle(std::vector<std::int64_t>& order, Generator generator) {
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[generator.below(i)]);
}

}  // namespace

/// One way through the samples; with prefetch, a thread prepares its batches.
class DataLoader::Epoch {
 public:
  Epoch(Fetch fetch, std::vector<std::int64_t> order, std::int64_t batch_size, std::size_t prefetch)
      : fetch_(std::move(fetch)),
        order_(std::move(order)),
        batch_size_(batch_size),
        room_(prefetch) {
    if (room_ > 0) thread_ = std::thread([this] { prepare(); });
  }
  ~Epoch() {
    {
      const std::scoped_lock lock(mutex_);
      stopped_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  Epoch(const Epoch&) = delete;
  Epoch& operator=(const Epoch&) = delete;

  std::optional<Batch> next() {
    if (room_ == 0) return fetch_next();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !ready_.empty(); });
    Prepared prepared = std::move(ready_.front());
    if (!prepared.last()) ready_.pop_front();  // the last word stays, for those who ask again
    changed_.notify_all();
    if (prepared.error) std::rethrow_exception(prepared.error);
    return std::move(prepared.batch);
  }

 private:
  struct Prepared {
    std::optional<Batch> batch;
    std::exception_ptr error;
    bool last() const { return !batch; }
  };

  std::optional<Batch> fetch_next() {
    const auto left = static_cast<std::int64_t>(order_.size()) - position_;
    if (left <= 0) return {};
    const std::span<const std::int64_t> indices(
        order_.data() + position_, static_cast<std::size_t>(std::min(left, batch_size_)));
    position_ += batch_size_;
    return fetch_(indices);
  }

  Prepared prepare_one() {
    try {
      return {fetch_next(), nullptr};
    } catch (...) {
      return {{}, std::current_exception()};
    }
  }

  void prepare() {
    for (;;) {
      Prepared prepared = prepare_one();
      const bool last = prepared.last();
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopped_ || ready_.size() < room_; });
      if (stopped_) return;
      ready_.push_back(std::move(prepared));
      changed_.notify_all();
      if (last) return;
    }
  }

  const Fetch fetch_;
  const std::vector<std::int64_t> order_;
  const std::int64_t batch_size_;
  const std::size_t room_;
  std::int64_t position_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Prepared> ready_;
  bool stopped_ = false;
  std::thread thread_;
};

DataLoader::DataLoader(std::int64_t samples, Fetch fetch, DataLoaderOptions options)
    : samples_(samples), fetch_(std::move(fetch)), options_(options) {
  if (options.batch_size < 1 || options.prefetch < 0)
    throw ValueError(
        fmt::format("DataLoader: batch_size is {}, prefetch {}; they must be at least 1 "
                    "and 0",
                    options.batch_size, options.prefetch));
}

std::int64_t DataLoader::size() const noexcept {
  const std::int64_t b = options_.batch_size;
  return options_.drop_last ? samples_ / b : (samples_ + b - 1) / b;
}

DataLoader::Iterator DataLoader::begin() {
  std::vector<std::int64_t> order(static_cast<std::size_t>(samples_));
  std::iota(order.begin(), order.end(), 0);
  if (options_.shuffle) shuffle(order, Generator(options_.seed * 0x9E3779B97F4A7C15U + epochs_));
  ++epochs_;
  if (options_.drop_last) order.resize(static_cast<std::size_t>(size() * options_.batch_size));
  return Iterator(std::make_shared<Epoch>(fetch_, std::move(order), options_.batch_size,
                                          static_cast<std::size_t>(options_.prefetch)));
}

DataLoader::Iterator& DataLoader::Iterator::operator++() {
  batch_ = epoch_->next();
  return *this;
}

}  // namespace xgrad::data
