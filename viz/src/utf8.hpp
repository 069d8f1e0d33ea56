// utf8.hpp: the characters of texts of any bytes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace xgrad::viz {

/// Takes the first character off a text that is not empty, and returns it. U+FFFD takes the place
/// of a byte that begins no character, and of characters that no picture shows: those that XML
/// does not have, the control characters U+0080 to U+009F, and those that change the direction of
/// the text.
char32_t next_character(std::string_view& text);

/// Line breaks, tabs and other control characters of ASCII.
bool is_control(char32_t character);

/// How many characters `next_character` finds.
std::size_t count_characters(std::string_view text);

/// A character's bytes.
std::string utf8(char32_t character);

}  // namespace xgrad::viz
