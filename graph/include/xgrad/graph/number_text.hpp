// number_text.hpp: integers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace xgrad::detail {

/// 1234567 as "1,234,567".
std::string grouped(std::int64_t n);
/// A number of bytes: 1536 as "1.5 KiB".
std::string in_bytes(std::int64_t n);

}  // namespace xgrad::detail
