// site.hpp: Site, a line of the user's code, for error messages.
#pragma once

namespace xgrad {

/// The line of the user's code that created or changed a value.
///
/// To get its caller's line, a function declares `Site site = {__builtin_FILE(),
/// __builtin_LINE()}`, or `Site site = Site::here()`, as its last parameter. (clang 14 has no
/// std::source_location.)
struct Site {
  const char* file = nullptr;
  unsigned line = 0;

  /// The line of the call; as a default argument, the line of the call that it is for.
  static constexpr Site here(const char* file = __builtin_FILE(),
                             unsigned line = __builtin_LINE()) noexcept {
    return {file, line};
  }
};

}  // namespace xgrad
