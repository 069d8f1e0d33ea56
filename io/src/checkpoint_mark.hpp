// checkpoint_mark.hpp: the metadata that make a safetensors file a checkpoint.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <xgrad/io/safetensors.hpp>

namespace xgrad::io::detail {

constexpr std::string_view mark_key = "xgrad_checkpoint";
constexpr std::string_view time_key = "xgrad_checkpoint_time";

struct CheckpointMark {
  std::string parts;  // "optimizer model"
  std::uint32_t checksum = 0;
  std::int64_t time = 0;  // when it was saved, in nanoseconds since 1970; 0 if it does not say
};

/// Now. Later than all times that the process has been given, and has seen.
std::int64_t time_of_saving() noexcept;
/// Times of saving are after this one from now on, also if the clock was put back.
void see_time_of_saving(std::int64_t time) noexcept;

/// {"xgrad_checkpoint": "1 2873492 optimizer model", "xgrad_checkpoint_time":
/// "1700000000000000000"}: version, checksum, parts; the time, which files of older versions do not
/// have.
Metadata mark(const CheckpointMark& mark);
/// None if the metadata have no mark of a version that is known.
std::optional<CheckpointMark> find_mark(const Metadata& metadata);

}  // namespace xgrad::io::detail
