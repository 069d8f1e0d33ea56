// numbers.hpp: Numbers, the values along one axis of a picture.
#pragma once

#include <initializer_list>
#include <type_traits>
#include <vector>

#include <xgrad/graph/tensor.hpp>

namespace xgrad::viz {

/// The values along one axis of a picture, from a braced list, a container of numbers, or the
/// elements of a tensor (any shape and dtype, row by row). They are copied.
///
///     axes.plot({0, 1, 2}, losses);
class Numbers {
 public:
  Numbers() = default;
  Numbers(std::initializer_list<double> values) : values_(values) {}
  /// @throws GraphError  if the tensor is undefined.
  Numbers(const Tensor& tensor, Site site = Site::here());
  template <class Container>
  requires(std::is_arithmetic_v<typename Container::value_type> &&
           !std::is_same_v<typename Container::value_type, char>)  // no strings
      Numbers(const Container& values) {
    for (const auto value : values) values_.push_back(static_cast<double>(value));
  }

  std::size_t size() const noexcept { return values_.size(); }
  bool empty() const noexcept { return values_.empty(); }
  double operator[](std::size_t i) const noexcept { return values_[i]; }
  auto begin() const noexcept { return values_.begin(); }
  auto end() const noexcept { return values_.end(); }
  const std::vector<double>& values() const noexcept { return values_; }

 private:
  std::vector<double> values_;
};

}  // namespace xgrad::viz
