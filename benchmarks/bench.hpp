// bench.hpp: timing contenders against each other.
//
// Machines change their speed by half for minutes, so contenders take turns, and what is quoted is
// the ratio of a round, not the time of a run.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace bench {

/// One piece of work, done by several contenders; the first is ours.
class Case {
 public:
  /// `unit` names what a result counts, `per_call` how many of them a call does.
  Case(std::string name, std::string unit, double per_call);
  /// Calls f, whose result must be within `tolerance` of the expected one, relatively. A contender
  /// that fails is an error of the whole program.
  void contender(const std::string& who, const std::function<void()>& f,
                 const std::function<double()>& result, double expected, double tolerance);
  /// Takes turns for `rounds` rounds of about `seconds` each; prints a row per contender.
  void run(int rounds = 9, double seconds = 0.05);

 private:
  struct Contender {
    std::string who;
    std::function<void()> f;
    std::vector<double> seconds_per_call;
  };
  std::string name_, unit_;
  double per_call_;
  std::vector<Contender> contenders_;
};

/// Ends the program if OpenBLAS runs kernels for a lesser core than this one: OPENBLAS_CORETYPE
/// pins it to one, and without it a release older than the processor takes its oldest kernels.
void require_fitting_blas();

/// Compiler, machine, threads; then the head of the table.
void print_head();

}  // namespace bench
