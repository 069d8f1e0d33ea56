#include <xgrad/data/data_loader.hpp>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <list>
#include <memory>
#include <mutex>
#include <numeric>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/random.hpp>
#include <xgrad/graph/state_reader.hpp>
#include <xgrad/ops/sampling.hpp>

namespace xgrad::data::detail {

/// One way through the samples; with prefetch, a thread prepares its batches.
class UntypedLoader::Epoch {
 public:
  /// `order` is undefined where the samples come as they are.
  Epoch(Fetch fetch, std::uint64_t number, std::int64_t samples, Tensor order,
        std::int64_t batch_size, std::int64_t skipped, std::size_t prefetch)
      : fetch_(std::move(fetch)),
        number_(number),
        samples_(samples),
        order_(std::move(order)),
        batch_size_(batch_size),
        room_(prefetch),
        position_(std::min(samples, skipped * batch_size)),
        delivered_(skipped) {
    if (room_ > 0) start();
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

  std::shared_ptr<void> next() {
    std::shared_ptr<void> batch = next_batch();
    (batch ? delivered_ : ended_) += 1;
    return batch;
  }
  std::uint64_t number() const noexcept { return number_; }
  std::int64_t delivered() const noexcept { return delivered_; }
  bool ended() const noexcept { return ended_ > 0; }

 private:
  std::shared_ptr<void> next_batch() {
    if (room_ == 0) return fetch_next();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !ready_.empty(); });
    if (ready_.front().last()) {  // the last word stays, for those who ask again
      if (ready_.front().error) std::rethrow_exception(ready_.front().error);
      return {};
    }
    std::shared_ptr<void> batch = std::move(ready_.front().batch);
    ready_.pop_front();
    changed_.notify_all();
    return batch;
  }

  struct Prepared {
    std::shared_ptr<void> batch;  // none at the end
    std::exception_ptr error = nullptr;
    bool last() const { return !batch; }
  };

  // Without a thread to be had, batches are fetched when they are asked for.
  void start() {
    try {
      thread_ = std::thread([this] { prepare(); });
    } catch (const std::system_error&) {
      room_ = 0;
    }
  }

  std::shared_ptr<void> fetch_next() {
    const std::int64_t count = std::min(samples_ - position_, batch_size_);
    if (count <= 0) return {};
    std::vector<std::int64_t> counted;
    const Indices indices = at(position_, count, counted);
    position_ += count;
    return fetch_(indices, number_);
  }

  Indices at(std::int64_t begin, std::int64_t count, std::vector<std::int64_t>& counted) const {
    if (order_.defined())
      return order_.span<std::int64_t>().subspan(static_cast<std::size_t>(begin),
                                                 static_cast<std::size_t>(count));
    counted.resize(static_cast<std::size_t>(count));
    std::iota(counted.begin(), counted.end(), begin);
    return counted;
  }

  // The next batch, or the end that was allocated beforehand: telling of an error allocates
  // nothing.
  std::list<Prepared> prepare_one() {
    std::list<Prepared> one;
    try {
      if (std::shared_ptr<void> batch = fetch_next()) one.push_back({std::move(batch)});
    } catch (...) {
      end_.front().error = std::current_exception();
    }
    if (one.empty()) one.splice(one.end(), end_);
    return one;
  }

  void prepare() {
    for (;;) {
      std::list<Prepared> prepared = prepare_one();
      const bool last = prepared.front().last();
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopped_ || ready_.size() < room_; });
      if (stopped_) return;
      ready_.splice(ready_.end(), prepared);
      changed_.notify_all();
      if (last) return;
    }
  }

  const Fetch fetch_;
  const std::uint64_t number_;
  const std::int64_t samples_;
  const Tensor order_;
  const std::int64_t batch_size_;
  std::size_t room_;
  std::int64_t position_;
  std::int64_t delivered_, ended_ = 0;  // batches, and how often the end was told
  std::mutex mutex_;
  std::condition_variable changed_;
  std::list<Prepared> ready_;
  std::list<Prepared> end_ = std::list<Prepared>(1);
  bool stopped_ = false;
  std::thread thread_;
};

UntypedLoader::UntypedLoader(std::int64_t samples, Fetch fetch, DataLoaderOptions options,
                             Site site)
    : samples_(samples), fetch_(std::move(fetch)), options_(options), site_(site) {
  if (options.batch_size < 1 || options.prefetch < 0)
    throw ValueError(
        fmt::format(
            "DataLoader: batch_size is {} and prefetch is {}; batch_size must be at least 1 "
            "and prefetch at least 0",
            options.batch_size, options.prefetch),
        site);
  if (samples < 0)
    throw ValueError(
        fmt::format("DataLoader: the dataset's size() is {}; it must be at least 0", samples),
        site);
}

std::int64_t UntypedLoader::size() const noexcept {
  const std::int64_t b = options_.batch_size;
  return samples_ / b + (!options_.drop_last && samples_ % b != 0 ? 1 : 0);
}

std::shared_ptr<UntypedLoader::Epoch> UntypedLoader::start() {
  Tensor order;
  if (options_.shuffle) {
    const OpScope scope("DataLoader", site_);
    Generator generator(options_.seed * 0x9E3779B97F4A7C15U + epoch_);
    order = randperm(samples_, {.generator = &generator});
  }
  const std::int64_t used =
      options_.drop_last ? samples_ - samples_ % options_.batch_size : samples_;
  auto epoch = std::make_shared<Epoch>(fetch_, epoch_, used, std::move(order), options_.batch_size,
                                       skipped_, static_cast<std::size_t>(options_.prefetch));
  running_ = epoch;
  ++epoch_;
  skipped_ = 0;
  return epoch;
}

std::shared_ptr<void> UntypedLoader::next(Epoch& epoch) { return epoch.next(); }

namespace {

// What decides the batches of an epoch, with the names that its state has.
StateDict order_of(std::int64_t samples, const DataLoaderOptions& options) {
  return {{"samples", samples},
          {"batch_size", options.batch_size},
          {"shuffle", options.shuffle},
          {"drop_last", options.drop_last},
          {"seed", static_cast<std::int64_t>(options.seed)}};
}

// Reports what is another value than its own.
void read_order(const StateDict& own, xgrad::detail::StateReader& reader) {
  const auto read_as = [&]<class T>(const std::string& name, const T& expected) {
    T found = expected;
    reader.read(name, found);
    if (found != expected)
      reader.refuse(name, xgrad::detail::describe(expected), xgrad::detail::describe(found));
  };
  for (const auto& [name, value] : own)
    if (const auto* const flag = std::get_if<bool>(&value))
      read_as(name, *flag);
    else
      read_as(name, std::get<std::int64_t>(value));
}

}  // namespace

StateDict UntypedLoader::state_dict() const {
  const std::shared_ptr<Epoch> running = running_.lock();
  const bool within = running && !running->ended() && running->number() + 1 == epoch_;
  StateDict state{{"epoch", static_cast<std::int64_t>(within ? running->number() : epoch_)},
                  {"batches", within ? running->delivered() : skipped_}};
  state.set_below("", order_of(samples_, options_));
  return state;
}

void UntypedLoader::load_state_dict(const StateDict& state, Site site) {
  const OpScope scope("load_state_dict", site);
  xgrad::detail::StateReader reader(state);
  std::int64_t epoch = 0, batches = 0;
  reader.read("epoch", epoch);
  reader.read("batches", batches);
  if (batches < 0 || batches > size())
    reader.refuse("batches", fmt::format("0 to {}", size()), fmt::to_string(batches));
  read_order(order_of(samples_, options_), reader);
  reader.check_fits("DataLoader", "dataset and options must be those of the one saved");
  epoch_ = static_cast<std::uint64_t>(epoch);
  skipped_ = batches;
  running_.reset();
}

}  // namespace xgrad::data::detail
