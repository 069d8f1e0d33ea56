#include "python_text.hpp"

#include <fmt/format.h>

namespace xgrad::nn::detail {
namespace {

template <class T>
std::string tuple_of(const std::vector<T>& values) {
  std::string all;
  for (const T& value : values) all += fmt::format("{}{}", all.empty() ? "" : ", ", value);
  return fmt::format("({}{})", all, values.size() == 1 ? "," : "");
}
template <class T>
std::string text_of(const PerAxis<T>& values) {
  return values.values().size() == 1 ? fmt::format("{}", values.values()[0])
                                     : tuple_of(values.values());
}

}  // namespace

std::string python_tuple(const std::vector<std::int64_t>& values) { return tuple_of(values); }
std::string python_text(const Extent& values) { return text_of(values); }
std::string python_text(const PerAxis<double>& values) { return text_of(values); }

}  // namespace xgrad::nn::detail
