// safetensors_bytes.hpp: safetensors files made by hand.
#pragma once

#include <string>

#include "io/hostile.hpp"

namespace xgrad::test {

inline std::string file_of(const std::string& header, const std::string& data = "") {
  return bytes_of(std::uint64_t{header.size()}) + header + data;
}

// A tensor's entry: {"dtype":"F32","shape":[2],"data_offsets":[0,8]}.
inline std::string entry(const std::string& dtype, const std::string& shape,
                         const std::string& offsets) {
  return R"({"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

}  // namespace xgrad::test
