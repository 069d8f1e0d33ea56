// libpng refuses chunks with wrong checksums, so each mutation gets the right ones.
#include <algorithm>
#include <span>

#include <zlib.h>

#include "picture.hpp"

namespace {

using Bytes = std::span<std::uint8_t>;

std::size_t big_endian(Bytes b) {
  return std::size_t{b[0]} << 24 | std::size_t{b[1]} << 16 | std::size_t{b[2]} << 8 | b[3];
}

void put_big_endian(Bytes to, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) to[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

// A chunk is a length, a name, so many bytes, and the CRC-32 of name and bytes.
void mend_checksums(Bytes file) {
  Bytes rest = file.subspan(std::min<std::size_t>(8, file.size()));
  while (rest.size() >= 12 && big_endian(rest) <= rest.size() - 12) {
    const std::size_t size = big_endian(rest);
    const auto checksum = crc32(0, rest.data() + 4, static_cast<unsigned>(4 + size));
    put_big_endian(rest.subspan(8 + size), static_cast<std::uint32_t>(checksum));
    rest = rest.subspan(12 + size);
  }
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned /*seed*/) {
  const std::size_t mutated = LLVMFuzzerMutate(data, size, most);
  mend_checksums({data, mutated});
  return mutated;
}

XGRAD_FUZZ_READER(xgrad::fuzz::read_picture)
