#include <xgrad/graph/parallel.hpp>

#include <omp.h>
#include <pthread.h>

#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/op_scope.hpp>

namespace xgrad {

namespace {

// The thread that a child process begins with. OpenMP's other threads stayed in the parent, but
// GNU's does not know, and would wait for them.
thread_local bool forked = false;

void begin_child() {
  forked = true;
#ifndef KMP_VERSION_MAJOR  // LLVM's OpenMP begins anew in a child, and hangs if called before that
  omp_set_num_threads(1);  // also for the libraries that kernels call
#endif
}
int most_threads() { return std::max(64, 4 * omp_get_num_procs()); }
[[maybe_unused]] const int registered = pthread_atfork(nullptr, nullptr, begin_child);

}  // namespace

int num_threads() { return forked ? 1 : omp_get_max_threads(); }

void set_num_threads(int threads) {
  if (threads < 1 || threads > most_threads())
    throw ValueError(fmt::format(
        "set_num_threads: threads is {}; it must be at least 1 and, on this machine, at "
        "most {}",
        threads, most_threads()));
  if (forked && threads > 1)
    throw ValueError(
        fmt::format("set_num_threads: threads is {}, but the child of a fork has only one, since "
                    "OpenMP's threads stay in the parent; use one thread, or compute in a new "
                    "std::thread or after exec",
                    threads));
  omp_set_num_threads(threads);
}

namespace detail {

void parallel_chunks(std::int64_t chunks, void (*body)(void*, std::int64_t), void* context) {
  if (num_threads() == 1 || omp_in_parallel()) {
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) body(context, chunk);
    return;
  }
  std::exception_ptr thrown;
  const CalledOp* const call = called_op;
#pragma omp parallel
  {
    const OpScopeGuard same_call(call);
#pragma omp for schedule(static)
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) try {
        body(context, chunk);
      } catch (...) {
#pragma omp critical(xgrad_thrown)
        thrown = std::current_exception();
      }
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace detail
}  // namespace xgrad
