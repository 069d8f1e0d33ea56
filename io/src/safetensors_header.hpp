// safetensors_header.hpp: the header of a safetensors file, checked.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "elements.hpp"

namespace xgrad::io::detail {

/// A dtype of the format. Those without `stored` have sizes and cannot be read.
struct SafetensorsDType {
  std::string_view name;
  unsigned bits;
  std::optional<Stored> stored;
};
/// Null if the format has none of that name.
const SafetensorsDType* find_safetensors_dtype(std::string_view name) noexcept;
std::string_view safetensors_name(DType dtype) noexcept;

struct SafetensorsEntry {
  std::string name;
  std::string dtype_name;
  const SafetensorsDType* dtype = nullptr;  // null if the format has none of that name
  std::vector<std::uint64_t> shape;
  std::uint64_t begin = 0, end = 0;  // in bytes, from the end of the header
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  // in the order of the header
  std::map<std::string, std::size_t, std::less<>> positions;
  std::map<std::string, std::string> metadata;
  std::uint64_t data = 0;  // where the header ends
};

constexpr std::uint64_t largest_safetensors_header = 100'000'000;

/// @throws IoError  that tells what is wrong.
SafetensorsHeader read_safetensors_header(const InputFile& file);

}  // namespace xgrad::io::detail
