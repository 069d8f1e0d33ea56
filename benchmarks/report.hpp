// report.hpp: rows as Markdown, printed as they come, and as JSON.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "limits.hpp"
#include "timing.hpp"

namespace bench {

using Description = std::vector<std::pair<std::string, std::string>>;

/// What a run has measured, as Markdown.
class Report {
 public:
  Report(Description machine, std::string peer);
  void add_limits(int threads, std::vector<Limit> limits);
  /// Prints the row; the first of a group prints its head.
  void add(Row row);
  /// Prints which rows are behind the peer, and which miss their aim.
  void conclude() const;
  void write_markdown(const std::string& path) const;
  void write_json(const std::string& path) const;

 private:
  void print(const std::string& text);

  Description machine_;
  std::string peer_, text_, group_;
  std::vector<std::pair<int, std::vector<Limit>>> limits_;
  std::vector<Row> rows_;
};

}  // namespace bench
