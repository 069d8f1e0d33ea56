// shape.hpp: the sizes of a tensor's axes.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <iterator>
#include <limits>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/graph/site.hpp>
#include <xgrad/graph/strict.hpp>

namespace xgrad {

/// The maximum number of axes of a tensor.
inline constexpr int max_dim = 16;

namespace detail {
/// A std::vector, std::array, std::span or another contiguous container of integers.
template <class C>
concept IntegerContainer = requires(const C& c) {
  requires SameKind<std::int64_t, typename C::value_type>;
  std::data(c);
  std::size(c);
  requires !requires { c.shape(); };  // not an array of xtensor
};
}  // namespace detail

/// The sizes of a tensor's axes, outermost first: integers of any type, in braces or in a
/// container, or a single integer for a single axis. Up to four are stored inline, more on the
/// heap.
///
/// The sizes themselves are not checked here: functions that create tensors throw ShapeError if a
/// size is negative or the elements take more than 2^63 - 1 bytes.
/// @throws ShapeError  for more than max_dim axes.
class Shape {
 public:
  Shape() noexcept : rank_(0), inline_{} {}
  Shape(std::initializer_list<Count> sizes, Site site = {__builtin_FILE(), __builtin_LINE()});
  template <class Integer>
  requires detail::SameKind<std::int64_t, Integer> Shape(Integer size)
  noexcept : rank_(1), inline_{Count(size)} {}
  template <class C>
  requires detail::IntegerContainer<C> Shape(const C& sizes,
                                             Site site = {__builtin_FILE(), __builtin_LINE()})
      : Shape(Rank{std::size(sizes)}, site) {
    std::int64_t* to = begin();
    for (const auto size : sizes) *to++ = Count(size);
  }
  Shape(const std::int64_t* sizes, std::size_t rank,
        Site site = {__builtin_FILE(), __builtin_LINE()});
  Shape(const Shape& other) : rank_(other.rank_), inline_{} {
    if (rank_ > inline_rank)
      copy_to_heap(other.heap_);
    else
      copy_inline(other);
  }
  Shape(Shape&& other) noexcept : rank_(other.rank_), inline_{} {
    if (rank_ > inline_rank) {
      heap_ = other.heap_;
      other.rank_ = 0;
    } else {
      copy_inline(other);
    }
  }
  Shape& operator=(const Shape& other) { return *this = Shape(other); }
  Shape& operator=(Shape&& other) noexcept {
    if (this == &other) return *this;
    this->~Shape();
    return *new (this) Shape(std::move(other));
  }
  ~Shape() {
    if (rank_ > inline_rank) delete[] heap_;
  }

  /// The number of axes.
  int dim() const noexcept { return static_cast<int>(rank_); }
  /// The number of elements: 1 if there are no axes, 0 if an axis is empty. It saturates at
  /// 2^63 - 1, which no tensor reaches.
  std::int64_t numel() const noexcept {
    std::int64_t count = 1;
    for (const std::int64_t size : *this)
      if (__builtin_mul_overflow(count, size, &count))
        count = std::numeric_limits<std::int64_t>::max();
    return count;
  }

  std::int64_t operator[](int axis) const noexcept { return begin()[axis]; }
  std::int64_t& operator[](int axis) noexcept { return begin()[axis]; }
  const std::int64_t* begin() const noexcept { return rank_ > inline_rank ? heap_ : inline_; }
  const std::int64_t* end() const noexcept { return begin() + rank_; }
  std::int64_t* begin() noexcept { return rank_ > inline_rank ? heap_ : inline_; }
  std::int64_t* end() noexcept { return begin() + rank_; }
  std::int64_t back() const noexcept { return begin()[rank_ - 1]; }

  friend bool operator==(const Shape& a, const Shape& b) noexcept {
    if (a.rank_ != b.rank_) return false;
    for (std::size_t i = 0; i < a.rank_; ++i)
      if (a.begin()[i] != b.begin()[i]) return false;
    return true;
  }

 private:
  static constexpr std::size_t inline_rank = 4;
  struct Rank {
    std::size_t value;
  };
  Shape(Rank rank, Site site);  // all sizes 0
  void copy_to_heap(const std::int64_t* sizes);
  void copy_inline(const Shape& other) noexcept {  // copying all four is faster
    for (std::size_t i = 0; i < inline_rank; ++i) inline_[i] = other.inline_[i];
  }
  std::size_t rank_;
  union {
    std::int64_t inline_[inline_rank];
    std::int64_t* heap_;
  };
};

namespace detail {
std::string text_of(const Shape& shape);
std::ostream& write(std::ostream& out, const Shape& shape);
}  // namespace detail

/// The sizes as text: "[2, 3]", or "[]" if there are no axes. Of a Shape alone, not of what
/// converts to one.
std::string to_string(const std::same_as<Shape> auto& shape) { return detail::text_of(shape); }
std::ostream& operator<<(std::ostream& out, const std::same_as<Shape> auto& shape) {
  return detail::write(out, shape);
}

/// An argument that selects one axis, several axes, or, if empty, all axes. Negative axes count
/// from the end.
class Dims {
 public:
  Dims() = default;
  Dims(Dim dim) : dims_{dim} {}
  template <class Integer>
  requires detail::SameKind<int, Integer> Dims(Integer dim) : Dims(Dim(dim)) {}
  Dims(std::initializer_list<Dim> dims) : dims_(dims.begin(), dims.end()) {}
  Dims(std::vector<int> dims) : dims_(std::move(dims)) {}
  bool empty() const noexcept { return dims_.empty(); }
  const std::vector<int>& list() const noexcept { return dims_; }

 private:
  std::vector<int> dims_;
};

}  // namespace xgrad
