// parallel.hpp: threads for kernels. Work is divided by size alone, never by the number of threads,
// so results have the same bits with any number of threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

namespace xgrad {

/// The number of threads that kernels called from this thread use: what set_num_threads said, else
/// OMP_NUM_THREADS (its first number), else the number of processors that the process may use. Threads of the program
/// that compute at the same time share one pool of workers (oneTBB's).
int num_threads();
/// Sets the number of threads for kernels called from this thread. It may be larger than the number
/// of processors.
///
/// The child of a fork computes in one thread, since the workers stay in the parent. A program that
/// it executes can use several threads again.
/// @throws ValueError  unless threads is at least 1 and at most max(64, 4 * processors), or, in the
///                     child of a fork, at most 1; within work that threads share.
void set_num_threads(int threads);

namespace detail {

// Cheap work on fewer elements than this is faster in one thread: dividing work costs 1-2 us.
inline constexpr std::int64_t parallel_grain = 32768;

void parallel_chunks(std::int64_t chunks, void (*body)(void*, std::int64_t), void* context);

/// Calls f(chunk) for each chunk in [0, chunks), on all threads. What the first of the chunks that
/// throw has thrown comes out; one thread leaves it at that, several do the other chunks as well.
/// Calls from within a chunk run in its thread.
template <class F>
void parallel_chunks(std::int64_t chunks, F&& f) {
  if (chunks == 1) return f(std::int64_t{0});
  using Body = std::remove_reference_t<F>;
  parallel_chunks(
      chunks, [](void* context, std::int64_t chunk) { (*static_cast<Body*>(context))(chunk); },
      const_cast<void*>(static_cast<const void*>(&f)));
}

/// Divides [0, count) into ranges of `grain` elements and calls f(begin, end) for each.
template <class F>
void parallel_ranges(std::int64_t count, std::int64_t grain, F&& f) {
  if (count <= grain) return f(std::int64_t{0}, count);
  parallel_chunks((count + grain - 1) / grain, [&](std::int64_t chunk) {
    f(chunk * grain, std::min(count, (chunk + 1) * grain));
  });
}

}  // namespace detail
}  // namespace xgrad
