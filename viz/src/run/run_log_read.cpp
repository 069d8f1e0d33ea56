#include "run/run_log.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <xgrad/graph/error.hpp>
#include <xgrad/io/file.hpp>

namespace xgrad::viz {
namespace {

using Json = nlohmann::json;

// A line that is no record.
struct Damaged {};

const Json& field(const Json& record, const char* name) {
  const auto found = record.find(name);
  if (found == record.end()) throw Damaged();
  return *found;
}

const std::string& text_of(const Json& value) {
  const auto* const text = value.get_ptr<const std::string*>();
  if (text == nullptr) throw Damaged();
  return *text;
}

double number_of(const Json& value) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (value.is_number()) return value.get<double>();
  const std::string& text = text_of(value);
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return infinity;
  if (text == "-Infinity") return -infinity;
  throw Damaged();
}

std::int64_t integer_of(const Json& value) {
  if (!value.is_number_integer()) throw Damaged();
  const bool beyond = value.is_number_unsigned() && value.get<std::uint64_t>() > max_step;
  const auto n = beyond ? max_step + 1 : value.get<std::int64_t>();
  if (n < -max_step || n > max_step) throw Damaged();
  return n;
}

double time_of(const Json& record) {
  const Json& time = field(record, "time");
  if (!time.is_number()) throw Damaged();
  return time.get<double>();
}

At at_of(const Json& record) { return {integer_of(field(record, "step")), time_of(record)}; }

Distribution distribution_in(const Json& record) {
  Distribution d;
  d.low = number_of(field(record, "low"));
  d.high = number_of(field(record, "high"));
  d.mean = number_of(field(record, "mean"));
  d.std = number_of(field(record, "std"));
  d.not_finite = integer_of(field(record, "not_finite"));
  const Json &quantiles = field(record, "quantiles"), &counts = field(record, "counts");
  if (!quantiles.is_array() || quantiles.size() != d.quantiles.size() || !counts.is_array() ||
      counts.size() > Distribution::max_bins)
    throw Damaged();
  std::transform(quantiles.begin(), quantiles.end(), d.quantiles.begin(), number_of);
  for (const Json& count : counts) d.counts.push_back(integer_of(count));
  return d;
}

std::string scalar_json(const Json& value) {
  if (value.is_structured()) throw Damaged();
  return value.dump();
}

// A record that this version does not know is no error.
void apply(const Json& record, RunData& data) {
  const std::string& kind = text_of(field(record, "kind"));
  const auto name = [&]() -> const std::string& { return text_of(field(record, "name")); };
  if (kind == "scalar")
    data.scalar(name(), at_of(record), number_of(field(record, "value")));
  else if (kind == "histogram")
    data.histogram(name(), at_of(record), distribution_in(record));
  else if (kind == "image")
    data.image(name(), at_of(record), text_of(field(record, "png")));
  else if (kind == "text")
    data.text(name(), at_of(record), text_of(field(record, "text")));
  else if (kind == "graph")
    data.graph(name(), time_of(record), text_of(field(record, "svg")));
  else if (kind == "hparam")
    data.hparam(name(), time_of(record), scalar_json(field(record, "value")));
  else if (kind == "run")
    data.begin(name(), time_of(record));
  else if (kind == "end")
    data.end(text_of(field(record, "status")), time_of(record));
}

class Reader {
 public:
  Reader(const std::string& folder, Site site)
      : file_(std::filesystem::path(folder) / log_name, site) {
    log_.data.folder = folder;
  }

  Log read() {
    std::string block(std::size_t{1} << 20, '\0'), line;
    for (std::uint64_t at = 0; at < file_.size(); at += block.size()) {
      block.resize(std::min<std::uint64_t>(block.size(), file_.size() - at));
      file_.read(at, std::as_writable_bytes(std::span(block)));
      take(block, line);
    }
    return std::move(log_);
  }

 private:
  // The lines that end in a block; `line` is the part of one that began before.
  void take(std::string_view block, std::string& line) {
    for (std::size_t end; (end = block.find('\n')) != block.npos; block.remove_prefix(end + 1)) {
      line.append(block.substr(0, end));
      take_line(line);
      log_.size += line.size() + 1;
      line.clear();
    }
    line.append(block);
  }
  void take_line(const std::string& line) {
    try {
      const Json record = Json::parse(line, nullptr, false);
      if (!record.is_object()) throw Damaged();
      check_format(record);
      apply(record, log_.data);
    } catch (const Damaged&) {
      ++log_.data.damaged;
    }
  }
  void check_format(const Json& record) const {
    const auto format = record.find("format");
    if (format == record.end() || !format->is_number_integer() || *format <= log_format) return;
    file_.fail(
        fmt::format("has format {}, and this version of xgrad reads format {}; use the one "
                    "that wrote it",
                    format->dump(), log_format));
  }

  const io::InputFile file_;
  Log log_;
};

}  // namespace

Log read_log(const std::string& folder, Site site) { return Reader(folder, site).read(); }

}  // namespace xgrad::viz
