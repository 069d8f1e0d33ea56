// page_faults.hpp: a step that is repeated takes its memory from the cache. Fresh pages from the
// system, which it fills with zeros, cost more than most ops.
#pragma once

#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include <xgrad/graph/random.hpp>

#include "support/catch.hpp"

namespace xgrad::test {

struct Loop {
  const char* name;
  std::function<std::function<void()>()> make;  // makes the step
};

inline long page_faults() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

/// Of so many steps. The least of four times, since the system also maps pages for reasons of its
/// own.
inline long page_faults_of(int steps, const std::function<void()>& step) {
  const auto repeat = [&] {
    for (int i = 0; i < steps; ++i) step();
  };
  repeat();
  long least = std::numeric_limits<long>::max();
  for (int attempt = 0; attempt < 4 && least > 0; ++attempt) {
    const long before = page_faults();
    repeat();
    least = std::min(least, page_faults() - before);
  }
  return least;
}

/// No step maps a page, nor does one of five.
inline void check_page_faults(const std::vector<Loop>& loops, int steps = 50) {
  if (XGRAD_TEST_SANITIZED) return;  // they map memory of their own
  // As when a process starts: otherwise malloc keeps more, the more was freed before.
  mallopt(M_MMAP_THRESHOLD, 128 << 10);
  for (const Loop& loop : loops) {
    DYNAMIC_SECTION(loop.name) {
      manual_seed(1);
      CHECK(page_faults_of(steps, loop.make()) < steps / 5);
    }
  }
}

}  // namespace xgrad::test
