// in_memory.hpp: a file for each input of a fuzzer, in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include <sys/mman.h>
#include <unistd.h>

namespace xgrad::fuzz {

/// The path of a file with these bytes; the next call overwrites it.
inline std::filesystem::path file_of(const std::uint8_t* data, std::size_t size) {
  static const int file = memfd_create("input", 0);
  if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != static_cast<ssize_t>(size))
    _exit(1);
  return "/proc/self/fd/" + std::to_string(file);
}

}  // namespace xgrad::fuzz
