// accepted.hpp: the differences from libtorch that stay, each with its reason.
#pragma once

#include <string>
#include <vector>

#include "support/reference.hpp"

namespace xgrad::test {

/// A row of accepted.json: of which functions, which differences (a part of their text, as a
/// regular expression), for which calls (of their summary), how far numbers may then be apart, and
/// why.
struct Accepted {
  std::vector<std::string> ops;
  std::string difference, call, reason;
  double relative = 0;  ///< of their number; 0 for any
};

const std::vector<Accepted>& accepted_differences();

/// The row that a difference falls under; -1 if there is none.
int accepted_by(const std::string& op, const std::string& difference, const std::string& call);

}  // namespace xgrad::test
