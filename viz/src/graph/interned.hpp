// interned.hpp: Interned, numbers for texts, which are quick to compare.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace xgrad::viz {

/// Numbers for texts, the same for the same text.
class Interned {
 public:
  std::uint32_t operator()(const std::string& text) {
    return numbers_.try_emplace(text, static_cast<std::uint32_t>(numbers_.size())).first->second;
  }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
};

}  // namespace xgrad::viz
