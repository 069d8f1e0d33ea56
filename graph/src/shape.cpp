#include <xgrad/graph/shape.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace xgrad {

Shape::Shape(const std::int64_t* sizes, std::size_t rank)   // sizes past the rank stay zero, so that moves may copy them all
    : rank_(rank), inline_{} {
  if (rank_ > inline_rank) heap_ = new std::int64_t[rank_];
  std::copy_n(sizes, rank_, begin());
}

Shape::Shape(Shape&& other) noexcept : rank_(other.rank_), inline_{} {
  if (rank_ > inline_rank) {
    heap_ = other.heap_;
    other.rank_ = 0;
  } else {
    std::copy_n(other.inline_, inline_rank, inline_);
  }
}

Shape& Shape::operator=(Shape other) noexcept {
  this->~Shape();
  return *new (this) Shape(std::move(other));
}

std::int64_t Shape::numel() const noexcept {
  std::int64_t count = 1;
  for (const std::int64_t size : *this) count *= size;
  return count;
}

bool operator==(const Shape& a, const Shape& b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

std::string to_string(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", "));
}

}  // namespace xgrad
