// The suite: every case verified, timed beside libtorch and beside the machine's limits.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "expected.hpp"
#include "machine.hpp"
#include "peak_memory.hpp"
#include "peer.hpp"
#include "report.hpp"
#include "suite.hpp"
#include "timing.hpp"

namespace {

using namespace bench;

struct Options {
  bool peers = false, list = false, record = false, no_memory = false;
  std::vector<int> threads{1};
  std::vector<std::string> filters;
  std::string json, markdown, once;
  int rounds = 7;
};

bool is_wanted(const Case& c, const std::vector<std::string>& filters) {
  for (const std::string& f : filters)
    if ((c.group + ": " + c.name).find(f) != std::string::npos) return true;
  return filters.empty() && !c.by_name_only;
}

Cases wanted(const Options& o) {
  Cases all;
  for (Case& c : all_cases())
    if (is_wanted(c, o.filters)) all.push_back(std::move(c));
  return all;
}

int run_only(const std::string& name, const Peer* peer) {
  for (const Case& c : all_cases())
    if (c.name == name) {
      run_once(c, peer);
      print_peak_memory();
      return EXIT_SUCCESS;
    }
  throw std::runtime_error("there is no case " + name);
}

Row row_of(const Case& c, const Peer* peer, const Options& o, int threads) {
  Row row = timed(c, peer, {.rounds = o.rounds, .threads = threads});
  if (!o.no_memory && threads == 1) {
    row.peak_mb = peak_memory(c.name, false);
    if (row.over_ours) row.peer_peak_mb = peak_memory(c.name, true);
  }
  return row;
}

// Without timing: only the answers.
void record_answers(const Options& o, const Peer* peer) {
  if (peer == nullptr) throw std::runtime_error("--record needs --peers");
  for (const Case& c : wanted(o)) record(c, *peer);
  save_expected();
}

// A case whose answer is wrong is left out, and the program fails at its end.
void measure(const Options& o, const Peer* peer) {
  std::string failures;
  Report report(description(), peer == nullptr ? "" : peer->name);
  for (const int threads : o.threads) {
    report.add_limits(threads, measured_limits(threads));
    for (const Case& c : wanted(o)) {
      try {
        report.add(row_of(c, peer, o, threads));
      } catch (const std::exception& e) {
        failures += fmt::format("{}\n", e.what());
      }
    }
  }
  report.conclude();
  if (!o.json.empty()) report.write_json(o.json);
  if (!o.markdown.empty()) report.write_markdown(o.markdown);
  if (!failures.empty()) throw std::runtime_error("not timed:\n" + failures);
}

int run(const Options& o, char** argv) {
  if (o.list) {
    for (const Case& c : wanted(o)) fmt::print("{}: {}\n", c.group, c.name);
    return EXIT_SUCCESS;
  }
  restart_in_fair_environment(argv, o.peers);
  require_fitting_blas();
  const auto peer = o.peers ? load_peer() : nullptr;
  if (!o.once.empty()) return run_only(o.once, peer.get());
  o.record ? record_answers(o, peer.get()) : measure(o, peer.get());
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Times xgrad, beside libtorch and the machine's limits.");
  Options o;
  app.add_flag("--peers", o.peers, "beside libtorch, if this was built with it");
  app.add_option("--threads", o.threads, "numbers of threads, such as 1,2")
      ->delimiter(',')
      ->check(CLI::PositiveNumber);
  app.add_option("--filter", o.filters, "only cases whose \"group: name\" contains one of these")
      ->delimiter(';');
  app.add_option("--json", o.json, "writes the results to a file");
  app.add_option("--markdown", o.markdown, "writes the table to a file");
  app.add_option("--rounds", o.rounds, "rounds of each case")->check(CLI::Range(5, 1000));
  app.add_flag("--no-memory", o.no_memory, "does not measure the peak memory of each case");
  app.add_flag("--list", o.list, "lists the cases");
  app.add_flag("--record", o.record, "only records the peer's answers in expected.json");
  app.add_option("--once", o.once, "only runs one case, for its peak memory")->group("");
  CLI11_PARSE(app, argc, argv);
  try {
    return run(o, argv);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return EXIT_FAILURE;
  }
}
