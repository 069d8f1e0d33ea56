// training.hpp: fifty steps of a small network, the same in both libraries.
#pragma once

#include <vector>

#include "calls/draw.hpp"
#include "differential/answer.hpp"

namespace xgrad::test {

/// {"layers": [{"module", "args", "kwargs"}], "optimizer", "options", "clip", "input", "target"}:
/// layers that exist in both, an optimizer with random options, how gradients are bounded, and for
/// some {"schedule": {"step_size", "gamma"}}.
Json draw_training(Choices& choices);

/// The loss of each step, then all parameters and buffers, then the output in evaluation.
/// Parameters start at `start_of`.
std::vector<Array> our_training(const Json& training);
std::vector<Array> their_training(const Json& training);

inline constexpr int training_steps = 50;
/// Element k of the which-th parameter before the first step.
inline double start_of(std::size_t which, std::size_t k) { return 0.4 * weight(which + 3, k); }

/// What differs between them; empty if nothing does.
std::string training_difference(const Json& training);

}  // namespace xgrad::test
