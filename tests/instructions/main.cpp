// Counts the instructions of small pieces of the core's work and compares them with counts.json.
//
//     xgrad_test_instructions            returns 77 if the counts are of another compiler or libc
//     xgrad_test_instructions --record   writes counts.json anew
//     xgrad_test_instructions CASE       does the work of one case, to be run under a profiler
//
// Unlike times, counts are the same in each run, so that 3 % more instructions show.
#include <cmath>
#include <exception>
#include <fstream>

#include <fmt/format.h>

#include "instructions/build.hpp"
#include "instructions/callgrind.hpp"

namespace {

using namespace xgrad::test;
using Json = nlohmann::ordered_json;

constexpr double tolerance = 0.03;
constexpr int skipped = 77;

int skip(const std::string& reason) {
  fmt::print("skipped: {}\n", reason);
  return skipped;
}

Json read() { return Json::parse(std::ifstream(XGRAD_TEST_COUNTS)); }

bool is_as_recorded(const std::string& name, const Json& recorded, std::int64_t counted) {
  const auto before = recorded.value(name, std::int64_t{0});
  const double change = static_cast<double>(counted) / static_cast<double>(before) - 1;
  const bool agrees = std::abs(change) <= tolerance;
  fmt::print("{:<8}{:<24}{:>8} instructions, {:>8} recorded ({:+.2f} %)\n", agrees ? "" : "FAILED",
             name, counted, before, 100 * change);
  return agrees;
}

int compare(const Json& recorded, const std::string& program) {
  int differ = 0;
  for (const InstructionCase& c : instruction_cases())
    differ += !is_as_recorded(c.name, recorded, instructions(c));
  if (differ != 0)
    fmt::print(
        "{} of {} counts differ by more than {} %. If that is meant, record them anew and commit "
        "the file with the change:\n  {} --record\n",
        differ, instruction_cases().size(), 100 * tolerance, program);
  return differ != 0;
}

int record() {
  Json counts;
  for (const InstructionCase& c : instruction_cases()) counts[c.name] = instructions(c);
  std::ofstream file(XGRAD_TEST_COUNTS);
  file << Json{{"build", this_build()}, {"instructions", counts}}.dump(2) << '\n';
  return file.flush() ? 0 : throw std::runtime_error("cannot write " XGRAD_TEST_COUNTS);
}

int run(const std::string& program, const std::string& argument) {
  if (!argument.empty() && argument != "--record") {
    repeat(instruction_case(argument));
    return 0;
  }
  if (!has_valgrind()) return skip("valgrind is not installed");
  if (argument == "--record") return record();
  const Json file = read();
  if (file.at("build") != this_build())
    return skip(fmt::format("the counts were recorded with {}, and this is {}",
                            file.at("build").dump(), this_build().dump()));
  return compare(file.at("instructions"), program);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argv[0], argc > 1 ? argv[1] : "");
  } catch (const std::exception& e) {
    fmt::print("{}\n", e.what());
    return 1;
  }
}
