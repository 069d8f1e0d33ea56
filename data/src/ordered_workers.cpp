#include "ordered_workers.hpp"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <pthread.h>

#include <xgrad/graph/parallel.hpp>

namespace xgrad::data::detail {
namespace {

// How many forks lie between this process and the first.
std::atomic<unsigned> forks = 0;
[[maybe_unused]] const int registered = pthread_atfork(nullptr, nullptr, [] { ++forks; });

}  // namespace

struct OrderedWorkers::Shared {
  using Results = std::map<std::int64_t, std::shared_ptr<void>>;

  Shared(std::int64_t begin, std::int64_t behind, std::int64_t most_ahead)
      : claimed(begin), taken(begin), end(behind), ahead(most_ahead) {}
  // Whether there is something to do, or a reason to stop.
  bool wakes_worker() const { return stopped || claimed >= end || claimed - taken < ahead; }
  bool ends_worker() const { return stopped || claimed >= end; }

  std::mutex mutex;
  std::condition_variable room, ready;
  Results results;
  std::int64_t claimed, taken, end, ahead;
  std::exception_ptr error = nullptr;  // of the last job, end - 1
  bool stopped = false;
  std::vector<std::thread> threads;
};

OrderedWorkers::OrderedWorkers(Job job, std::int64_t begin, std::int64_t end, int threads,
                               std::int64_t ahead)
    : job_(std::move(job)), end_(end), position_(begin), forks_(forks) {
  if (threads == 0 || begin >= end) return;
  shared_ = std::make_unique<Shared>(begin, end, ahead);
  try {
    for (int i = 0; i < threads && i < ahead && i < end - begin; ++i)
      shared_->threads.emplace_back([this, threads] {
        if (threads > 1) set_num_threads(1);  // the workers share the processors
        work();
      });
  } catch (const std::exception&) {  // no more threads or memory to be had
    if (shared_->threads.empty()) shared_.reset();
  }
}

OrderedWorkers::~OrderedWorkers() {
  if (forks_ != forks) leave_to_parent();
  if (!shared_) return;
  {
    const std::scoped_lock lock(shared_->mutex);
    shared_->stopped = true;
  }
  shared_->room.notify_all();
  for (std::thread& thread : shared_->threads) thread.join();
}

// In the child of a fork: its copies of the threads never end, and its copy of the mutex may be
// locked by one of them for good.
void OrderedWorkers::leave_to_parent() { static_cast<void>(shared_.release()); }

std::shared_ptr<void> OrderedWorkers::next() {
  if (forks_ != forks) leave_to_parent();
  if (position_ >= end_) return {};
  std::shared_ptr<void> result = shared_ ? take() : job_(position_);
  ++position_;
  return result;
}

std::shared_ptr<void> OrderedWorkers::take() {
  std::unique_lock lock(shared_->mutex);
  const auto fails = [&] { return shared_->error && position_ == shared_->end - 1; };
  shared_->ready.wait(lock, [&] { return fails() || shared_->results.contains(position_); });
  if (fails()) std::rethrow_exception(shared_->error);
  const auto node = shared_->results.extract(position_);
  shared_->taken = position_ + 1;
  shared_->room.notify_one();
  return std::move(node.mapped());
}

// Telling of an error allocates nothing. Jobs behind one that failed are not begun; of several that
// fail, the first counts.
void OrderedWorkers::work() {
  Shared& shared = *shared_;
  for (std::unique_lock lock(shared.mutex);;) {
    shared.room.wait(lock, [&] { return shared.wakes_worker(); });
    if (shared.ends_worker()) return;
    const std::int64_t number = shared.claimed++;
    lock.unlock();
    Shared::Results result;
    std::exception_ptr error;
    try {
      result.emplace(number, job_(number));
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    if (error && number < shared.end) {
      shared.end = number + 1;
      shared.error = error;
      shared.room.notify_all();
    }
    shared.results.merge(result);
    shared.ready.notify_all();
  }
}

}  // namespace xgrad::data::detail
