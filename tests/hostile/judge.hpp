// judge.hpp: whether a call ended as each call has to.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <xgrad/xgrad.hpp>

namespace xgrad::test {

struct Verdict {
  enum class Kind { value, refused, no_memory, no_such_call, fault };
  Kind kind;
  std::string text;  // of a fault: which, then what was seen
};

/// Runs a call of op to its end: a value that is whole, and whose sum can be swept; a
/// std::bad_alloc that names shape and bytes; or an Error that names the op and a line of a test.
Verdict judge(const std::string& op, const std::function<std::vector<Tensor>()>& call);

}  // namespace xgrad::test
