#include "expected.hpp"

#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace bench {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char* path = XGRAD_BENCH_FOLDER "/expected.json";

Json read_file() {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  return Json::parse(file);
}
const Json& recorded() {
  static const Json all = read_file();
  return all;
}
Json& of_this_run() {
  static Json all = Json::object();
  return all;
}

Digest digest_of(const Json& j) {
  return {j.at(0).get<double>(), j.at(1).get<double>(), j.at(2).get<double>(),
          j.at(3).get<double>(), j.at(4).get<std::vector<double>>()};
}

}  // namespace

std::optional<Answer> expected_answer(const std::string& name) {
  const auto found = recorded().find(name);
  if (found == recorded().end()) return std::nullopt;
  Answer all;
  for (const Json& j : *found) all.push_back(digest_of(j));
  return all;
}

void record_expected(const std::string& name, const Answer& answer) {
  Json all = Json::array();
  for (const Digest& d : answer)
    all.push_back(Json::array({d.count, d.sum, d.weighted, d.magnitude, d.some}));
  of_this_run()[name] = std::move(all);
}

void save_expected() {
  Json all = read_file();
  all.update(of_this_run());
  std::ofstream file(path);
  file << "{\n";
  std::size_t left = all.size();
  for (const auto& [name, answer] : all.items())
    file << Json(name).dump() << ": " << answer.dump() << (--left > 0 ? ",\n" : "\n");
  file << "}\n";
  if (!file.flush()) throw std::runtime_error(std::string("cannot write ") + path);
}

}  // namespace bench
