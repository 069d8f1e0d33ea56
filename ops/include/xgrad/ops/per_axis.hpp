// per_axis.hpp: options of ops with spatial dims: one value for all dims, or one for each.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <vector>

#include <xgrad/graph/site.hpp>

namespace xgrad {

/// A number for all spatial dims, or a braced list with one number for each.
template <class T>
class PerAxis {
 public:
  PerAxis() = default;
  template <class N>
  requires std::is_arithmetic_v<N> PerAxis(N all) : values_{static_cast<T>(all)} {}
  PerAxis(std::initializer_list<T> each) : values_(each) {}
  PerAxis(std::vector<T> each) : values_(std::move(each)) {}

  bool given() const noexcept { return !values_.empty(); }
  /// The values as given: one for all dims, or one for each.
  const std::vector<T>& values() const noexcept { return values_; }
  /// One value for each of `axes` dims. @throws ShapeError if another number of values was given;
  /// the message names op and setting.
  std::vector<T> along(const char* op, const char* setting, int axes) const;

 private:
  std::vector<T> values_;
};

using Extent = PerAxis<std::int64_t>;

/// Padding on both sides: numbers, "valid" for no padding, or "same" for a result of the input's
/// size.
class Padding : public Extent {
 public:
  using Extent::Extent;
  Padding() : Extent(0) {}
  Padding(const char* word) : Extent(0), word_(word) {}
  const std::string& word() const noexcept { return word_; }

 private:
  std::string word_;
};

}  // namespace xgrad
