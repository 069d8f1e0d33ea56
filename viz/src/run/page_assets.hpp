// page_assets.hpp: the parts of a report's page that do not depend on the run. The build makes
// their source from viz/report and viz/third_party/uplot (cmake/XgradEmbed.cmake).
#pragma once

#include <string_view>

namespace xgrad::viz {

extern const std::string_view report_html, report_css, report_js, uplot_css, uplot_js,
    uplot_license;

}  // namespace xgrad::viz
