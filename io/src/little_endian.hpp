// little_endian.hpp: numbers in the bytes of files.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

namespace xgrad::io::detail {

/// The number at a position, which must lie within the text.
template <class T>
T number_at(std::string_view bytes, std::size_t at) noexcept {
  T number;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

/// Appends the bytes of numbers.
template <class... T>
void append_numbers(std::string& bytes, T... numbers) {
  (bytes.append(reinterpret_cast<const char*>(&numbers), sizeof numbers), ...);
}

}  // namespace xgrad::io::detail
