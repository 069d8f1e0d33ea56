// run_log.hpp: the log of a run: lines of JSON, written by LogFile and read by read_log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <xgrad/graph/site.hpp>

#include "run/run_data.hpp"

namespace xgrad::viz {

inline constexpr auto log_name = "log.jsonl";
inline constexpr int log_format = 1;
/// Steps beyond it have no exact JavaScript number.
inline constexpr std::int64_t max_step = std::int64_t{1} << 53;

/// The lines of the log, each with its line break.
std::string begin_line(std::string_view name, double time);
std::string end_line(std::string_view status, double time);
std::string scalar_line(std::string_view name, At at, double value);
std::string histogram_line(std::string_view name, At at, const Distribution& value);
std::string image_line(std::string_view name, At at, std::string_view png_base64);
std::string text_line(std::string_view name, At at, std::string_view text);
std::string graph_line(std::string_view name, double time, std::string_view svg);
std::string hparam_line(std::string_view name, double time, std::string_view json);

/// What a log holds, and the size of its whole lines.
struct Log {
  RunData data;
  std::uint64_t size = 0;
};

/// Reads the log of a folder. A last line without a line break, which a killed program or a full
/// disk may leave, is ignored. Other lines that are no records are skipped and counted as damaged.
/// @throws IoError  if there is no log, it cannot be read, or its format is a later one.
Log read_log(const std::string& folder, Site site);

}  // namespace xgrad::viz
