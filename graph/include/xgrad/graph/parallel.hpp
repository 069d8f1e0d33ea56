// parallel.hpp: threads for kernels. Work is cut by size alone, never by the number of threads, so
// that results are the same bits with any number of them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

namespace xgrad {

/// Threads that kernels called from this thread may use (OpenMP's number; OMP_NUM_THREADS sets it).
int num_threads();
/// Sets it for kernels called from this thread.
/// @throws ValueError  unless at least 1, and at most 64 or four for each of the machine's
///                     processors; above 1 in the child of a fork.
///
/// The child of a fork computes in one thread: OpenMP's others stay in the parent. A std::thread
/// that it starts, and a program that it executes, has threads again.
void set_num_threads(int threads);

namespace detail {

// Elements of cheap work below which one thread is faster than two (a region costs 1 to 2 us).
inline constexpr std::int64_t parallel_grain = 32768;

void parallel_chunks(std::int64_t chunks, void (*body)(void*, std::int64_t), void* context);

/// Calls f(chunk) for each chunk in [0, chunks), on several threads if there are several. What one
/// of them throws is thrown here, after the others.
template <class F>
void parallel_chunks(std::int64_t chunks, F&& f) {
  if (chunks == 1) return f(std::int64_t{0});
  using Body = std::remove_reference_t<F>;
  parallel_chunks(
      chunks, [](void* context, std::int64_t chunk) { (*static_cast<Body*>(context))(chunk); },
      const_cast<void*>(static_cast<const void*>(&f)));
}

/// Cuts [0, count) into pieces of `grain` and calls f(begin, end) for each.
template <class F>
void parallel_ranges(std::int64_t count, std::int64_t grain, F&& f) {
  if (count <= grain) return f(std::int64_t{0}, count);
  parallel_chunks((count + grain - 1) / grain, [&](std::int64_t chunk) {
    f(chunk * grain, std::min(count, (chunk + 1) * grain));
  });
}

}  // namespace detail
}  // namespace xgrad
