// run_folder.hpp: what lies in the folder of a run.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "io/folder.hpp"

namespace xgrad::test {

inline std::string content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void write(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

/// The lines of a log, of a kind.
inline std::vector<nlohmann::json> records(const std::filesystem::path& folder,
                                           const std::string& kind) {
  std::vector<nlohmann::json> found;
  std::ifstream in(folder / "log.jsonl");
  for (std::string line; std::getline(in, line);)
    if (auto record = nlohmann::json::parse(line); record["kind"] == kind)
      found.push_back(std::move(record));
  return found;
}

/// The data in a page.
inline nlohmann::json data_in(const std::string& html) {
  const std::string start = "id=\"data\">";
  const std::size_t from = html.find(start) + start.size();
  return nlohmann::json::parse(html.substr(from, html.find("</script>", from) - from));
}

}  // namespace xgrad::test
