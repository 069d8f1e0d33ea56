#include <xgrad/viz/report.hpp>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>

#include <xgrad/graph/error.hpp>
#include <xgrad/io/file.hpp>

#include "run/page.hpp"
#include "run/run_log.hpp"

namespace xgrad::viz {
namespace {

namespace fs = std::filesystem;

// How many of their first parts the folders have in common.
std::size_t common_parts(const std::vector<fs::path>& folders) {
  const auto parts = [](const fs::path& p) { return std::vector<fs::path>(p.begin(), p.end()); };
  std::vector<fs::path> common = parts(folders.front());
  for (const fs::path& folder : folders) {
    const std::vector<fs::path> other = parts(folder);
    common.erase(std::mismatch(common.begin(), common.end(), other.begin(), other.end()).first,
                 common.end());
  }
  return common.size();
}

std::string without_parts(const fs::path& folder, std::size_t count) {
  fs::path rest;
  for (const fs::path& part : folder)
    if (count == 0)
      rest /= part;
    else
      --count;
  return rest.empty() ? folder.string() : rest.string();
}

// Runs that share a name get those of their folders, from where they differ.
void name_apart(std::deque<RunData>& runs) {
  std::map<std::string, std::vector<RunData*>> by_name;
  for (RunData& run : runs) by_name[run.name].push_back(&run);
  for (const auto& [name, same] : by_name) {
    if (same.size() == 1) continue;
    std::vector<fs::path> folders;
    for (const RunData* const run : same)
      folders.push_back(fs::path(run->folder).lexically_normal());
    const std::size_t common = common_parts(folders);
    for (std::size_t i = 0; i < same.size(); ++i) same[i]->name = without_parts(folders[i], common);
  }
}

}  // namespace

void write_report(const std::vector<std::filesystem::path>& folders,
                  const std::filesystem::path& file, const ReportOptions& options, Site site) {
  if (folders.empty())
    throw ValueError("write_report: no folders; pass those of the runs to show", site);
  std::deque<RunData> runs;
  for (const fs::path& folder : folders) runs.push_back(read_log(folder.string(), site).data);
  name_apart(runs);
  std::vector<const RunData*> shown;
  for (const RunData& run : runs) shown.push_back(&run);
  io::write_file(file, page(shown, options.title), site);
}

}  // namespace xgrad::viz
