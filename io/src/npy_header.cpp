#include "npy_header.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "in_quotes.hpp"
#include "little_endian.hpp"

namespace xgrad::io::detail {
namespace {

constexpr std::string_view magic = "\x93NUMPY";
constexpr std::uint64_t largest_header = 1 << 20;

// The Python literal {'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }.
class HeaderText {
 public:
  HeaderText(std::string_view text, const Place& place) : rest_(text), place_(place) {}

  NpyHeader parse() {
    expect('{');
    while (!take('}')) {
      read_item();
      if (take('}')) break;
      expect(',');
    }
    skip_spaces();
    if (!rest_.empty()) fail(fmt::format("{} follows", in_quotes(rest_)));
    for (const auto& [key, is_seen] : {std::pair("descr", descr_), std::pair("shape", shape_),
                                       std::pair("fortran_order", order_)})
      if (!is_seen) fail(fmt::format("'{}' is missing", key));
    return header_;
  }

 private:
  [[noreturn]] void fail(std::string_view why) const {
    place_.fail(fmt::format("the header is wrong: {}", why));
  }
  [[noreturn]] void fail_at(std::string_view wanted) const {
    fail(fmt::format("{} is expected at {}", wanted, in_quotes(rest_)));
  }

  void skip_spaces() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n\r"), rest_.size()));
  }
  bool take(char c) {
    skip_spaces();
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail_at(fmt::format("'{}'", c));
  }
  bool take_word(std::string_view word) {
    skip_spaces();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  std::string_view text() {
    skip_spaces();
    const std::size_t end =
        rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"') ? 0 : rest_.find(rest_[0], 1);
    if (end == 0 || end == std::string_view::npos) fail_at("a text");
    const std::string_view found = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return found;
  }
  std::uint64_t number() {
    skip_spaces();
    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), size);
    if (error != std::errc()) fail_at("a size");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    take_word("L");  // a long integer of Python 2
    return size;
  }

  void once(bool& seen, std::string_view key) {
    if (seen) fail(fmt::format("'{}' occurs twice", key));
    seen = true;
  }
  void read_item() {
    const std::string_view key = text();
    expect(':');
    if (key == "descr") {
      once(descr_, key);
      read_type();
    } else if (key == "fortran_order") {
      once(order_, key);
      read_order();
    } else if (key == "shape") {
      once(shape_, key);
      read_shape();
    } else {
      fail(fmt::format("unknown key {}", in_quotes(key)));
    }
  }
  void read_order() {
    header_.fortran_order = take_word("True");
    if (!header_.fortran_order && !take_word("False")) fail_at("True or False");
  }
  void read_shape() {
    expect('(');
    bool is_tuple = true;
    while (!take(')')) {
      header_.shape.push_back(number());
      if (header_.shape.size() > 64) fail("the shape has more than 64 axes");
      is_tuple = take(',');
      if (is_tuple) continue;
      expect(')');
      break;
    }
    if (!is_tuple && header_.shape.size() == 1) fail("the shape is no tuple");
  }
  void read_type() {
    skip_spaces();
    if (!rest_.empty() && rest_.front() == '[')
      place_.fail("structured arrays are not supported; save each field as an array");
    set_type(text());
  }
  void set_type(std::string_view descr);
  [[noreturn]] void refuse_type(std::string_view descr) const;

  std::string_view rest_;
  const Place& place_;
  NpyHeader header_;
  bool descr_ = false, order_ = false, shape_ = false;
};

struct NamedType {
  std::string_view name;
  Stored type;
};
constexpr NamedType types[] = {
    {"b1", Stored::bool_},   {"?", Stored::bool_},    {"i1", Stored::int8},
    {"u1", Stored::uint8},   {"i2", Stored::int16},   {"u2", Stored::uint16},
    {"i4", Stored::int32},   {"u4", Stored::uint32},  {"i8", Stored::int64},
    {"f2", Stored::float16}, {"f4", Stored::float32}, {"f8", Stored::float64}};

void HeaderText::set_type(std::string_view descr) {
  const bool has_order =
      !descr.empty() && std::string_view("<>|=").find(descr.front()) != std::string_view::npos;
  const auto* const found =
      std::find_if(std::begin(types), std::end(types),
                   [&](const NamedType& one) { return one.name == descr.substr(has_order); });
  if (found == std::end(types)) refuse_type(descr);
  header_.type = found->type;
  header_.swapped = descr.front() == '>';
}

void HeaderText::refuse_type(std::string_view descr) const {
  if (descr.find('O') != std::string_view::npos)
    place_.fail(
        "arrays of objects (dtype object) are not read, because they hold pickled Python "
        "objects, which can run code; save numbers");
  place_.fail(
      fmt::format("the dtype {} is not supported; convert it, as by array.astype('float64') or "
                  "array.astype('int64')",
                  in_quotes(descr)));
}

std::string read_text(ByteSource& source, std::uint64_t size) {
  std::string text(size, '\0');
  source.read(std::as_writable_bytes(std::span(text)));
  return text;
}

std::string shape_text(const Shape& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.dim() == 1 ? "," : "");
}

std::string_view npy_type(DType dtype) {
  switch (dtype) {
    case DType::bool_:
      return "|b1";
    case DType::int64:
      return "<i8";
    case DType::float32:
      return "<f4";
    case DType::float64:
      return "<f8";
  }
  __builtin_unreachable();
}

}  // namespace

NpyHeader read_npy_header(ByteSource& source, std::uint64_t size, const Place& place) {
  constexpr std::uint64_t start = 8;
  if (size < start + 2) place.fail(fmt::format("{} bytes are no array of NumPy's format", size));
  const std::string first = read_text(source, start);
  if (!first.starts_with(magic))
    place.fail("is no array of NumPy's format, which starts with \\x93NUMPY");
  const int version = first[6];
  if (version < 1 || version > 3)
    place.fail(fmt::format("version {} of the format is not supported; 1 to 3 are", version));
  const std::uint64_t width = version == 1 ? 2 : 4;
  if (size < start + width) place.fail("is truncated in its header");
  std::string number = read_text(source, width);
  number.resize(4);
  const std::uint64_t length = number_at<std::uint32_t>(number, 0);
  if (length > largest_header || length > size - start - width)
    place.fail(
        fmt::format("the header has {} bytes, and the array {} in all; at most {} are allowed",
                    length, size, largest_header));
  NpyHeader header = HeaderText(read_text(source, length), place).parse();
  header.length = start + width + length;
  return header;
}

std::string npy_header(const Tensor& tensor) {
  std::string text = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}",
                                 npy_type(tensor.dtype()), shape_text(tensor.shape()));
  constexpr std::size_t start = 10;  // magic, version and length
  text.resize((start + text.size() + 1 + 63) / 64 * 64 - start - 1, ' ');
  text += '\n';
  std::string header(magic);
  append_numbers(header, std::uint8_t{1}, std::uint8_t{0}, static_cast<std::uint16_t>(text.size()));
  return header + text;
}

}  // namespace xgrad::io::detail
