#include "zip.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <zlib.h>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#include "in_quotes.hpp"

namespace xgrad::io::detail {

namespace {
auto* zlib_bytes(std::byte* bytes) { return reinterpret_cast<Bytef*>(bytes); }
}  // namespace

struct ZipMember::Inflater {
  z_stream stream{};
  std::array<std::byte, 1 << 16> buffer;
  std::uint64_t offset, unread;  // what is not in the buffer yet
  bool ended = false;

  Inflater(std::uint64_t begin, std::uint64_t size) : offset(begin), unread(size) {
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)  // without zlib's own header
      throw MemoryError("not enough memory to inflate a member of a zip archive");
  }
  ~Inflater() { inflateEnd(&stream); }

  void refill(const InputFile& file) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(unread, buffer.size()));
    file.read(offset, std::span(buffer).first(count));
    offset += count;
    unread -= count;
    stream.next_in = zlib_bytes(buffer.data());
    stream.avail_in = static_cast<unsigned>(count);
  }

  // Returns how many bytes were inflated: fewer only at the end of the data.
  std::size_t inflate_into(std::span<std::byte> to, const Place& place, const InputFile& file) {
    stream.next_out = zlib_bytes(to.data());
    stream.avail_out = static_cast<unsigned>(to.size());
    while (stream.avail_out > 0 && !ended) {
      if (stream.avail_in == 0 && unread > 0) refill(file);
      const int status = ::inflate(&stream, Z_NO_FLUSH);
      ended = status == Z_STREAM_END;
      if (status == Z_MEM_ERROR) throw MemoryError("not enough memory to inflate a member");
      if (status == Z_BUF_ERROR) place.fail("its deflated data end early");
      if (status != Z_OK && !ended)
        place.fail(fmt::format("its deflated data are corrupt: {}",
                               stream.msg != nullptr ? stream.msg : "invalid data"));
    }
    return to.size() - stream.avail_out;
  }
};

ZipMember::ZipMember(const InputFile& file, const ZipEntry& entry)
    : file_(file),
      entry_(entry),
      inflater_(entry.deflated ? std::make_unique<Inflater>(entry.data, entry.compressed)
                               : nullptr) {}
ZipMember::~ZipMember() = default;

Place ZipMember::place() const { return {file_, fmt::format("member {}", in_quotes(entry_.name))}; }

void ZipMember::read(std::span<std::byte> to) {
  if (to.size() > left())
    place().fail(fmt::format("it has {} bytes; {} are needed", entry_.size, done_ + to.size()));
  while (!to.empty()) {
    const std::span part = to.first(std::min<std::size_t>(to.size(), 1U << 30));
    if (!inflater_)
      file_.read(entry_.data + done_, part);
    else if (inflater_->inflate_into(part, place(), file_) < part.size())
      place().fail(fmt::format("it inflates to fewer than {} bytes", entry_.size));
    crc_ = static_cast<std::uint32_t>(::crc32_z(crc_, zlib_bytes(part.data()), part.size()));
    done_ += part.size();
    to = to.subspan(part.size());
  }
}

std::string ZipMember::read_text() {
  std::string text(left(), '\0');
  read(std::as_writable_bytes(std::span(text)));
  return text;
}

void ZipMember::finish() {
  if (left() > 0) place().fail(fmt::format("{} bytes follow the array", left()));
  std::byte more{};
  if (inflater_ && inflater_->inflate_into({&more, 1}, place(), file_) > 0)
    place().fail(fmt::format("it inflates to more than the {} bytes that it claims", entry_.size));
  if (inflater_ && (inflater_->unread > 0 || inflater_->stream.avail_in > 0))
    place().fail("bytes follow its deflated data");
  if (crc_ != entry_.crc)
    place().fail("its checksum is wrong: the data are damaged; download or save it again");
}

}  // namespace xgrad::io::detail
