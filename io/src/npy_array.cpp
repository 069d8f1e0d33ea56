#include "npy_array.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "npy_header.hpp"
#include "strided.hpp"

namespace xgrad::io::detail {
namespace {

// The elements stand in the order of the reversed shape.
Tensor in_c_order(const Tensor& reversed, const Shape& shape) {
  std::vector<std::int64_t> strides;
  std::int64_t stride = 1;
  for (const std::int64_t size : shape) {
    strides.push_back(stride);
    stride *= size;
  }
  return strided_copy(reversed, 0, shape, strides);
}

}  // namespace

Tensor read_npy(ByteSource& source, std::uint64_t size, const Place& place) {
  const NpyHeader header = read_npy_header(source, size, place);
  const auto bits = static_cast<unsigned>(8 * size_of(header.type));
  const std::uint64_t bytes = checked_bytes(header.shape, bits, place);
  if (bytes != size - header.length)
    place.fail(fmt::format("is {}: shape ({}) takes {} bytes, and {} follow the header",
                           bytes > size - header.length ? "truncated" : "too long",
                           fmt::join(header.shape, ", "), bytes, size - header.length));
  const Shape shape = checked_shape(header.shape, place);
  const Tensor read = read_elements(source, header.type, header.swapped, shape, place);
  return header.fortran_order && shape.dim() > 1 ? in_c_order(read, shape) : read;
}

}  // namespace xgrad::io::detail
