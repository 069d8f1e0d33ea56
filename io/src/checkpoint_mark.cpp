#include "checkpoint_mark.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>

#include <fmt/format.h>

namespace xgrad::io::detail {

namespace {
constexpr std::string_view version = "1 ";
constexpr std::int64_t last_time = std::int64_t{1} << 62;  // in the year 2116

std::atomic<std::int64_t> latest{0};

std::int64_t now() noexcept {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(since).count();
}

std::int64_t time_in(const Metadata& metadata) {
  const auto at = metadata.find(std::string(time_key));
  if (at == metadata.end()) return 0;
  std::int64_t time = 0;
  const char* const end = at->second.data() + at->second.size();
  const auto [stopped, error] = std::from_chars(at->second.data(), end, time);
  return error == std::errc() && stopped == end && time > 0 && time < last_time ? time : 0;
}
}  // namespace

std::int64_t time_of_saving() noexcept {
  std::int64_t before = latest.load(), time = 0;
  do time = std::max(now(), before + 1);
  while (!latest.compare_exchange_weak(before, time));
  return time;
}

void see_time_of_saving(std::int64_t time) noexcept {
  std::int64_t before = latest.load();
  while (before < time && !latest.compare_exchange_weak(before, time)) {
  }
}

Metadata mark(const CheckpointMark& mark) {
  return {{"format", "pt"},
          {std::string(mark_key), fmt::format("{}{} {}", version, mark.checksum, mark.parts)},
          {std::string(time_key), fmt::to_string(mark.time)}};
}

std::optional<CheckpointMark> find_mark(const Metadata& metadata) {
  const auto at = metadata.find(std::string(mark_key));
  if (at == metadata.end() || !at->second.starts_with(version)) return {};
  const std::string_view text = std::string_view(at->second).substr(version.size());
  CheckpointMark found;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, found.checksum);
  if (error != std::errc() || stopped == end || *stopped != ' ') return {};
  found.parts = std::string(stopped + 1, end);
  found.time = time_in(metadata);
  return found;
}

}  // namespace xgrad::io::detail
