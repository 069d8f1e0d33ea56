#include "in_quotes.hpp"

#include <fmt/format.h>

namespace xgrad::io::detail {

std::string in_quotes(std::string_view text) {
  constexpr std::size_t most = 80;
  std::string shown = "'";
  for (const char c : text.substr(0, most))
    if (c >= ' ' && c <= '~')
      shown += c;
    else
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return shown + (text.size() > most ? "...'" : "'");
}

bool is_state_name(std::string_view name) noexcept {
  return !name.empty() && name.front() != '.' && name.back() != '.' &&
         name.find("..") == std::string_view::npos;
}

}  // namespace xgrad::io::detail
