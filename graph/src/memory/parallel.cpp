#include <xgrad/graph/parallel.hpp>

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>

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
  const char* const value = std::getenv("OMP_NUM_THREADS");
  const std::string_view text = value != nullptr ? value : "";
  int asked = 0;
  std::from_chars(text.data(), text.data() + text.size(), asked);
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
  static int most = processors();
  static std::unique_ptr<tbb::global_control> allowed;
  const std::scoped_lock lock(mutex);
  if (threads <= most) return;
  allowed = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism,
                                                  static_cast<std::size_t>(threads));
  most = threads;
}

// A thread's number of threads, and the arena in which workers help it.
class Team {
 public:
  Team() = default;
  ~Team() { drop_arena(); }
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  int threads() const noexcept { return threads_; }
  void resize(int threads) {
    threads_ = threads;
    drop_arena();
  }
  tbb::task_arena& arena() {
    if (!arena_) {
      allow_workers(threads_);
      arena_ = std::make_unique<tbb::task_arena>(threads_);
    }
    return *arena_;
  }

 private:
  // In the child of a fork it stays, since workers that are not there may hold its locks.
  void drop_arena() {
    if (forked)
      static_cast<void>(arena_.release());
    else
      arena_.reset();
  }

  int threads_ = default_threads();
  std::unique_ptr<tbb::task_arena> arena_;
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
  if (in_chunk)
    throw ValueError(
        "set_num_threads: it was called by work that threads share; call it before or after");
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
      : body_(body), context_(context) {
    left_.store(count, std::memory_order_release);
  }

  void run(std::int64_t chunk) noexcept {
    static_cast<void>(left_.load(std::memory_order_acquire));
    const OpScopeGuard same_call(call_);
    const bool before = std::exchange(in_chunk, true);
    try {
      body_(context_, chunk);
    } catch (...) {
      keep_exception(chunk);
    }
    in_chunk = before;
    left_.fetch_sub(1, std::memory_order_release);
  }

  void finish() const {
    static_cast<void>(left_.load(std::memory_order_acquire));
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  // That of the first chunk, whatever the order in time.
  void keep_exception(std::int64_t chunk) {
    const std::scoped_lock lock(mutex_);
    if (!thrown_ || chunk < thrown_by_) thrown_ = std::current_exception(), thrown_by_ = chunk;
  }

  void (*const body_)(void*, std::int64_t);
  void* const context_;
  const CalledOp* const call_ = called_op;
  std::atomic<std::int64_t> left_;
  std::mutex mutex_;
  std::exception_ptr thrown_;
  std::int64_t thrown_by_ = 0;
};

}  // namespace

void parallel_chunks(std::int64_t chunks, void (*body)(void*, std::int64_t), void* context) {
  if (in_chunk || num_threads() == 1) {
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) body(context, chunk);
    return;
  }
  Chunks work(chunks, body, context);
  using Group = tbb::task_group_context;
  Group group(Group::isolated, Group::default_traits | Group::fp_settings);  // rounding as here
  team().arena().execute([&] {
    tbb::parallel_for(
        std::int64_t{0}, chunks, [&](std::int64_t chunk) { work.run(chunk); },
        tbb::simple_partitioner(), group);
  });
  work.finish();
}

}  // namespace detail
}  // namespace xgrad
