// target.hpp: a fuzzer of a reader: everything loads, or throws an IoError.
#pragma once

#include <xgrad/graph/error.hpp>

#include "in_memory.hpp"

#define XGRAD_FUZZ_READER(read)                                                       \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) { \
    try {                                                                             \
      read(xgrad::fuzz::file_of(data, size));                                         \
    } catch (const xgrad::IoError&) {                                                 \
    }                                                                                 \
    return 0;                                                                         \
  }
