#include <xgrad/graph/parallel.hpp>

#include <atomic>
#include <exception>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

#include "memory/workers.hpp"

namespace xgrad {

namespace {

thread_local bool in_chunk = false;  // chunks are not divided further

}  // namespace

int num_threads() { return detail::is_forked() ? 1 : detail::team_size(); }

void set_num_threads(int threads) {
  if (threads < 1 || threads > detail::most_threads())
    throw ValueError(fmt::format(
        "set_num_threads: threads is {}; it must be at least 1 and, on this machine, at "
        "most {}",
        threads, detail::most_threads()));
  if (in_chunk)
    throw ValueError(
        "set_num_threads: it was called by work that threads share; call it before or after");
  if (detail::is_forked() && threads > 1)
    throw ValueError(
        fmt::format("set_num_threads: threads is {}, but the child of a fork has only one, since "
                    "the workers stay in the parent; use one thread, or compute after exec",
                    threads));
  detail::set_team_size(threads);
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
  run_on_team(
      chunks, [](void* all, std::int64_t chunk) { static_cast<Chunks*>(all)->run(chunk); }, &work);
  work.finish();
}

}  // namespace detail
}  // namespace xgrad
