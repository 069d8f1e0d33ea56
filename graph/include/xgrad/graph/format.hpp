// format.hpp: tensors and shapes in fmt::format and fmt::print.
#pragma once

#include <string>

#include <fmt/core.h>

#include <xgrad/graph/tensor.hpp>

template <>
struct fmt::formatter<xgrad::Tensor> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(const xgrad::Tensor& tensor, Context& context) const {
    return fmt::formatter<fmt::string_view>::format(to_string(tensor), context);
  }
};

template <>
struct fmt::formatter<xgrad::Shape> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(const xgrad::Shape& shape, Context& context) const {
    return fmt::formatter<fmt::string_view>::format(to_string(shape), context);
  }
};

template <>
struct fmt::formatter<xgrad::DType> : fmt::formatter<fmt::string_view> {
  template <class Context>
  auto format(xgrad::DType dtype, Context& context) const {
    const std::string_view text = xgrad::name(dtype);
    return fmt::formatter<fmt::string_view>::format({text.data(), text.size()}, context);
  }
};
