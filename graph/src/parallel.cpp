#include <xgrad/graph/parallel.hpp>

#include <omp.h>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad {

int num_threads() { return omp_get_max_threads(); }

void set_num_threads(int threads) {
  if (threads < 1)
    throw ValueError(fmt::format("set_num_threads: {} threads; at least 1 is needed", threads));
  omp_set_num_threads(threads);
}

namespace detail {

void parallel_chunks(std::int64_t chunks, void (*body)(void*, std::int64_t), void* context) {
  if (omp_get_max_threads() == 1 || omp_in_parallel()) {
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) body(context, chunk);
    return;
  }
#pragma omp parallel for schedule(static)
  for (std::int64_t chunk = 0; chunk < chunks; ++chunk) body(context, chunk);
}

}  // namespace detail
}  // namespace xgrad
