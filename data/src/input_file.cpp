#include "input_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>
#include <new>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/memory.hpp>

namespace xgrad::data::detail {
namespace {

// Deflate stores at most 258 bytes in two bits: about 1032 bytes for each byte of input.
constexpr std::int64_t largest_expansion = 1032;

std::string reason() { return std::generic_category().message(errno); }

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

}  // namespace

InputFile::InputFile(const char* op, std::string path, Site site)
    : op_(op), path_(std::move(path)), site_(site) {
  open();
  try {
    refill();
    gzipped_ = is_gzip();
    if (gzipped_ && inflateInit2(&stream_, 16 + MAX_WBITS) != Z_OK) fail_for_memory();
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
  member_open_ = gzipped_;
}

InputFile::~InputFile() {
  if (gzipped_) inflateEnd(&stream_);
  ::close(descriptor_);
}

void InputFile::fail(const std::string& why) const {
  throw IoError(fmt::format("{}: {} {}", op_, path_.c_str(), why), site_);  // up to a null byte
}

void InputFile::fail_for_memory() const {
  throw MemoryError(fmt::format("{}: not enough memory to decompress {}", op_, path_.c_str()),
                    site_);
}

// Non-blocking, since opening a FIFO would wait for its writer; regular files do not care.
void InputFile::open() {
  if (path_.find('\0') != std::string::npos) fail("has a null byte in its name");
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  struct stat status {};
  if (descriptor_ < 0) {
    const std::string why = reason();  // before another call changes errno
    if (::stat(path_.c_str(), &status) == 0 && !S_ISREG(status.st_mode))
      fail(fmt::format("is {}; it must be a regular file", kind_of(status.st_mode)));
    fail(fmt::format("cannot be opened: {}", why));
  }
  ::fstat(descriptor_, &status);
  if (!S_ISREG(status.st_mode)) {
    ::close(descriptor_);
    fail(fmt::format("is {}; it must be a regular file", kind_of(status.st_mode)));
  }
  size_ = unread_ = status.st_size;
}

bool InputFile::is_gzip() const {
  return stream_.avail_in >= 2 && buffer_[0] == 0x1f && buffer_[1] == 0x8b;
}

// Called when all of the buffer has been used; false at the end of the file.
bool InputFile::refill() {
  ssize_t got;
  do got = ::read(descriptor_, buffer_.data(), buffer_.size());
  while (got < 0 && errno == EINTR);
  if (got < 0) fail(fmt::format("cannot be read: {}", reason()));
  unread_ = std::max<std::int64_t>(0, unread_ - got);
  stream_.next_in = buffer_.data();
  stream_.avail_in = static_cast<unsigned>(got);
  return got > 0;
}

std::int64_t InputFile::most_left() const {
  const std::int64_t raw = unread_ + stream_.avail_in;
  if (!gzipped_) return raw;
  // What inflate holds in its window and has not given out yet comes on top.
  const std::int64_t held = std::int64_t{1} << MAX_WBITS;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  return raw > (most - held) / largest_expansion ? most : raw * largest_expansion + held;
}

std::size_t InputFile::read(std::span<unsigned char> to) {
  std::size_t done = 0;
  while (done < to.size()) {
    const std::span<unsigned char> rest =
        to.subspan(done, std::min<std::size_t>(to.size() - done, 1U << 30));
    const std::size_t got = gzipped_ ? inflate_into(rest) : copy(rest);
    if (got == 0) break;
    done += got;
  }
  return done;
}

std::string InputFile::read_rest(std::int64_t most,
                                 const std::function<void(std::string_view part)>& check) {
  std::string text;
  for (std::size_t done = 0;;) {
    const std::size_t size =
        std::min(static_cast<std::size_t>(most), std::max(2 * done, std::size_t{1} << 16));
    try {
      text.resize(size);
    } catch (const std::bad_alloc&) {
      xgrad::detail::throw_memory(size);
    }
    const std::size_t got =
        read({reinterpret_cast<unsigned char*>(text.data()) + done, size - done});
    if (check) check(std::string_view(text).substr(done, got));
    done += got;
    if (done < size || done == static_cast<std::size_t>(most)) {
      text.resize(done);
      return text;
    }
  }
}

std::vector<unsigned char> InputFile::read_at_most(std::size_t most) {
  // One more than there is, so that a read that falls short tells the end.
  const auto first = static_cast<std::size_t>(std::min<std::int64_t>(1 << 20, most_left()) + 1);
  std::vector<unsigned char> bytes;
  for (std::size_t done = 0; done < most;) {
    const std::size_t size = std::min(most, std::max(2 * done, first));
    try {
      bytes.resize(size);
    } catch (const std::bad_alloc&) {
      xgrad::detail::throw_memory(size);
    }
    const std::size_t got = read(std::span(bytes).subspan(done));
    done += got;
    if (done < size) {
      bytes.resize(done);
      break;
    }
  }
  return bytes;
}

// A gzipped file might hold a thousand times its size.
std::vector<unsigned char> InputFile::read_exactly(std::int64_t count) {
  if (const std::int64_t left = most_left(); left < count) fail_short(count - left, count);
  std::vector<unsigned char> bytes = read_at_most(static_cast<std::size_t>(count));
  const auto got = static_cast<std::int64_t>(bytes.size());
  if (got < count) fail_short(count - got, count);
  return bytes;
}

void InputFile::fail_short(std::int64_t missing, std::int64_t all) const {
  fail(fmt::format("is truncated: {} of {} bytes are missing; download it again", missing, all));
}

std::size_t InputFile::copy(std::span<unsigned char> to) {
  if (stream_.avail_in == 0 && !refill()) return 0;
  const std::size_t count = std::min<std::size_t>(to.size(), stream_.avail_in);
  std::memcpy(to.data(), stream_.next_in, count);
  stream_.next_in += count;
  stream_.avail_in -= static_cast<unsigned>(count);
  return count;
}

// Whether the file ends behind a member; if it does not, what follows has to be another member.
bool InputFile::between_members() {
  if (member_open_) return false;
  if (stream_.avail_in == 0 && !refill()) return true;
  inflateReset(&stream_);
  member_open_ = true;
  return false;
}

// Goes on until there are some bytes; none only at the end of the file.
std::size_t InputFile::inflate_into(std::span<unsigned char> to) {
  stream_.next_out = to.data();
  stream_.avail_out = static_cast<unsigned>(to.size());
  while (stream_.avail_out == to.size() && !between_members()) {
    if (stream_.avail_in == 0 && !refill())
      fail("is truncated: its gzip data end early; download it again");
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_MEM_ERROR) fail_for_memory();
    if (status == Z_STREAM_END)
      member_open_ = false;
    else if (status != Z_OK && status != Z_BUF_ERROR)
      fail(fmt::format("is corrupt: {}; download it again",
                       stream_.msg != nullptr ? stream_.msg : "its gzip data are invalid"));
  }
  return to.size() - stream_.avail_out;
}

std::optional<std::string> find_file(const std::string& folder, const std::string& name) {
  for (const char* const ending : {"", ".gz"}) {
    std::string path = folder + "/" + name + ending;
    std::error_code ignored;
    if (std::filesystem::status(path, ignored).type() != std::filesystem::file_type::not_found)
      return path;
  }
  return {};
}

}  // namespace xgrad::data::detail
