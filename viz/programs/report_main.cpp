// xgrad_report: one page for several runs.
#include <xgrad/viz/report.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace {

constexpr auto usage =
    "usage: xgrad_report FOLDER... [-o FILE] [--title TEXT]\n"
    "\n"
    "Writes one HTML page that shows the runs in the folders side by side.\n"
    "A folder without a log is skipped, so that runs/* may have others.\n"
    "\n"
    "  -o, --output FILE   the page (default: report.html)\n"
    "  --title TEXT        its heading (default: the run's name, or the number of runs)\n"
    "  -h, --help          show this text\n";

struct Arguments {
  std::vector<std::string> folders;
  std::string output = "report.html";
  xgrad::viz::ReportOptions options;
  bool help = false;
};

Arguments parsed(const std::vector<std::string>& words) {
  Arguments a;
  bool only_folders = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto value = [&]() -> const std::string& {
      if (i + 1 == words.size()) throw std::invalid_argument(word + " needs a value");
      return words[++i];
    };
    if (only_folders || word.empty() || word[0] != '-')
      a.folders.push_back(word);
    else if (word == "--")
      only_folders = true;
    else if (word == "-o" || word == "--output")
      a.output = value();
    else if (word == "--title")
      a.options.title = value();
    else if (word == "-h" || word == "--help")
      a.help = true;
    else
      throw std::invalid_argument("unknown option " + word);
  }
  if (a.folders.empty() && !a.help) throw std::invalid_argument("no folders");
  return a;
}

std::vector<std::filesystem::path> with_logs(const std::vector<std::string>& folders) {
  std::vector<std::filesystem::path> runs;
  for (const std::string& folder : folders)
    if (std::filesystem::exists(std::filesystem::path(folder) / "log.jsonl"))
      runs.push_back(folder);
    else
      fmt::print(stderr, "{} has no log.jsonl; it is left out\n", folder);
  return runs;
}

int write(const Arguments& a) {
  const std::vector<std::filesystem::path> runs = with_logs(a.folders);
  if (runs.empty()) {
    fmt::print(stderr, "none of the folders has a log.jsonl; pass those that a Run has written\n");
    return EXIT_FAILURE;
  }
  xgrad::viz::write_report(runs, a.output, a.options);
  fmt::print("{} run{} in {}\n", runs.size(), runs.size() == 1 ? "" : "s", a.output);
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  try {
    arguments = parsed({argv + 1, argv + argc});
  } catch (const std::invalid_argument& e) {
    fmt::print(stderr, "{}\n{}", e.what(), usage);
    return 2;
  }
  if (arguments.help) {
    fmt::print("{}", usage);
    return EXIT_SUCCESS;
  }
  try {
    return write(arguments);
  } catch (const std::exception& e) {
    fmt::print(stderr, "xgrad_report: {}\n", e.what());
    return EXIT_FAILURE;
  }
}
