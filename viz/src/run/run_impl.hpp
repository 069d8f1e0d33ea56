// run_impl.hpp: Run::Impl, an open run.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <xgrad/graph/hooks.hpp>
#include <xgrad/viz/run.hpp>

#include "run/event_file.hpp"
#include "run/log_file.hpp"
#include "run/run_data.hpp"

namespace xgrad::viz {

/// Seconds since 1970, to a millisecond.
double now();

class Run::Impl {
 public:
  Impl(std::string folder, RunOptions options, Site site);

  /// Appends lines to the log. If that succeeds, calls apply(data, events), and flushes if it is
  /// time. `events` is null without TensorBoard's file.
  template <class Apply>
  void record(std::string_view lines, const Apply& apply) {
    const std::lock_guard lock(mutex_);
    require_open();
    log_.append(lines);
    apply(data_, events_ ? &*events_ : nullptr);
    if (is_stale()) write();
  }
  void scalar(std::string_view name, std::int64_t step, double value);
  void histogram(std::string_view name, std::int64_t step, const Tensor& values);
  void flush();
  /// Once; later calls do nothing.
  void close(const char* status);
  /// The same for a destructor: marks the run as failed while an exception is on its way.
  void close_quietly() noexcept;
  void keep(std::vector<HookHandle> hooks);

  bool closed() const noexcept { return closed_; }
  const std::string& folder() const noexcept { return folder_; }
  std::string report() const;

 private:
  void require_open() const;
  bool is_stale() const;
  void write();
  void write_end(const char* status);

  const std::string folder_;
  const RunOptions options_;
  const Site site_;
  const int exceptions_;  // on their way when the run was opened
  std::mutex mutex_;
  std::atomic<bool> closed_ = false;
  LogFile log_;
  RunData data_;
  std::optional<EventFile> events_;
  std::vector<HookHandle> hooks_;
  std::chrono::steady_clock::time_point flushed_;
};

}  // namespace xgrad::viz
