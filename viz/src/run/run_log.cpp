#include "run/run_log.hpp"

#include <filesystem>

#include <fmt/format.h>

#include "run/json_text.hpp"

namespace xgrad::viz {
namespace {

// `{"kind":"scalar","name":"loss","step":3,"time":1700000000.123`
std::string start(const char* kind, std::string_view name, At at) {
  return fmt::format(R"({{"kind":"{}","name":{},"step":{},"time":{:.3f})", kind, json_string(name),
                     at.step, at.time);
}
std::string start(const char* kind, std::string_view name, double time) {
  return fmt::format(R"({{"kind":"{}","name":{},"time":{:.3f})", kind, json_string(name), time);
}

template <class Numbers>
std::string list(const Numbers& numbers) {
  std::string text;
  for (const double x : numbers) text.append(text.empty() ? "" : ",").append(json_number(x));
  return "[" + text + "]";
}

}  // namespace

std::string begin_line(std::string_view name, double time) {
  return start("run", name, time) + fmt::format(",\"format\":{}}}\n", log_format);
}

std::string end_line(std::string_view status, double time) {
  return fmt::format("{{\"kind\":\"end\",\"time\":{:.3f},\"status\":{}}}\n", time,
                     json_string(status));
}

std::string scalar_line(std::string_view name, At at, double value) {
  return start("scalar", name, at) + fmt::format(",\"value\":{}}}\n", json_number(value));
}

std::string histogram_line(std::string_view name, At at, const Distribution& d) {
  return start("histogram", name, at) +
         fmt::format(R"(,"low":{},"high":{},"mean":{},"std":{},"quantiles":{},"counts":{},)"
                     "\"not_finite\":{}}}\n",
                     json_number(d.low), json_number(d.high), json_number(d.mean),
                     json_number(d.std), list(d.quantiles), list(d.counts), d.not_finite);
}

std::string image_line(std::string_view name, At at, std::string_view png_base64) {
  return start("image", name, at) + fmt::format(",\"png\":\"{}\"}}\n", png_base64);
}

std::string text_line(std::string_view name, At at, std::string_view text) {
  return start("text", name, at) + fmt::format(",\"text\":{}}}\n", json_string(text));
}

std::string graph_line(std::string_view name, double time, std::string_view svg) {
  return start("graph", name, time) + fmt::format(",\"svg\":{}}}\n", json_string(svg));
}

std::string hparam_line(std::string_view name, double time, std::string_view json) {
  return start("hparam", name, time) + fmt::format(",\"value\":{}}}\n", json);
}

}  // namespace xgrad::viz
