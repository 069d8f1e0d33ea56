// npy_array.hpp: reads an array in NumPy's format from a file or a member of an archive.
#pragma once

#include "elements.hpp"

namespace xgrad::io::detail {

/// @param size  the bytes of header and elements. @throws IoError  that tells what is wrong.
Tensor read_npy(ByteSource& source, std::uint64_t size, const Place& place);

}  // namespace xgrad::io::detail
