// zips.hpp: zip archives made by hand, right ones and wrong ones.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/hostile.hpp"

namespace xgrad::test {

/// A member, and what its headers say that is not so.
struct Member {
  std::string name;
  std::string data = {};
  bool deflate = false;
  std::optional<std::uint64_t> size = {}, compressed = {}, offset = {};
  std::optional<std::uint32_t> crc = {};
  std::optional<std::uint16_t> method = {}, flags = {};
  std::optional<std::string> local_name = {};
  std::string extra = {};  // of the directory
};

/// What the end of an archive says that is not so.
struct ZipEnd {
  std::optional<std::uint32_t> size = {}, offset = {};
  std::optional<std::uint16_t> entries = {}, entries_here = {}, disk = {}, comment = {};
  std::string before = {};  // as a zip64 record and locator
};

std::string zip_of(const std::vector<Member>& members, const std::string& comment = "",
                   const ZipEnd& end = {});

/// Archives of a good member that are wrong in all that archives can be.
std::vector<HostileFile> hostile_zips(const Member& good);

}  // namespace xgrad::test
