// per_axis.hpp: settings of the spatial axes, one for all of them or one for each.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <vector>

#include <xgrad/graph/site.hpp>

namespace xgrad {

/// A number, or a braced list with one for each spatial axis.
template <class T>
class PerAxis {
 public:
  PerAxis() = default;
  template <class N>
  requires std::is_arithmetic_v<N> PerAxis(N all) : values_{static_cast<T>(all)} {}
  PerAxis(std::initializer_list<T> each) : values_(each) {}
  PerAxis(std::vector<T> each) : values_(std::move(each)) {}

  bool given() const noexcept { return !values_.empty(); }
  /// The number for all axes alone, or those given.
  const std::vector<T>& values() const noexcept { return values_; }
  /// One for each of `axes`. @throws ShapeError, naming op and setting, for another number.
  std::vector<T> along(const char* op, const char* setting, int axes) const;

 private:
  std::vector<T> values_;
};

using Extent = PerAxis<std::int64_t>;

/// Padding on both sides, by numbers or in a word: "valid" for none, "same" for as much as keeps
/// the size.
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
