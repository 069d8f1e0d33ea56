#include <xgrad/data/data_loader.hpp>

#include <map>
#include <mutex>

#include <fmt/format.h>

#include <xgrad/data/sample_error.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/graph/random.hpp>
#include <xgrad/graph/state_reader.hpp>

#include "batch_plan.hpp"
#include "ordered_workers.hpp"

namespace xgrad::data::detail {
namespace {

// What is drawn from the thread's default generator, for a while, is drawn from another one.
class DefaultGeneratorGuard {
 public:
  explicit DefaultGeneratorGuard(const Generator& other) : before_(default_generator()) {
    default_generator() = other;
  }
  ~DefaultGeneratorGuard() { default_generator() = before_; }
  DefaultGeneratorGuard(const DefaultGeneratorGuard&) = delete;
  DefaultGeneratorGuard& operator=(const DefaultGeneratorGuard&) = delete;

 private:
  const Generator before_;
};

// Each number keys the generator that the next one is looked up in, as in Draws.
Generator batch_generator(std::uint64_t seed, std::uint64_t epoch, std::int64_t batch) {
  std::uint64_t key = seed;
  for (const std::uint64_t number : {epoch, static_cast<std::uint64_t>(batch)}) {
    const Generator::Bits bits = Generator(key).at(number);
    key = std::uint64_t{bits.word[0]} << 32 | bits.word[1];
  }
  return Generator(key);
}

}  // namespace

/// One way through the batches, which workers prepare.
class UntypedLoader::Epoch {
 public:
  Epoch(const UntypedLoader& loader, std::uint64_t number, std::int64_t skipped)
      : source_(loader.source_),
        seed_(loader.plan_->options().seed),
        number_(number),
        failed_(loader.failed_),
        batches_(loader.plan_->epoch(number)),
        workers_([this](std::int64_t batch) { return fetch(batch); }, skipped, loader.plan_->size(),
                 loader.threads(),
                 std::int64_t{loader.threads()} * loader.plan_->options().prefetch) {}

  std::shared_ptr<void> next() {
    try {
      std::shared_ptr<void> batch = workers_.next();
      ended_ = ended_ || !batch;
      return batch;
    } catch (...) {
      tell_failed(workers_.position());
      throw;
    }
  }
  std::uint64_t number() const noexcept { return number_; }
  std::int64_t delivered() const noexcept { return workers_.position(); }
  bool ended() const noexcept { return ended_; }

 private:
  std::shared_ptr<void> fetch(std::int64_t batch) const {
    const DefaultGeneratorGuard guard(batch_generator(seed_, number_, batch));
    const std::vector<std::int64_t> indices = batches_.at(batch);
    Fetching fetching;
    try {
      return source_.batch(indices, number_, fetching);
    } catch (...) {
      const std::vector<std::int64_t> samples = culprit(indices, batch, fetching);
      {
        const std::scoped_lock lock(mutex_);
        culprits_[batch] = samples;
      }
      rethrow_with_samples(samples, number_);
    }
  }
  void tell_failed(std::int64_t batch) const {
    const std::scoped_lock lock(mutex_);
    const auto found = culprits_.find(batch);
    *failed_ = found == culprits_.end() ? std::vector<std::int64_t>() : found->second;
  }

  // The sample that was being fetched, or all of them.
  std::vector<std::int64_t> culprit(const std::vector<std::int64_t>& indices, std::int64_t batch,
                                    const Fetching& fetching) const {
    if (!fetching.one_by_one) return found_alone(indices, batch);
    if (fetching.samples < indices.size()) return {indices[fetching.samples]};
    return indices;
  }
  // The first sample that fails alone, with the random numbers of the batch, or all of them.
  std::vector<std::int64_t> found_alone(const std::vector<std::int64_t>& indices,
                                        std::int64_t batch) const {
    if (indices.size() < 2) return indices;
    const DefaultGeneratorGuard guard(batch_generator(seed_, number_, batch));
    for (const std::int64_t i : indices) try {
        source_.sample(i, number_);
      } catch (...) {
        return {i};
      }
    return indices;
  }

  const Source source_;
  const std::uint64_t seed_, number_;
  const std::shared_ptr<std::vector<std::int64_t>> failed_;  // of the loader
  const EpochBatches batches_;
  mutable std::mutex mutex_;
  mutable std::map<std::int64_t, std::vector<std::int64_t>> culprits_;  // by batch
  bool ended_ = false;
  OrderedWorkers workers_;  // ends first
};

UntypedLoader::UntypedLoader(std::int64_t samples, Source source, DataLoaderOptions options,
                             Site site)
    : source_(std::move(source)),
      plan_(std::make_shared<const BatchPlan>(samples, std::move(options), site)) {}

UntypedLoader::UntypedLoader(const UntypedLoader& other)
    : source_(other.source_), plan_(other.plan_), at_(other.place()) {}
UntypedLoader& UntypedLoader::operator=(const UntypedLoader& other) {
  return *this = UntypedLoader(other);
}

int UntypedLoader::threads() const noexcept {
  return plan_->options().prefetch > 0 ? plan_->options().workers : 0;
}

std::int64_t UntypedLoader::size() const noexcept { return plan_->size(); }

std::shared_ptr<UntypedLoader::Epoch> UntypedLoader::start() {
  auto epoch = std::make_shared<Epoch>(*this, at_.epoch, at_.batches);
  running_ = epoch;
  at_ = {at_.epoch + 1, 0};
  return epoch;
}

std::shared_ptr<void> UntypedLoader::next(Epoch& epoch) { return epoch.next(); }

// In the loop that began last, or before the next.
UntypedLoader::Place UntypedLoader::place() const {
  const std::shared_ptr<Epoch> running = running_.lock();
  const bool within = running && !running->ended() && running->number() + 1 == at_.epoch;
  return within ? Place{running->number(), running->delivered()} : at_;
}

namespace {

// Reports what is another value than the loader's own.
void read_order(const StateDict& own, xgrad::detail::StateReader& reader) {
  for (const auto& [name, value] : own)
    std::visit(
        [&, &name = name]<class T>(const T& expected) {
          if constexpr (!std::is_same_v<T, Tensor>) {
            T found = expected;
            reader.read(name, found);
            if (found != expected)
              reader.refuse(name, xgrad::detail::describe(expected),
                            xgrad::detail::describe(found));
          }
        },
        value);
}

}  // namespace

StateDict UntypedLoader::state_dict() const {
  const Place at = place();
  StateDict state{{"epoch", static_cast<std::int64_t>(at.epoch)}, {"batches", at.batches}};
  state.set_below("", plan_->state_dict());
  return state;
}

void UntypedLoader::load_state_dict(const StateDict& state, Site site) {
  const OpScope scope("load_state_dict", site);
  xgrad::detail::StateReader reader(state);
  std::int64_t epoch = 0, batches = 0;
  reader.read("epoch", epoch);
  reader.read("batches", batches);
  if (epoch < 0) reader.refuse("epoch", "0 or more", fmt::to_string(epoch));
  if (batches < 0 || batches > size())
    reader.refuse("batches", fmt::format("0 to {}", size()), fmt::to_string(batches));
  read_order(plan_->state_dict(), reader);
  reader.check_fits("DataLoader", "dataset and options must be those of the one saved");
  at_ = {static_cast<std::uint64_t>(epoch), batches};
  running_.reset();
}

}  // namespace xgrad::data::detail
