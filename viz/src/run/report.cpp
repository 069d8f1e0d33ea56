#include <xgrad/viz/report.hpp>

#include <algorithm>
#include <deque>
#include <set>

#include <xgrad/graph/error.hpp>
#include <xgrad/io/file.hpp>

#include "run/page.hpp"
#include "run/run_log.hpp"

namespace xgrad::viz {
namespace {

// Runs that have the same name are told apart by their folders.
void name_apart(std::deque<RunData>& runs) {
  std::multiset<std::string> names;
  for (const RunData& run : runs) names.insert(run.name);
  for (RunData& run : runs)
    if (names.count(run.name) > 1) run.name = run.folder;
}

}  // namespace

void write_report(const std::vector<std::string>& folders, const std::string& file,
                  const ReportOptions& options, Site site) {
  if (folders.empty())
    throw ValueError("write_report: no folders; pass those of the runs to show", site);
  std::deque<RunData> runs;
  for (const std::string& folder : folders) runs.push_back(read_log(folder, site).data);
  name_apart(runs);
  std::vector<const RunData*> shown;
  for (const RunData& run : runs) shown.push_back(&run);
  io::write_file(file, page(shown, options.title), site);
}

}  // namespace xgrad::viz
