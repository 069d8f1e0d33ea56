#include "memory/workers.hpp"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string_view>

#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace xgrad::detail {

namespace {

std::atomic<bool> forked = false;
[[maybe_unused]] const int registered = pthread_atfork(nullptr, nullptr, [] { forked = true; });

int processors() { return tbb::info::default_concurrency(); }
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

}  // namespace

bool is_forked() noexcept { return forked; }
int most_threads() { return std::max(64, 4 * processors()); }

int team_size() { return team().threads(); }
void set_team_size(int threads) { team().resize(threads); }

void run_on_team(std::int64_t count, void (*run)(void*, std::int64_t), void* context) {
  using Group = tbb::task_group_context;
  Group group(Group::isolated, Group::default_traits | Group::fp_settings);  // rounding as here
  team().arena().execute([&] {
    tbb::parallel_for(
        std::int64_t{0}, count, [=](std::int64_t i) { run(context, i); }, tbb::simple_partitioner(),
        group);
  });
}

}  // namespace xgrad::detail
