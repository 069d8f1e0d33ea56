#include <array>
#include <cstdio>

#include <fmt/format.h>
#include <sys/wait.h>

#include <xgrad/viz/run.hpp>

#include "support/catch.hpp"
#include "viz/run_folder.hpp"

using namespace xgrad;
using test::IoFolder;

#ifdef XGRAD_TEST_REPORT_PROGRAM
namespace {

struct Result {
  int status;
  std::string output;
};

// Runs xgrad_report in a folder.
Result report(const std::filesystem::path& folder, const std::string& arguments) {
  const std::string command =
      fmt::format("cd '{}' && '{}' {} 2>&1", folder.string(), XGRAD_TEST_REPORT_PROGRAM, arguments);
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  Result result{0, {}};
  std::array<char, 4096> block{};
  while (const std::size_t got = std::fread(block.data(), 1, block.size(), pipe))
    result.output.append(block.data(), got);
  result.status = WEXITSTATUS(::pclose(pipe));
  return result;
}

bool has(const Result& result, const std::string& part) {
  return result.output.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("xgrad_report joins the runs of a folder", "[viz][report]") {
  const IoFolder folder;
  for (const char* const name : {"runs/a", "runs/b"}) viz::Run(folder / name).scalar("x", 1, 1);
  std::filesystem::create_directories(folder / "runs/no run");
  const Result result = report(folder.path, "runs/*");
  CHECK(result.status == 0);
  CHECK(has(result, "runs/no run has no log.jsonl"));
  CHECK(has(result, "2 runs in report.html"));
  CHECK(test::data_in(test::content(folder / "report.html"))["runs"].size() == 2);
  CHECK(report(folder.path, "-o 'one page.html' --title '<one>' -- runs/a").status == 0);
  CHECK(test::data_in(test::content(folder / "one page.html"))["title"] == "<one>");
}

TEST_CASE("xgrad_report tells what is wrong", "[viz][report]") {
  const IoFolder folder;
  viz::Run(folder / "a").scalar("x", 1, 1);
  for (const char* const arguments : {"", "--nonsense a", "a -o", "a --title"}) {
    const Result result = report(folder.path, arguments);
    CHECK(result.status == 2);
    CHECK(has(result, "usage: xgrad_report FOLDER..."));
  }
  CHECK(report(folder.path, "--help").status == 0);
  CHECK(report(folder.path, "none").status == 1);
  CHECK(has(report(folder.path, "none"), "none of the folders has a log.jsonl"));
  const Result unwritable = report(folder.path, "a -o missing/page.html");
  CHECK(unwritable.status == 1);
  CHECK(has(unwritable, "missing/page.html"));
}
#endif
