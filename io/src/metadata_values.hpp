// metadata_values.hpp: numbers and strings of a StateDict as metadata of a safetensors file.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include <xgrad/graph/state_dict.hpp>

#include "elements.hpp"

namespace xgrad::io::detail {

/// Keys of the metadata that hold values start like this.
constexpr std::string_view value_prefix = "xgrad:";

/// "double 4 0.1": a value that is no tensor, with its position in the StateDict.
std::string value_text(const StateDict::Value& value, std::size_t position);
/// "shared 4 embedding.weight": a tensor that is written under another name.
std::string shared_text(std::string_view kept, std::size_t position);

/// A value from the metadata: a number, a string, or the name under which a tensor is written.
struct MetadataValue {
  std::string name;
  StateDict::Value value;
  bool is_shared = false;  // then the value is the other name
};

/// The values of the metadata, by their position in the StateDict. Those that are taken are erased
/// from the metadata. @throws IoError  if one cannot be read.
std::map<std::size_t, MetadataValue> take_values(std::map<std::string, std::string>& metadata,
                                                 const InputFile& file);

}  // namespace xgrad::io::detail
