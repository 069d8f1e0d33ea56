#include "failing.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#include <xgrad/graph/memory.hpp>

#include "support/catch.hpp"

namespace {

std::atomic<long> living{0};
thread_local long until_failure = 0;  // 0: none fails

void* allocate(std::size_t bytes, std::size_t alignment) {
  if (until_failure > 0 && --until_failure == 0) throw std::bad_alloc();
  const std::size_t rounded = (bytes + alignment) / alignment * alignment;
  void* const memory = std::aligned_alloc(alignment, rounded);
  if (memory == nullptr) throw std::bad_alloc();
  living.fetch_add(1, std::memory_order_relaxed);
  return memory;
}

void release(void* memory) noexcept {
  if (memory == nullptr) return;
  living.fetch_sub(1, std::memory_order_relaxed);
  std::free(memory);
}

}  // namespace

#include "support/operator_new.hpp"

namespace xgrad::test {

long living_allocations() noexcept { return living.load(std::memory_order_relaxed); }

FailingAllocation::FailingAllocation(long k) noexcept { until_failure = k; }
FailingAllocation::~FailingAllocation() { until_failure = 0; }

namespace {

bool fails(const std::function<void()>& run, long k) {
  try {
    const FailingAllocation failing(k);
    run();
  } catch (const std::bad_alloc&) {
    return true;
  }
  return false;
}

}  // namespace

long fail_each_allocation(const Work& work) {
  const detail::DirectBlocks direct;  // or most of them would come from the cache
  for (int warm = 0; warm < 2; ++warm) {
    work.prepare();
    work.run();
    work.check_done();
  }
  for (long k = 1;; ++k) {
    INFO("allocation " << k);
    work.prepare();
    work.clear();
    const long before = living_allocations();
    if (!fails(work.run, k)) return k - 1;
    work.check_failed();
    work.clear();
    REQUIRE(living_allocations() == before);
    work.run();
    work.check_done();
  }
}

}  // namespace xgrad::test
