#include "run/page.hpp"

#include <cmath>

#include <fmt/format.h>

#include "run/json_text.hpp"
#include "run/page_assets.hpp"
#include "text.hpp"

namespace xgrad::viz {
namespace {

// Ends of a part of JSON, which take the place of a comma too many.
void close(std::string& json, char bracket) {
  if (json.back() == ',') json.pop_back();
  json += bracket;
}

// Columns are shorter than points: {"step":[...],"time":[...],"value":[...]}.
class Columns {
 public:
  void add(double step, double time, double value) {
    step_ += fmt::format("{},", step);
    time_ += fmt::format("{},", std::round(time * 100) / 100);
    value_ += json_number(value, 7) + ",";
  }
  std::string text() {
    for (std::string* const column : {&step_, &time_, &value_}) close(*column, ']');
    return fmt::format(R"({{"step":{},"time":{},"value":{}}})", step_, time_, value_);
  }

 private:
  std::string step_ = "[", time_ = "[", value_ = "[";
};

// Times are seconds since the run began.
std::string points(const Series& series, double started) {
  Columns columns;
  for (const Bucket& b : series.buckets())
    for (const Point& p : b.points())
      columns.add(static_cast<double>(p.step), p.time - started, p.value);
  return columns.text();
}

std::string means(const Series& series, double started) {
  Columns columns;
  for (const Bucket& b : series.buckets())
    if (b.count > 0)
      columns.add(static_cast<double>(b.first.step + b.last.step) / 2,
                  (b.first.time + b.last.time) / 2 - started, b.sum / static_cast<double>(b.count));
  return columns.text();
}

std::string scalars(const RunData& run) {
  std::string json = "[";
  for (const auto& [name, series] : run.scalars) {
    json += fmt::format(R"({{"name":{},"total":{},"width":{},"points":{})", json_string(name),
                        series.total(), series.width(), points(series, run.started));
    if (series.width() > 1) json += ",\"means\":" + means(series, run.started);
    json += "},";
  }
  close(json, ']');
  return json;
}

template <class Numbers>
std::string list(const Numbers& numbers) {
  std::string json = "[";
  for (const auto x : numbers) json += json_number(static_cast<double>(x), 15) + ",";
  close(json, ']');
  return json;
}

std::string json_of(const Distribution& d) {
  return fmt::format(
      R"("low":{},"high":{},"mean":{},"std":{},"quantiles":{},"counts":{},"notFinite":{})",
      json_number(d.low, 7), json_number(d.high, 7), json_number(d.mean, 7), json_number(d.std, 7),
      list(d.quantiles), list(d.counts), d.not_finite);
}
std::string json_of(const std::string& text) { return "\"value\":" + json_string(text); }

// [{"name":...,"total":...,"entries":[{"step":...,"time":...,...}]}]
template <class T>
std::string sampled(const Named<Sampled<T>>& named, double started) {
  std::string json = "[";
  for (const auto& [name, samples] : named) {
    json +=
        fmt::format(R"({{"name":{},"total":{},"entries":[)", json_string(name), samples.total());
    for (const auto& entry : samples.entries())
      json += fmt::format(R"({{"step":{},"time":{:.2f},{}}},)", entry.step, entry.time - started,
                          json_of(entry.value));
    close(json, ']');
    json += "},";
  }
  close(json, ']');
  return json;
}

// [{"name":...,"value":...}]
template <class Json>
std::string values(const Named<std::string>& named, Json json_of_value) {
  std::string json = "[";
  for (const auto& [name, value] : named)
    json += fmt::format(R"({{"name":{},"value":{}}},)", json_string(name), json_of_value(value));
  close(json, ']');
  return json;
}

std::string json_of(const RunData& run) {
  return fmt::format(
      R"({{"name":{},"folder":{},"status":{},"started":{:.3f},"last":{:.3f},"records":{},)"
      R"("damaged":{},"hparams":{},"scalars":{},"histograms":{},"images":{},"texts":{},)"
      R"("graphs":{}}})",
      json_string(run.name), json_string(run.folder), json_string(run.status), run.started,
      run.last, run.records, run.damaged,
      values(run.hparams, [](const std::string& json) { return json; }), scalars(run),
      sampled(run.histograms, run.started), sampled(run.images, run.started),
      sampled(run.texts, run.started), values(run.graphs, json_string));
}

// No text can end the element that holds the data: JSON has `<` in strings alone.
std::string without_tags(const std::string& json) {
  std::string safe;
  safe.reserve(json.size());
  for (const char c : json)
    if (c == '<')
      safe += "\\u003c";
    else
      safe += c;
  return safe;
}

std::string data_of(const std::vector<const RunData*>& runs, const std::string& title) {
  std::string json = fmt::format(R"({{"title":{},"runs":[)", json_string(title));
  for (const RunData* const run : runs) json += json_of(*run) + ",";
  close(json, ']');
  return without_tags(json + "}");
}

std::string title_of(const std::vector<const RunData*>& runs) {
  return runs.size() == 1 ? runs[0]->name : fmt::format("{} runs", runs.size());
}

}  // namespace

// The template has marks such as @data@ where the parts belong. They are looked for in the template
// alone, not in what was put in.
std::string page(const std::vector<const RunData*>& runs, const std::string& wanted_title) {
  const std::string title = wanted_title.empty() ? title_of(runs) : wanted_title;
  const std::string json = data_of(runs, title), heading = html_text(title);
  const std::pair<std::string_view, std::string_view> parts[] = {
      {"@title@", heading},      {"@uplot.css@", uplot_css},   {"@report.css@", report_css},
      {"@data@", json},          {"@license@", uplot_license}, {"@uplot.js@", uplot_js},
      {"@report.js@", report_js}};
  std::string html;
  std::string_view rest = report_html;
  for (const auto& [mark, part] : parts) {
    const std::size_t at = rest.find(mark);
    html.append(rest.substr(0, at)).append(part);
    rest.remove_prefix(at + mark.size());
  }
  return html.append(rest);
}

}  // namespace xgrad::viz
