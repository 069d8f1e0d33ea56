// failing.hpp: a program's allocations, counted, and made to fail one by one.
#pragma once

#include <functional>

namespace xgrad::test {

/// Allocations by operator new that are alive, of all threads.
long living_allocations() noexcept;

/// Until the end of the scope, this thread's allocation number k (from 1) throws std::bad_alloc.
class FailingAllocation {
 public:
  explicit FailingAllocation(long k) noexcept;
  ~FailingAllocation();
  FailingAllocation(const FailingAllocation&) = delete;
  FailingAllocation& operator=(const FailingAllocation&) = delete;
};

struct Work {
  std::function<void()> prepare;  // the state that `run` begins with
  std::function<void()> run;
  std::function<void()> check_failed;  // what must be as prepared, after run has thrown
  std::function<void()> check_done;    // what a run that succeeds leaves
  std::function<void()> clear;         // away with what a run leaves, so that leaks can be counted
};

/// Runs the work with its first allocation failing, then its second, and so on until it has none
/// left to fail. After each failure: check_failed, nothing leaked, and the same work succeeds.
/// Returns how many allocations failed.
long fail_each_allocation(const Work& work);

}  // namespace xgrad::test
