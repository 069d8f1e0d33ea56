// utf8.hpp: text as code points and back.
#pragma once

#include <string>
#include <string_view>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::data::detail {

/// The code points of a text, int64, 1-d.
/// @throws ValueError  with the offset of the first byte that is not UTF-8: overlong forms,
///                     surrogates and numbers beyond U+10FFFF are not.
Tensor code_points(const char* op, std::string_view utf8);

/// Appends the UTF-8 form of a code point.
void append_utf8(std::string& text, std::int64_t code_point);

}  // namespace xgrad::data::detail
