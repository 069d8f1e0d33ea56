// checkpoint_mark.hpp: the metadata that make a safetensors file a checkpoint.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <xgrad/io/safetensors.hpp>

namespace xgrad::io::detail {

constexpr std::string_view mark_key = "xgrad_checkpoint";

struct CheckpointMark {
  std::string parts;  // "optimizer model"
  std::uint32_t checksum = 0;
};

/// {"xgrad_checkpoint": "1 2873492 optimizer model"}: version, checksum, parts.
Metadata mark(const CheckpointMark& mark);
/// None if the metadata have no mark of a version that is known.
std::optional<CheckpointMark> find_mark(const Metadata& metadata);

}  // namespace xgrad::io::detail
