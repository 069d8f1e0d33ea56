#include <xgrad/io/checkpoint.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/name_pattern.hpp>
#include <xgrad/graph/op_scope.hpp>
#include <xgrad/io/safetensors.hpp>

#include "checkpoint_mark.hpp"
#include "descriptor.hpp"

namespace xgrad::io {

namespace {

namespace fs = std::filesystem;

struct Saved {
  fs::path path;
  std::int64_t saved;          // nanoseconds since 1970; 0 if the file does not say
  fs::file_time_type written;  // which copies have of their own
};

// Numbers in names count as numbers: "step-9" is before "step-10".
bool is_before(std::string_view a, std::string_view b) {
  const auto digits = [](std::string_view text) {
    const std::size_t end = text.find_first_not_of("0123456789");
    return text.substr(0, end);
  };
  while (!a.empty() && !b.empty()) {
    const std::string_view x = digits(a), y = digits(b);
    if (!x.empty() && !y.empty() && x != y)
      return x.size() != y.size() ? x.size() < y.size() : x < y;
    if (a[0] != b[0]) return a[0] < b[0];
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.size() < b.size();
}

// As in a shell, wildcards do not match hidden files, such as one that is being written.
bool is_of(const std::string& name, const std::string& pattern) {
  return name.starts_with('.') == pattern.starts_with('.') &&
         xgrad::detail::matches_pattern(name, pattern);
}

std::optional<detail::CheckpointMark> mark_of(const fs::path& path, Site site) {
  try {
    return detail::find_mark(SafetensorsFile(path, site).metadata());
  } catch (const IoError&) {
    return {};
  }
}

// Files of older versions do not say when they were saved, and come before those that do.
bool was_before(const Saved& a, const Saved& b) {
  if (a.saved != b.saved) return a.saved < b.saved;
  if (a.saved == 0 && a.written != b.written) return a.written < b.written;
  return is_before(a.path.filename().native(), b.path.filename().native());
}

// All files of a folder, or those of one that match a pattern.
struct Place {
  fs::path folder;
  std::string pattern;
};

Place place_of(const char* function, const fs::path& path, Site site) {
  std::error_code error;
  if (!path.has_filename() || fs::is_directory(path, error)) return {path, "*"};
  Place place{path.has_parent_path() ? path.parent_path() : ".", path.filename().native()};
  if (place.folder.native().find_first_of("*?[|") != std::string::npos &&
      !fs::exists(place.folder, error))
    throw ValueError(
        fmt::format("{}: {} has a wildcard in the folder; only the name of the file can have them",
                    function, path.c_str()),
        site);
  return place;
}

// In the order in which they were saved.
std::vector<Saved> find_checkpoints(const char* function, const fs::path& path, Site site) {
  const auto [folder, pattern] = place_of(function, path, site);
  std::vector<Saved> found;
  std::error_code error;
  if (!fs::exists(folder, error)) return found;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!is_of(at->path().filename().native(), pattern)) continue;
    if (const auto mark = mark_of(at->path(), site))
      found.push_back({at->path(), mark->time, fs::last_write_time(at->path(), error)});
  }
  if (error) detail::fail_path(folder, "cannot be read: " + error.message(), site);
  std::sort(found.begin(), found.end(), was_before);
  return found;
}

}  // namespace

std::optional<fs::path> last_checkpoint(const fs::path& pattern, Site site) {
  const OpScope scope("last_checkpoint", site);
  const std::vector<Saved> found = find_checkpoints("last_checkpoint", pattern, site);
  if (found.empty()) return {};
  return found.back().path;
}

std::size_t keep_last(const fs::path& pattern, std::size_t count, Site site) {
  const OpScope scope("keep_last", site);
  if (count == 0)
    throw ValueError(
        "keep_last: count is 0; it must be at least 1, the checkpoint that was saved "
        "last",
        site);
  const std::vector<Saved> found = find_checkpoints("keep_last", pattern, site);
  const std::size_t removed = found.size() > count ? found.size() - count : 0;
  for (std::size_t i = 0; i < removed; ++i) {
    std::error_code error;
    if (!fs::remove(found[i].path, error) && error)
      detail::fail_path(found[i].path, "cannot be removed: " + error.message(), site);
  }
  return removed;
}

}  // namespace xgrad::io
