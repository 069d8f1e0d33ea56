#include <xgrad/graph/shape.hpp>

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/error.hpp>

namespace xgrad {

Shape::Shape(const std::int64_t* sizes, std::size_t rank, Site site) : rank_(rank), inline_{} {
  if (rank_ > max_dim)
    throw ShapeError(
        fmt::format("a shape of {} axes is not supported: a tensor has at most {}; merge axes with "
                    "reshape or flatten",
                    rank, max_dim),
        site);
  if (rank_ > inline_rank)
    copy_to_heap(sizes);
  else
    std::copy_n(sizes, rank_, inline_);
}

void Shape::copy_to_heap(const std::int64_t* sizes) {
  heap_ = new std::int64_t[rank_];
  std::copy_n(sizes, rank_, heap_);
}

std::string to_string(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", "));
}

}  // namespace xgrad
