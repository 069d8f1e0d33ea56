// watch.hpp: calls in a process of their own, which a crash or an endless call ends alone.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "hostile/draw.hpp"
#include "hostile/judge.hpp"

namespace xgrad::test {

struct Tally {
  std::int64_t values = 0, refused = 0, no_memory = 0;
  std::vector<std::string> faults;  ///< what, and the call
};

/// Runs calls 0 to count - 1: `call` notes what it does and judges it. A crash, or more than
/// `seconds` for one call, is a fault of that call; the next ones go on.
Tally watch(std::int64_t first, std::int64_t count, unsigned seconds,
            const std::function<Verdict(std::int64_t, Note&)>& call);

}  // namespace xgrad::test
