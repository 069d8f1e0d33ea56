#include "zip_writer.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <zlib.h>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "in_quotes.hpp"
#include "little_endian.hpp"

namespace xgrad::io::detail {
namespace {

using Bytes = std::span<const std::byte>;

auto* zlib_bytes(const std::byte* bytes) {
  return reinterpret_cast<Bytef*>(const_cast<std::byte*>(bytes));
}

std::uint32_t checksum(Bytes first, Bytes second) {
  const uLong crc = ::crc32_z(0, zlib_bytes(first.data()), first.size());
  return static_cast<std::uint32_t>(::crc32_z(crc, zlib_bytes(second.data()), second.size()));
}

// Appends what deflate gives for the bytes.
void deflate_into(std::vector<std::byte>& to, z_stream& stream, Bytes from, int flush) {
  std::array<std::byte, 1 << 16> buffer;
  do {
    const Bytes part = from.first(std::min<std::size_t>(from.size(), 1U << 30));
    from = from.subspan(part.size());
    stream.next_in = zlib_bytes(part.data());
    stream.avail_in = static_cast<unsigned>(part.size());
    do {
      stream.next_out = zlib_bytes(buffer.data());
      stream.avail_out = static_cast<unsigned>(buffer.size());
      ::deflate(&stream, from.empty() ? flush : Z_NO_FLUSH);
      to.insert(to.end(), buffer.begin(), buffer.end() - stream.avail_out);
    } while (stream.avail_out == 0);
  } while (!from.empty());
}

std::vector<std::byte> deflated(Bytes header, Bytes elements) {
  z_stream stream{};
  constexpr int memory = 8;  // zlib's default
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, memory,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw MemoryError("not enough memory to deflate an array");
  std::vector<std::byte> all;
  try {
    deflate_into(all, stream, header, Z_NO_FLUSH);
    deflate_into(all, stream, elements, Z_FINISH);
  } catch (...) {
    deflateEnd(&stream);
    throw;
  }
  deflateEnd(&stream);
  return all;
}

constexpr std::uint16_t utf8_names = 1 << 11;
// 1 January 1980, which NumPy writes as well: the same state gives the same bytes.
constexpr std::uint16_t time_of_day = 0, date = 1 << 5 | 1;

std::uint16_t version(bool zip64) { return zip64 ? 45 : 20; }

}  // namespace

void ZipWriter::add(const std::string& name, std::string_view header, Bytes elements,
                    bool compress) {
  if (name.size() > 0xffff)
    throw ValueError(fmt::format("{}: names have at most 65535 bytes", in_quotes(name)));
  const Bytes first = std::as_bytes(std::span(header));
  const std::vector<std::byte> packed =
      compress ? deflated(first, elements) : std::vector<std::byte>();
  const std::uint64_t size = first.size() + elements.size();
  const Member member{compress ? packed.size() : size, size, file_.size(),
                      checksum(first, elements), compress};
  write_local(name, member);
  file_.write(compress ? Bytes(packed) : first);
  if (!compress) file_.write(elements);
  add_to_directory(name, member);
  ++members_;
}

void ZipWriter::write_local(const std::string& name, const Member& member) {
  const bool zip64 = is_large(member.size) || is_large(member.compressed);
  std::string bytes;
  append_numbers(bytes, std::uint32_t{0x04034b50}, version(zip64), utf8_names,
                 static_cast<std::uint16_t>(member.deflated ? 8 : 0), time_of_day, date, member.crc,
                 zip64 ? 0xffffffffU : static_cast<std::uint32_t>(member.compressed),
                 zip64 ? 0xffffffffU : static_cast<std::uint32_t>(member.size),
                 static_cast<std::uint16_t>(name.size()),
                 static_cast<std::uint16_t>(zip64 ? 20 : 0));
  bytes += name;
  if (zip64)
    append_numbers(bytes, std::uint16_t{1}, std::uint16_t{16}, member.size, member.compressed);
  file_.write(bytes);
}

void ZipWriter::add_to_directory(const std::string& name, const Member& member) {
  std::string extra;
  for (const std::uint64_t number : {member.size, member.compressed, member.offset})
    if (is_large(number)) append_numbers(extra, number);
  if (!extra.empty()) {
    std::string field;
    append_numbers(field, std::uint16_t{1}, static_cast<std::uint16_t>(extra.size()));
    extra = field + extra;
  }
  const std::uint16_t needs = version(!extra.empty());
  append_numbers(directory_, std::uint32_t{0x02014b50}, needs, needs, utf8_names,
                 static_cast<std::uint16_t>(member.deflated ? 8 : 0), time_of_day, date, member.crc,
                 short_form(member.compressed), short_form(member.size),
                 static_cast<std::uint16_t>(name.size()), static_cast<std::uint16_t>(extra.size()),
                 std::uint16_t{0}, std::uint16_t{0}, std::uint16_t{0}, std::uint32_t{0},
                 short_form(member.offset));
  directory_ += name + extra;
}

void ZipWriter::write_end64(std::uint64_t start, std::uint64_t size) {
  std::string bytes;
  append_numbers(bytes, std::uint32_t{0x06064b50}, std::uint64_t{44}, version(true), version(true),
                 std::uint32_t{0}, std::uint32_t{0}, members_, members_, size, start);
  append_numbers(bytes, std::uint32_t{0x07064b50}, std::uint32_t{0}, start + size,
                 std::uint32_t{1});
  file_.write(bytes);
}

void ZipWriter::finish() {
  const std::uint64_t start = file_.size(), size = directory_.size();
  file_.write(directory_);
  constexpr std::uint64_t most_members = 0xffff;
  const bool zip64 = is_large(start) || is_large(size) || members_ >= most_members;
  if (zip64) write_end64(start, size);
  const auto count = static_cast<std::uint16_t>(std::min(members_, most_members));
  std::string bytes;
  append_numbers(bytes, std::uint32_t{0x06054b50}, std::uint16_t{0}, std::uint16_t{0}, count, count,
                 short_form(size), short_form(start), std::uint16_t{0});
  file_.write(bytes);
}

}  // namespace xgrad::io::detail
