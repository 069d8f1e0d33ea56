// in_quotes.hpp: names from files, as error messages show them.
#pragma once

#include <string>
#include <string_view>

namespace xgrad::io::detail {

/// The text in quotes, without control characters and other bytes beyond ASCII, and at most 80
/// characters of it: 'encoder.weight', 'a\x00b', 'aaaa...'.
std::string in_quotes(std::string_view text);

/// Whether a StateDict can have an entry of this name: non-empty parts separated by dots.
bool is_state_name(std::string_view name) noexcept;

}  // namespace xgrad::io::detail
