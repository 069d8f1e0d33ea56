// page.hpp: the page of a report.
#pragma once

#include <string>
#include <vector>

#include "run/run_data.hpp"

namespace xgrad::viz {

/// The HTML of a report. @param title  as in ReportOptions.
std::string page(const std::vector<const RunData*>& runs, const std::string& title);

}  // namespace xgrad::viz
