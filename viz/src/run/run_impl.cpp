#include "run/run_impl.hpp"

#include <chrono>
#include <cmath>
#include <exception>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/io/file.hpp>

#include "run/page.hpp"
#include "run/run_log.hpp"

namespace xgrad::viz {
namespace {

namespace fs = std::filesystem;

std::string made_folder(std::string folder, Site site) {
  if (folder.empty())
    throw ValueError("Run: the folder's name is empty; pass one such as \"runs/lenet\"", site);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error && !fs::is_directory(folder))
    throw IoError(fmt::format("Run: {} cannot be made: {}", folder, error.message()), site);
  return folder;
}

RunOptions checked(RunOptions options, const std::string& folder, Site site) {
  if (!(options.flush_every >= 0))
    throw ValueError(fmt::format("Run: flush_every is {}; it must be 0 or a number of seconds",
                                 options.flush_every),
                     site);
  const fs::path path = fs::absolute(folder).lexically_normal();
  if (options.name.empty())
    options.name = (path.has_filename() ? path : path.parent_path()).filename().string();
  return options;
}

std::string file_in(const std::string& folder, const char* name) {
  return (fs::path(folder) / name).string();
}

}  // namespace

double now() {
  using namespace std::chrono;
  return static_cast<double>(
             duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count()) /
         1000;
}

Run::Impl::Impl(std::string folder, RunOptions options, Site site)
    : folder_(made_folder(std::move(folder), site)),
      options_(checked(std::move(options), folder_, site)),
      site_(site),
      exceptions_(std::uncaught_exceptions()),
      log_(file_in(folder_, log_name), site) {
  Log log = read_log(folder_, site);
  data_ = std::move(log.data);
  if (log.size < log_.size()) log_.truncate(log.size);
  const double time = now();
  log_.append(begin_line(options_.name, time));
  data_.begin(options_.name, time);
  if (options_.tensorboard) events_.emplace(folder_, time, site);
  write();
}

std::string Run::Impl::report() const { return file_in(folder_, "report.html"); }

void Run::Impl::write() {
  log_.sync();
  if (events_) events_->sync();
  io::write_file(report(), page({&data_}, ""), site_);
  flushed_ = std::chrono::steady_clock::now();
}

bool Run::Impl::is_stale() const {
  const std::chrono::duration<double> age = std::chrono::steady_clock::now() - flushed_;
  return options_.flush_every > 0 && age.count() >= options_.flush_every;
}

void Run::Impl::require_open() const {
  if (closed_) throw GraphError("Run: another thread has closed the run in the meantime", site_);
}

void Run::Impl::scalar(std::string_view name, std::int64_t step, double value) {
  const At at{step, now()};
  record(scalar_line(name, at, value), [&](RunData& data, EventFile* events) {
    data.scalar(name, at, value);
    if (events != nullptr) events->scalar(name, at, value);
  });
}

void Run::Impl::histogram(std::string_view name, std::int64_t step, const Tensor& values) {
  const At at{step, now()};
  const Distribution d = distribution_of(values);
  record(histogram_line(name, at, d), [&](RunData& data, EventFile* events) {
    data.histogram(name, at, d);
    if (events != nullptr) events->histogram(name, at, d);
  });
}

void Run::Impl::flush() {
  const std::lock_guard lock(mutex_);
  require_open();
  write();
}

void Run::Impl::write_end(const char* status) {
  struct Closed {
    LogFile& log;
    ~Closed() { log.close(); }
  } const closed{log_};
  const double time = now();
  log_.append(end_line(status, time));
  data_.end(status, time);
  write();
}

void Run::Impl::close(const char* status) {
  const std::lock_guard lock(mutex_);
  if (closed_.exchange(true)) return;
  hooks_.clear();
  write_end(status);
}

void Run::Impl::close_quietly() noexcept {
  try {
    close(std::uncaught_exceptions() > exceptions_ ? "failed" : "finished");
  } catch (...) {  // the log has what was recorded
  }
}

void Run::Impl::keep(std::vector<HookHandle> hooks) {
  const std::lock_guard lock(mutex_);
  std::move(hooks.begin(), hooks.end(), std::back_inserter(hooks_));
}

}  // namespace xgrad::viz
