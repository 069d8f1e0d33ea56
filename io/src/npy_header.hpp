// npy_header.hpp: the header of an array in NumPy's format (NEP 1).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "elements.hpp"

namespace xgrad::io::detail {

struct NpyHeader {
  Stored type = Stored::float64;
  bool swapped = false;  // big-endian
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;
  std::uint64_t length = 0;  // bytes up to the elements
};

/// Reads and checks the header of an array that takes `size` bytes in all.
/// @throws IoError  that tells what is wrong.
NpyHeader read_npy_header(ByteSource& source, std::uint64_t size, const Place& place);

/// The header of a tensor, padded so that the elements are aligned to 64 bytes.
std::string npy_header(const Tensor& tensor);

}  // namespace xgrad::io::detail
