// worker.hpp: calls judged in a process of their own, which may crash or hang.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "differential/judge.hpp"

namespace xgrad::test {

enum class End { same, both_refuse, different, they_crash };
struct Trial {
  std::string op;
  Json call;
};
struct TrialResult {
  End end;
  std::string text;
};

/// Judges trials 0 .. count - 1, in their order. A crash or a minute without an answer ends the
/// trial it happens in, as libtorch's or as a difference, and the next ones go on.
void run_trials(std::size_t count, const std::function<Trial(std::size_t)>& trial,
                const std::function<void(std::size_t, const TrialResult&)>& tell);

/// Whether a difference is a crash, or no answer.
bool is_ending(const std::string& difference);

/// What f gives in a process of its own; empty if that crashes, or takes a minute.
std::string run_apart(const std::function<std::string()>& f);

}  // namespace xgrad::test
