// xgrad_test_differential [--seed S] [--cases N] [--op NAME] [--all]: random calls of every
// function in the table of calls, of xgrad and of libtorch. Exits with 1 if a difference is not
// accepted.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <xgrad/graph/parallel.hpp>

#include "calls/call.hpp"
#include "calls/draw.hpp"
#include "differential/accepted.hpp"
#include "differential/shrink.hpp"
#include "differential/theirs.hpp"
#include "differential/training.hpp"
#include "differential/worker.hpp"

using namespace xgrad;
using namespace xgrad::test;

namespace {

struct Tally {
  int compared = 0, both_refuse = 0, accepted = 0, they_crash = 0, different = 0;
};

std::uint64_t mixed(std::uint64_t seed, const std::string& op, std::size_t k) {
  for (const char c : op) seed = (seed ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return (seed ^ k) * 0x9e3779b97f4a7c15;
}

class Run {
 public:
  Run(std::uint64_t seed, std::size_t cases, const std::string& only, bool tells_all)
      : seed_(seed), cases_(cases), tells_all_(tells_all) {
    for (const auto& [name, op] : functions())
      if (only.empty() || name == only) ops_.push_back(&op);
    if (ops_.empty()) throw std::invalid_argument("there is no function " + only);
  }

  int operator()() {
    if (ops_.size() > 1) run_trainings(cases_ / 50 + 1);
    run_trials(
        cases_, [this](std::size_t i) { return trial(i); },
        [this](std::size_t i, const TrialResult& r) { count(i, r); });
    print();
    return different_ == 0 ? 0 : 1;
  }

 private:
  // Layers and optimizers.
  void run_trainings(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      Choices choices(mixed(seed_, "training", i));
      const Json training = draw_training(choices);
      const std::string text =
          run_apart([&training] { return training_difference(training) + " "; });
      if (text == " ") continue;
      ++different_;
      std::cout << fmt::format("training {}: {}\n  {}\n", i, text.empty() ? "crashes" : text,
                               training.dump());
    }
    std::cout << fmt::format("{} trainings of {} steps\n", count, training_steps) << std::flush;
  }

  const Op& op_of(std::size_t i) const { return *ops_[i % ops_.size()]; }
  Choices choices_of(std::size_t i) const {
    return Choices(mixed(seed_, op_of(i).name, i / ops_.size()));
  }
  Trial trial(std::size_t i) const {
    Choices choices = choices_of(i);
    return {op_of(i).name, draw_call(op_of(i).signature, choices)};
  }

  void count(std::size_t i, const TrialResult& r) {
    Tally& tally = tallies_[op_of(i).name];
    switch (r.end) {
      case End::same:
        ++tally.compared;
        break;
      case End::both_refuse:
        ++tally.both_refuse;
        break;
      case End::they_crash:
        ++tally.they_crash;
        crashes_.push_back(
            fmt::format("{}({}): {}", op_of(i).name, summary_of(trial(i).call), r.text));
        break;
      case End::different:
        judge_difference(i, r, tally);
    }
  }
  void judge_difference(std::size_t i, const TrialResult& r, Tally& tally) {
    const int row = accepted_by(op_of(i).name, r.text, summary_of(trial(i).call));
    if (row >= 0) {
      ++tally.accepted;
      ++accepted_[row];
      return;
    }
    ++tally.different;
    ++different_;
    const bool is_new = told_.insert(op_of(i).name + kind_of(r.text)).second;
    if (is_new || tells_all_) tell(i, r.text);
  }
  // Without its numbers.
  static std::string kind_of(std::string text) {
    text.erase(std::remove_if(text.begin(), text.end(),
                              [](unsigned char c) { return std::isalpha(c) == 0; }),
               text.end());
    return text.substr(0, 40);
  }

  void tell(std::size_t i, const std::string& text) const {
    Choices choices = choices_of(i);
    draw_call(op_of(i).signature, choices);
    const Shrunk least = shrunk(op_of(i), choices.made(), text);
    std::cout << fmt::format(
                     "{}({})\n  {}\n  --op {} --seed {}, call {}\n  xgrad::test::call(\"{}\", "
                     "R\"({})\");\n",
                     op_of(i).name, summary_of(least.call), least.difference, op_of(i).name, seed_,
                     i / ops_.size(), op_of(i).name, least.call.dump())
              << std::flush;
  }

  void print() const {
    Tally sum;
    std::cout << "function: compared, both refuse, accepted, libtorch crashes, different\n";
    for (const auto& [name, t] : tallies_) {
      std::cout << fmt::format("{}: {} {} {} {} {}\n", name, t.compared, t.both_refuse, t.accepted,
                               t.they_crash, t.different);
      sum.compared += t.compared, sum.both_refuse += t.both_refuse, sum.accepted += t.accepted;
      sum.they_crash += t.they_crash, sum.different += t.different;
    }
    std::cout << "Accepted differences:\n";
    for (const auto& [row, n] : accepted_) {
      const Accepted& a = accepted_differences()[static_cast<std::size_t>(row)];
      std::cout << fmt::format("  {} times: {}: {}\n", n, fmt::join(a.ops, ", "), a.reason);
    }
    for (const std::string& crash : crashes_) std::cout << "  " << crash << '\n';
    std::cout << fmt::format(
        "{} functions, {} calls: {} compared, {} both refuse, {} accepted, libtorch crashes in {}, "
        "{} different (seed {})\n",
        tallies_.size(), cases_, sum.compared, sum.both_refuse, sum.accepted, sum.they_crash,
        sum.different, seed_);
  }

  std::uint64_t seed_;
  std::size_t cases_;
  bool tells_all_;
  std::vector<const Op*> ops_;
  std::map<std::string, Tally> tallies_;
  std::map<int, int> accepted_;
  std::set<std::string> told_;
  std::vector<std::string> crashes_;
  int different_ = 0;
};

// Both libraries' thread pools read the environment when they are loaded.
void use_one_thread(char** arguments) {
  if (std::getenv("OMP_NUM_THREADS") != nullptr && std::getenv("OPENBLAS_NUM_THREADS") != nullptr)
    return;
  setenv("GLOG_minloglevel", "2", 1);  // libtorch's warnings
  setenv("OMP_NUM_THREADS", "1", 1);
  setenv("OPENBLAS_NUM_THREADS", "1", 1);
  execv("/proc/self/exe", arguments);
}

}  // namespace

int main(int count, char** arguments) {
  use_one_thread(arguments);
  CLI::App app("Random calls of xgrad and of libtorch, compared");
  std::uint64_t seed = 1;
  std::size_t cases = 2000;
  std::string op;
  bool all = false;
  app.add_option("--seed", seed);
  app.add_option("--cases", cases, "how many calls");
  app.add_option("--op", op, "of this function alone, by PyTorch's name");
  app.add_flag("--all", all, "tell every difference, not one of a kind");
  CLI11_PARSE(app, count, arguments);
  set_num_threads(1);
  std::cout << "libtorch " << prepare_theirs() << std::endl;
  return Run(seed, cases, op, all)();
}
