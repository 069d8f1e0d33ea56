// ordered_workers.hpp: threads that do numbered jobs ahead of the one who takes the results.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

namespace xgrad::data::detail {

/// Does the jobs begin, begin + 1, ..., end - 1 and gives their results out in this order. Without
/// threads, a job is done when its result is asked for.
class OrderedWorkers {
 public:
  /// Runs in several threads at once, each time with another number. The result is not null.
  using Job = std::function<std::shared_ptr<void>(std::int64_t number)>;

  /// @param threads  how many do the jobs; fewer if the system does not give so many.
  /// @param ahead    how many jobs may be begun or done whose results were not taken; at least 1.
  OrderedWorkers(Job job, std::int64_t begin, std::int64_t end, int threads, std::int64_t ahead);
  /// Waits for the jobs that have begun. In the child of a fork there are none.
  ~OrderedWorkers();
  OrderedWorkers(const OrderedWorkers&) = delete;
  OrderedWorkers& operator=(const OrderedWorkers&) = delete;

  /// The result of the next job; null behind the last. Rethrows what the job has thrown, again and
  /// again. In the child of a fork, whose parent kept the threads, it does the job itself.
  std::shared_ptr<void> next();
  /// The number of the job whose result is next.
  std::int64_t position() const noexcept { return position_; }

 private:
  struct Shared;
  std::shared_ptr<void> take();
  void work();
  void leave_to_parent();

  const Job job_;
  const std::int64_t end_;
  std::int64_t position_;
  const unsigned forks_;
  std::unique_ptr<Shared> shared_;  // null without threads
};

}  // namespace xgrad::data::detail
