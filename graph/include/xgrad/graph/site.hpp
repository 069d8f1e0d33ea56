// site.hpp: a line of the user's code, for error messages.
#pragma once

namespace xgrad {

/// The place in the user's code where a value was made or changed.
///
/// A function that wants its caller's line takes `Site site = {__builtin_FILE(), __builtin_LINE()}`
/// as its last parameter (clang 14 has no std::source_location).
struct Site {
  const char* file = nullptr;
  unsigned line = 0;
};

}  // namespace xgrad
