// shape.hpp: the sizes of a tensor's axes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/graph/site.hpp>
#include <xgrad/graph/strict.hpp>

namespace xgrad {

/// The most axes that a tensor has.
inline constexpr int max_dim = 16;

/// Sizes of the axes, outermost first. Up to four lie inline, more on the heap.
/// @throws ShapeError  for more than max_dim axes. What sizes a tensor can have is checked where it
///                     is made: at least 0, and all bytes countable in 64 bits.
class Shape {
 public:
  Shape() noexcept : rank_(0), inline_{} {}
  Shape(std::initializer_list<std::int64_t> sizes, Site site = {__builtin_FILE(), __builtin_LINE()})
      : Shape(sizes.begin(), sizes.size(), site) {}
  Shape(const std::vector<std::int64_t>& sizes, Site site = {__builtin_FILE(), __builtin_LINE()})
      : Shape(sizes.data(), sizes.size(), site) {}
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

  /// Number of axes.
  int dim() const noexcept { return static_cast<int>(rank_); }
  /// Number of elements: 1 for no axes, 0 where an axis is empty. The largest number there is, for
  /// a shape with more than can be counted, which no tensor has.
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
  void copy_to_heap(const std::int64_t* sizes);
  void copy_inline(const Shape& other) noexcept {  // all four: quicker than as many as there are
    for (std::size_t i = 0; i < inline_rank; ++i) inline_[i] = other.inline_[i];
  }
  std::size_t rank_;
  union {
    std::int64_t inline_[inline_rank];
    std::int64_t* heap_;
  };
};

/// "[2, 3]"; "[]" for no axes.
std::string to_string(const Shape& shape);

/// A choice of axes: one, several, or (empty) all. Negative ones count from the end.
class Dims {
 public:
  Dims() = default;
  Dims(Dim dim) : dims_{dim} {}
  template <class Integer>
  requires detail::SameKind<int, Integer> Dims(Integer dim) : Dims(Dim(dim)) {}
  Dims(std::initializer_list<int> dims) : dims_(dims) {}
  Dims(std::vector<int> dims) : dims_(std::move(dims)) {}
  bool empty() const noexcept { return dims_.empty(); }
  const std::vector<int>& list() const noexcept { return dims_; }

 private:
  std::vector<int> dims_;
};

}  // namespace xgrad
