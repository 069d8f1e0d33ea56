// build.hpp: what the number of instructions depends on, besides the library's code.
#pragma once

#include <nlohmann/json.hpp>

namespace xgrad::test {

/// Compiler, flags, C library and architecture of this program, as text.
nlohmann::ordered_json this_build();

}  // namespace xgrad::test
