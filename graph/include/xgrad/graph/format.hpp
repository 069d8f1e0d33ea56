// format.hpp: formatters for fmt: `fmt::print("{}", tensor)`, also for shapes and dtypes.
#pragma once

#include <string>

#include <fmt/core.h>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::detail {

/// A formatter for types that have to_string. It depends only on <fmt/core.h>.
struct TextFormatter {
  constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }
  template <class T, class Context>
  auto format(const T& value, Context& context) const {
    auto out = context.out();
    for (const char c : to_string(value)) *out++ = c;
    return out;
  }
};

}  // namespace xgrad::detail

template <>
struct fmt::formatter<xgrad::Tensor> : xgrad::detail::TextFormatter {};
template <>
struct fmt::formatter<xgrad::Shape> : xgrad::detail::TextFormatter {};
template <>
struct fmt::formatter<xgrad::DType> : xgrad::detail::TextFormatter {};
