#include "checkpoint_mark.hpp"

#include <charconv>

#include <fmt/format.h>

namespace xgrad::io::detail {

namespace {
constexpr std::string_view version = "1 ";
}

Metadata mark(const CheckpointMark& mark) {
  return {{"format", "pt"},
          {std::string(mark_key), fmt::format("{}{} {}", version, mark.checksum, mark.parts)}};
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
  return found;
}

}  // namespace xgrad::io::detail
