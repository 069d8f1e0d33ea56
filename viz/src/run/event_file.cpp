#include "run/event_file.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <cmath>
#include <filesystem>

#include <unistd.h>

#include <fmt/format.h>

namespace xgrad::viz {
namespace {

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) c = c >> 1 ^ (c & 1 ? 0x82f63b78U : 0);
    table[i] = c;
  }
  return table;
}

std::string little_endian(std::uint64_t n, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(n >> 8 * i & 0xff);
  return text;
}

std::string masked_crc(std::string_view bytes) {
  return little_endian(std::rotr(crc32c(bytes), 15) + 0xa282ead8U, 4);
}

// Protocol buffers: each field is its number and wire type, then a varint (0), 8 bytes (1), a
// length with bytes (2), or 4 bytes (5).
std::string varint(std::uint64_t n) {
  std::string text;
  for (; n >= 0x80; n >>= 7) text += static_cast<char>(n | 0x80);
  return text + static_cast<char>(n);
}
std::string varint_field(unsigned field, std::int64_t n) {
  return varint(field << 3) + varint(static_cast<std::uint64_t>(n));
}
std::string double_field(unsigned field, double x) {
  return varint(field << 3 | 1) + little_endian(std::bit_cast<std::uint64_t>(x), 8);
}
std::string float_field(unsigned field, float x) {
  return varint(field << 3 | 5) + little_endian(std::bit_cast<std::uint32_t>(x), 4);
}
std::string bytes_field(unsigned field, std::string_view bytes) {
  return varint(field << 3 | 2) + varint(bytes.size()) + std::string(bytes);
}
std::string doubles_field(unsigned field, const std::vector<double>& numbers) {
  std::string bytes;
  for (const double x : numbers) bytes += little_endian(std::bit_cast<std::uint64_t>(x), 8);
  return bytes_field(field, bytes);
}

// Event { wall_time = 1, step = 2, file_version = 3, summary = 5 }; Summary { value = 1 };
// Value { tag = 1, simple_value = 2, image = 4, histo = 5, tensor = 8, metadata = 9 }.
std::string event(std::string_view name, At at, const std::string& value) {
  return double_field(1, at.time) + varint_field(2, at.step) +
         bytes_field(5, bytes_field(1, bytes_field(1, name) + value));
}

std::string new_path(const std::string& folder, double time) {
  static std::atomic<int> count = 0;
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  const std::string file = fmt::format("events.out.tfevents.{:.0f}.{}.{}.{}", std::floor(time),
                                       host.data(), ::getpid(), ++count);
  return (std::filesystem::path(folder) / file).string();
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr std::array<std::uint32_t, 256> table = crc_table();
  std::uint32_t c = ~0U;
  for (const char b : bytes) c = table[(c ^ static_cast<unsigned char>(b)) & 0xff] ^ c >> 8;
  return ~c;
}

EventFile::EventFile(const std::string& folder, double time, Site site)
    : file_(new_path(folder, time), site) {
  write(double_field(1, time) + bytes_field(3, "brain.Event:2"));
}

void EventFile::write(std::string_view event) {
  const std::string length = little_endian(event.size(), 8);
  file_.append(length + masked_crc(length) + std::string(event) + masked_crc(event));
}

void EventFile::scalar(std::string_view name, At at, double value) {
  write(event(name, at, float_field(2, static_cast<float>(value))));
}

// HistogramProto { min = 1, max = 2, num = 3, sum = 4, sum_squares = 5, bucket_limit = 6, bucket =
// 7
// }; a bucket ends at its limit and begins at that before.
void EventFile::histogram(std::string_view name, At at, const Distribution& d) {
  std::vector<double> limits, buckets(d.counts.begin(), d.counts.end());
  double n = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const double part = static_cast<double>(i + 1) / static_cast<double>(buckets.size());
    limits.push_back(d.low * (1 - part) + d.high * part);
    n += buckets[i];
  }
  const std::string histogram = double_field(1, d.low) + double_field(2, d.high) +
                                double_field(3, n) + double_field(4, d.mean * n) +
                                double_field(5, (d.std * d.std + d.mean * d.mean) * n) +
                                doubles_field(6, limits) + doubles_field(7, buckets);
  write(event(name, at, bytes_field(5, histogram)));
}

// Image { height = 1, width = 2, colorspace = 3 (the number of channels), encoded_image_string = 4
// }
void EventFile::image(std::string_view name, At at, std::int64_t height, std::int64_t width,
                      std::int64_t channels, std::string_view png) {
  const std::string image = varint_field(1, height) + varint_field(2, width) +
                            varint_field(3, channels) + bytes_field(4, png);
  write(event(name, at, bytes_field(4, image)));
}

// A tensor of one string, for the plugin "text": TensorProto { dtype = 1 (DT_STRING = 7),
// tensor_shape = 2, string_val = 8 }; SummaryMetadata { plugin_data = 1 { plugin_name = 1 } }.
void EventFile::text(std::string_view name, At at, std::string_view text) {
  const std::string shape = bytes_field(2, varint_field(1, 1));
  const std::string tensor = varint_field(1, 7) + bytes_field(2, shape) + bytes_field(8, text);
  const std::string metadata = bytes_field(1, bytes_field(1, "text"));
  write(event(name, at, bytes_field(8, tensor) + bytes_field(9, metadata)));
}

}  // namespace xgrad::viz
