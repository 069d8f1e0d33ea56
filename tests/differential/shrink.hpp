// shrink.hpp: the smallest call that shows a difference.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "calls/call.hpp"

namespace xgrad::test {

struct Shrunk {
  Json call;
  std::string difference;
};

/// Makes the choices that a call was drawn by smaller and fewer while the difference stays of its
/// kind.
Shrunk shrunk(const Op& op, std::vector<std::uint64_t> choices, const std::string& difference);

}  // namespace xgrad::test
