#include <xgrad/graph/parallel.hpp>

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>

#include <fmt/format.h>
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

namespace xgrad {

namespace {

// The child of a fork, whose workers stayed in the parent.
std::atomic<bool> forked = false;
[[maybe_unused]] const int registered = pthread_atfork(nullptr, nullptr, [] { forked = true; });

int processors() { return tbb::info::default_concurrency(); }
int most_threads() { return std::max(64, 4 * processors()); }

// The first number of OMP_NUM_THREADS, if it is one, else the processors that this process may use.
int threads_at_start() {
  const char* const text = std::getenv("OMP_NUM_THREADS");
  const int asked = text != nullptr ? std::atoi(text) : 0;
  return asked > 0 ? std::min(asked, most_threads()) : processors();
}
int default_threads() {
  static const int threads = threads_at_start();
  return threads;
}

// oneTBB starts as many workers as there are processors, or as many as the largest number asked
// for.
void allow_workers(int threads) {
  static std::mutex mutex;
  static std::unique_ptr<tbb::global_control> allowed;
  constexpr auto workers = tbb::global_control::max_allowed_parallelism;
  if (threads <= processors()) return;
  const std::scoped_lock lock(mutex);
  if (static_cast<std::size_t>(threads) > tbb::global_control::active_value(workers))
    allowed = std::make_unique<tbb::global_control>(workers, static_cast<std::size_t>(threads));
}

// A thread's number of threads, and the arena in which workers help it.
class Team {
 public:
  int threads() const noexcept { return threads_; }
  void resize(int threads) {
    threads_ = threads;
    arena_.reset();
  }
  tbb::task_arena& arena() {
    if (!arena_) {
      allow_workers(threads_);
      arena_.emplace(threads_);
    }
    return *arena_;
  }

 private:
  int threads_ = default_threads();
  std::optional<tbb::task_arena> arena_;
};

Team& team() {
  static thread_local Team of_thread;
  return of_thread;
}

thread_local bool in_chunk = false;  // chunks are not divided further

}  // namespace

int num_threads() { return forked ? 1 : team().threads(); }

void set_num_threads(int threads) {
  if (threads < 1 || threads > most_threads())
    throw ValueError(fmt::format(
        "set_num_threads: threads is {}; it must be at least 1 and, on this machine, at "
        "most {}",
        threads, most_threads()));
  if (forked && threads > 1)
    throw ValueError(
        fmt::format("set_num_threads: threads is {}, but the child of a fork has only one, since "
                    "the workers stay in the parent; use one thread, or compute after exec",
                    threads));
  team().resize(threads);
}

namespace detail {

namespace {

// One division of work. The count orders what chunks read and write for ThreadSanitizer as well,
// which does not see into oneTBB.
class Chunks {
 public:
  Chunks(std::int64_t count, void (*body)(void*, std::int64_t), void* context)
      : body_(body), context_(context), left_(count) {}

  void run(std::int64_t chunk) noexcept {
    static_cast<void>(left_.load(std::memory_order_acquire));
    const OpScopeGuard same_call(call_);
    const bool before = std::exchange(in_chunk, true);
    try {
      body_(context_, chunk);
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      thrown_ = std::current_exception();
    }
    in_chunk = before;
    left_.fetch_sub(1, std::memory_order_release);
  }

  void finish() const {
    static_cast<void>(left_.load(std::memory_order_acquire));
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  void (*const body_)(void*, std::int64_t);
  void* const context_;
  const CalledOp* const call_ = called_op;
  std::atomic<std::int64_t> left_;
  std::mutex mutex_;
  std::exception_ptr thrown_;
};

}  // namespace

void parallel_chunks(std::int64_t chunks, void (*body)(void*, std::int64_t), void* context) {
  if (in_chunk || num_threads() == 1) {
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) body(context, chunk);
    return;
  }
  Chunks work(chunks, body, context);
  team().arena().execute([&] {
    tbb::parallel_for(
        std::int64_t{0}, chunks, [&](std::int64_t chunk) { work.run(chunk); },
        tbb::simple_partitioner());
  });
  work.finish();
}

}  // namespace detail
}  // namespace xgrad
