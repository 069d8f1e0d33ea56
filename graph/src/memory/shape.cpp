#include <xgrad/graph/shape.hpp>

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/error.hpp>

namespace xgrad {

Shape::Shape(Rank rank, Site site) : rank_(rank.value), inline_{} {
  if (rank_ > max_dim)
    throw ShapeError(
        fmt::format("a shape of {} axes is not supported: a tensor has at most {}; merge axes with "
                    "reshape or flatten",
                    rank_, max_dim),
        site);
  if (rank_ > inline_rank) heap_ = new std::int64_t[rank_]();
}

Shape::Shape(const std::int64_t* sizes, std::size_t rank, Site site) : Shape(Rank{rank}, site) {
  std::copy_n(sizes, rank, begin());
}

Shape::Shape(std::initializer_list<Count> sizes, Site site) : Shape(Rank{sizes.size()}, site) {
  std::copy(sizes.begin(), sizes.end(), begin());
}

void Shape::copy_to_heap(const std::int64_t* sizes) {
  heap_ = new std::int64_t[rank_];
  std::copy_n(sizes, rank_, heap_);
}

std::string detail::text_of(const Shape& shape) {
  return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", "));
}

}  // namespace xgrad
