// ours.hpp: the same calls of xgrad.
#pragma once

#include "differential/answer.hpp"
#include "support/reference.hpp"

namespace xgrad::test {

/// What xgrad gives for a call of `op`, by PyTorch's name, as in ops.json.
Answer our_answer(const std::string& op, const Json& call);

/// What gradgradcheck (or gradcheck) finds wrong with our gradients; empty if nothing.
std::string our_gradients_problem(const std::string& op, const Json& call, bool second);

}  // namespace xgrad::test
