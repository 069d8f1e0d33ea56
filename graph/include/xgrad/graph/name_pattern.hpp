// name_pattern.hpp: names that match a pattern, as "encoder.*" or "*.bias|*norm*".
#pragma once

#include <string>

namespace xgrad::detail {

/// Whether a name matches one of the shell patterns between the bars: `*` is any text, dots
/// included, `?` any character, `[ab]` one of several.
bool matches_pattern(const std::string& name, const std::string& pattern);

}  // namespace xgrad::detail
