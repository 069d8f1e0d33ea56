#include "report.hpp"

#include <cstdio>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace bench {
namespace {

using Json = nlohmann::ordered_json;

// Three digits.
std::string number(double x) {
  if (x == 0) return "0";
  return fmt::format("{:.{}f}", x, x >= 100 ? 0 : x >= 10 ? 1 : x >= 1 ? 2 : 3);
}
std::string text_of(const std::optional<Ratio>& r) {
  return r ? fmt::format("{:.2f} [{:.2f}..{:.2f}]", r->median, r->low, r->high) : "";
}
std::string text_of(const std::optional<double>& mb) {
  return mb ? fmt::format("{:.0f}", *mb) : "";
}

// Whether the row is as fast as moving its bytes, but for a twentieth.
bool at_limit(const Row& r) { return r.of_limit && r.of_limit->median >= 0.95; }
bool is_behind(const Row& r) { return r.over_ours && r.over_ours->median < 1 && !at_limit(r); }
bool misses_aim(const Row& r) {
  return r.over_ours && r.over_ours->median < r.what.aim && !at_limit(r);
}

Json json_of(const Ratio& r) { return {{"median", r.median}, {"low", r.low}, {"high", r.high}}; }
Json json_of(const Row& r) {
  Json j{{"group", r.what.group}, {"name", r.what.name}, {"threads", r.threads},
         {"unit", r.what.unit},   {"aim", r.what.aim},   {"verified_by", r.verified_by},
         {"median", r.ours},      {"best", r.ours_best}, {"page_faults_per_call", r.faults}};
  if (r.over_ours) {
    j["peer_median"] = r.peer;
    j["peer_over_ours"] = json_of(*r.over_ours);
  }
  if (r.of_limit) {
    j["limit_median"] = r.floor;
    j["limit_over_ours"] = json_of(*r.of_limit);
  }
  if (r.peak_mb) j["peak_mb"] = *r.peak_mb;
  if (r.peer_peak_mb) j["peer_peak_mb"] = *r.peer_peak_mb;
  return j;
}

void write(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace

Report::Report(Description machine, std::string peer)
    : machine_(std::move(machine)), peer_(std::move(peer)) {
  for (const auto& [name, value] : machine_) print(fmt::format("- {}: {}\n", name, value));
  if (!peer_.empty()) print(fmt::format("- peer: {}\n", peer_));
}

void Report::print(const std::string& text) {
  text_ += text;
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

void Report::add_limits(int threads, std::vector<Limit> limits) {
  print(fmt::format("\nLimits, {} thread{}:\n\n| what | |\n| --- | --- |\n", threads,
                    threads == 1 ? "" : "s"));
  for (const Limit& l : limits) print(fmt::format("| {} | {:.1f} {} |\n", l.name, l.value, l.unit));
  limits_.emplace_back(threads, std::move(limits));
}

void Report::add(Row row) {
  const std::string group =
      fmt::format("{}, {} thread{}", row.what.group, row.threads, row.threads == 1 ? "" : "s");
  if (group != group_) {
    print(
        fmt::format("\n### {}\n\n| case | unit | xgrad | {} | its time over ours | limit over ours "
                    "| faults | MB | its MB |\n"
                    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
                    group, peer_.empty() ? "peer" : peer_));
    group_ = group;
  }
  print(fmt::format("| {} | {} | {} | {} | {}{} | {} | {:.1f} | {} | {} |\n", row.what.name,
                    row.what.unit, number(row.ours), row.over_ours ? number(row.peer) : "",
                    text_of(row.over_ours), is_behind(row) ? " **behind**" : "",
                    text_of(row.of_limit), row.faults, text_of(row.peak_mb),
                    text_of(row.peer_peak_mb)));
  rows_.push_back(std::move(row));
}

void Report::conclude() const {
  std::size_t compared = 0, behind = 0;
  std::string missed;
  for (const Row& r : rows_) {
    compared += r.over_ours.has_value();
    behind += is_behind(r);
    if (misses_aim(r))
      missed += fmt::format("  {}: {}, {} thread(s): {:.2f} of {}\n", r.what.group, r.what.name,
                            r.threads, r.over_ours->median, r.what.aim);
  }
  fmt::print("\n{} rows, {} beside {}; {} behind it and not at the limit\n", rows_.size(), compared,
             peer_.empty() ? "no peer" : peer_, behind);
  if (!missed.empty()) fmt::print("below their aim and not at the limit:\n{}", missed);
}

void Report::write_markdown(const std::string& path) const { write(path, text_); }

void Report::write_json(const std::string& path) const {
  Json all{{"machine", Json::object()}, {"limits", Json::array()}, {"rows", Json::array()}};
  for (const auto& [name, value] : machine_) all["machine"][name] = value;
  all["machine"]["peer"] = peer_;
  for (const auto& [threads, limits] : limits_)
    for (const Limit& l : limits)
      all["limits"].push_back(
          {{"threads", threads}, {"name", l.name}, {"value", l.value}, {"unit", l.unit}});
  for (const Row& r : rows_) all["rows"].push_back(json_of(r));
  write(path, all.dump(1) + "\n");
}

}  // namespace bench
