// judge.hpp: do both libraries give the same for a call?
#pragma once

#include <functional>
#include <string>

#include "differential/answer.hpp"
#include "support/reference.hpp"

namespace xgrad::test {

enum class Found { same, both_refuse, different };
struct Judgement {
  Found found;
  std::string difference;
};

/// Told before each call of either library, so that a crash is known by its library.
using Announce = std::function<void(const char* library)>;

/// Values, gradients and second gradients as the call is, values with float64 as float32.
///
/// Numbers may differ by 1e-9 (float32: 1e-4) of themselves and by what the same call's results
/// move where its inputs move by an ulp: that is what conditioning leaves of an answer. Gradients
/// are compared where all results are finite.
Judgement judge(const std::string& op, const Json& call, const Announce& announce);

/// "float64[2,3], 1, dim=0": a call without its numbers; * marks tensors with NaN,
/// infinity, huge or tiny numbers.
std::string summary_of(const Json& call);

}  // namespace xgrad::test
