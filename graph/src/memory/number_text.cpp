#include <xgrad/graph/number_text.hpp>

#include <fmt/format.h>

namespace xgrad::detail {

std::string grouped(std::int64_t n) {
  std::string text = std::to_string(n);
  const std::size_t first = n < 0 ? 1 : 0;
  for (std::size_t at = text.size(); at > first + 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string in_bytes(std::int64_t n) {
  const auto of = [n](double unit) { return static_cast<double>(n) / unit; };
  if (n < 1 << 10) return fmt::format("{} B", n);
  if (n < 1 << 20) return fmt::format("{:.1f} KiB", of(1 << 10));
  if (n < 1 << 30) return fmt::format("{:.1f} MiB", of(1 << 20));
  return fmt::format("{:.2f} GiB", of(1 << 30));
}

}  // namespace xgrad::detail
