#include "zip.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "in_quotes.hpp"
#include "little_endian.hpp"

namespace xgrad::io::detail {
namespace {

constexpr std::uint32_t end_signature = 0x06054b50, end64_signature = 0x06064b50,
                        locator_signature = 0x07064b50, directory_signature = 0x02014b50,
                        local_signature = 0x04034b50;
constexpr std::uint64_t end_size = 22, locator_size = 20, end64_size = 56, directory_size = 46,
                        local_size = 30;
// Deflate stores at most 258 bytes in two bits: about 1032 bytes for each byte of input.
constexpr std::uint64_t largest_expansion = 1032;

struct Directory {
  std::uint64_t offset = 0, size = 0, entries = 0;
  std::uint64_t limit = 0;  // where its own end begins
};

// The end record is followed by a comment of a length that it tells, and by nothing else.
std::uint64_t find_end(const InputFile& file) {
  if (file.size() < end_size) file.fail("is truncated: a zip archive has at least 22 bytes");
  const std::uint64_t length = std::min<std::uint64_t>(file.size(), end_size + 65535);
  const std::uint64_t start = file.size() - length;
  const std::string tail = file.read_text(start, length);
  for (std::size_t at = length - end_size + 1; at-- > 0;)
    if (number_at<std::uint32_t>(tail, at) == end_signature &&
        at + end_size + number_at<std::uint16_t>(tail, at + 20) == length)
      return start + at;
  file.fail("is truncated or no zip archive: the directory at its end is missing");
}

void check_disks(const InputFile& file, std::uint64_t disk, std::uint64_t start, std::uint64_t here,
                 std::uint64_t all) {
  if (disk != 0 || start != 0 || here != all)
    file.fail("is one part of a zip archive that was split; join its parts first");
}

Directory read_end64(const InputFile& file, std::uint64_t end) {
  const std::string locator = file.read_text(end - locator_size, locator_size);
  const auto at = number_at<std::uint64_t>(locator, 8);
  if (end - locator_size < end64_size || at > end - locator_size - end64_size)
    file.fail("is corrupt: the zip64 directory lies outside of the file");
  const std::string record = file.read_text(at, end64_size);
  if (number_at<std::uint32_t>(record, 0) != end64_signature)
    file.fail("is corrupt: the zip64 directory is not where the locator says");
  check_disks(file, number_at<std::uint32_t>(record, 16), number_at<std::uint32_t>(record, 20),
              number_at<std::uint64_t>(record, 24), number_at<std::uint64_t>(record, 32));
  return {number_at<std::uint64_t>(record, 48), number_at<std::uint64_t>(record, 40),
          number_at<std::uint64_t>(record, 32), at};
}

bool has_locator(const InputFile& file, std::uint64_t end) {
  return end >= locator_size &&
         number_at<std::uint32_t>(file.read_text(end - locator_size, 4), 0) == locator_signature;
}

Directory read_end(const InputFile& file) {
  const std::uint64_t end = find_end(file);
  if (has_locator(file, end)) return read_end64(file, end);
  const std::string record = file.read_text(end, end_size);
  check_disks(file, number_at<std::uint16_t>(record, 4), number_at<std::uint16_t>(record, 6),
              number_at<std::uint16_t>(record, 8), number_at<std::uint16_t>(record, 10));
  return {number_at<std::uint32_t>(record, 16), number_at<std::uint32_t>(record, 12),
          number_at<std::uint16_t>(record, 10), end};
}

Directory checked_directory(const InputFile& file) {
  const Directory found = read_end(file);
  if (found.offset > found.limit || found.size > found.limit - found.offset)
    file.fail(fmt::format("is corrupt: its directory of {} bytes at {} lies outside of the file",
                          found.size, found.offset));
  if (found.entries > found.size / directory_size)
    file.fail(fmt::format("is corrupt: {} members cannot stand in a directory of {} bytes",
                          found.entries, found.size));
  return found;
}

Place place_of(const InputFile& file, std::string_view name) {
  return {file, fmt::format("member {}", in_quotes(name))};
}

// The sizes and the offset of an entry that do not fit into 32 bits stand in an extra field.
void read_extra(std::string_view extra, ZipEntry& entry, const Place& place) {
  constexpr std::uint64_t elsewhere = 0xffffffff;
  while (extra.size() >= 4) {
    const auto id = number_at<std::uint16_t>(extra, 0);
    const auto length = number_at<std::uint16_t>(extra, 2);
    if (length > extra.size() - 4) break;
    std::string_view field = extra.substr(4, length);
    extra.remove_prefix(4U + length);
    if (id != 1) continue;
    for (std::uint64_t* number : {&entry.size, &entry.compressed, &entry.header}) {
      if (*number != elsewhere) continue;
      if (field.size() < 8) place.fail("its zip64 sizes are missing");
      *number = number_at<std::uint64_t>(field, 0);
      field.remove_prefix(8);
    }
  }
}

void check_kind(std::uint16_t flags, std::uint16_t method, const Place& place) {
  if ((flags & 0x2041) != 0) place.fail("it is encrypted; decrypt the archive first");
  if (method != 0 && method != 8)
    place.fail(
        fmt::format("its compression method {} is not supported; stored (0) and deflated "
                    "(8) members can be read",
                    method));
}

void check_sizes(const ZipEntry& entry, const Place& place) {
  const bool possible = entry.deflated ? entry.size / largest_expansion <= entry.compressed
                                       : entry.size == entry.compressed;
  if (!possible) place.fail(fmt::format("{} bytes cannot become {}", entry.compressed, entry.size));
}

// Reads the entry at the beginning of `rest`, and takes it off.
ZipEntry take_entry(const InputFile& file, std::string_view& rest) {
  if (rest.size() < directory_size || number_at<std::uint32_t>(rest, 0) != directory_signature)
    file.fail("is corrupt: its directory has fewer members than it says");
  const std::size_t name = number_at<std::uint16_t>(rest, 28),
                    extra = number_at<std::uint16_t>(rest, 30),
                    comment = number_at<std::uint16_t>(rest, 32);
  if (name + extra + comment > rest.size() - directory_size)
    file.fail("is corrupt: its directory ends within a member");
  ZipEntry entry;
  entry.name = rest.substr(directory_size, name);
  const Place place = place_of(file, entry.name);
  check_kind(number_at<std::uint16_t>(rest, 8), number_at<std::uint16_t>(rest, 10), place);
  entry.deflated = number_at<std::uint16_t>(rest, 10) == 8;
  entry.crc = number_at<std::uint32_t>(rest, 16);
  entry.compressed = number_at<std::uint32_t>(rest, 20);
  entry.size = number_at<std::uint32_t>(rest, 24);
  entry.header = number_at<std::uint32_t>(rest, 42);
  read_extra(rest.substr(directory_size + name, extra), entry, place);
  check_sizes(entry, place);
  rest.remove_prefix(directory_size + name + extra + comment);
  return entry;
}

// The bytes follow a header of their own, which lies before the directory, as they do.
void find_data(const InputFile& file, ZipEntry& entry, std::uint64_t limit) {
  const Place place = place_of(file, entry.name);
  const auto inside = [&](std::uint64_t offset, std::uint64_t size) {
    if (offset > limit || size > limit - offset)
      place.fail(fmt::format("its {} bytes at {} lie outside of the file", size, offset));
  };
  inside(entry.header, local_size);
  const std::string header = file.read_text(entry.header, local_size);
  if (number_at<std::uint32_t>(header, 0) != local_signature)
    place.fail("it is not where the directory says");
  const std::size_t name = number_at<std::uint16_t>(header, 26),
                    extra = number_at<std::uint16_t>(header, 28);
  inside(entry.header + local_size, name + extra);
  if (file.read_text(entry.header + local_size, name) != entry.name)
    place.fail("it has another name than in the directory");
  entry.data = entry.header + local_size + name + extra;
  inside(entry.data, entry.compressed);
}

// Members on top of each other would inflate the same bytes again and again.
void check_overlaps(const InputFile& file, const std::vector<ZipEntry>& entries) {
  std::vector<const ZipEntry*> ordered;
  for (const ZipEntry& entry : entries) ordered.push_back(&entry);
  std::sort(ordered.begin(), ordered.end(),
            [](const ZipEntry* a, const ZipEntry* b) { return a->header < b->header; });
  for (std::size_t i = 1; i < ordered.size(); ++i)
    if (ordered[i]->header < ordered[i - 1]->data + ordered[i - 1]->compressed)
      place_of(file, ordered[i]->name)
          .fail(fmt::format("it overlaps member {}", in_quotes(ordered[i - 1]->name)));
}

}  // namespace

bool ZipArchive::starts(const InputFile& file) {
  if (file.size() < 4) return false;
  const auto signature = number_at<std::uint32_t>(file.read_text(0, 4), 0);
  return signature == local_signature || signature == end_signature;
}

ZipArchive::ZipArchive(const InputFile& file) : file_(file) {
  const Directory directory = checked_directory(file);
  const std::string bytes = file.read_text(directory.offset, directory.size);
  std::string_view rest = bytes;
  for (std::uint64_t i = 0; i < directory.entries; ++i) {
    entries_.push_back(take_entry(file, rest));
    find_data(file, entries_.back(), directory.offset);
  }
  if (!rest.empty()) file.fail("is corrupt: its directory has more members than it says");
  check_overlaps(file, entries_);
  for (const ZipEntry& entry : entries_)
    if (!by_name_.try_emplace(entry.name, &entry).second)
      place_of(file, entry.name).fail("the name occurs twice");
}

const ZipEntry* ZipArchive::find(std::string_view name) const noexcept {
  const auto at = by_name_.find(name);
  return at == by_name_.end() ? nullptr : at->second;
}

}  // namespace xgrad::io::detail
