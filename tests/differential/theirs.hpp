// theirs.hpp: calls of libtorch. Its headers are included by one source alone.
#pragma once

#include "differential/answer.hpp"
#include "support/reference.hpp"

namespace xgrad::test {

/// What libtorch gives for a call of `op`, by PyTorch's name, as in ops.json.
Answer their_answer(const std::string& op, const Json& call);

/// One thread, one version: to be called first. Gives libtorch's version.
std::string prepare_theirs();

}  // namespace xgrad::test
