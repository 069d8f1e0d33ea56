#include "safetensors_header.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "in_quotes.hpp"

namespace xgrad::io::detail {
namespace {

constexpr SafetensorsDType dtypes[] = {{"BOOL", 8, Stored::bool_},
                                       {"I8", 8, Stored::int8},
                                       {"U8", 8, Stored::uint8},
                                       {"I16", 16, Stored::int16},
                                       {"U16", 16, Stored::uint16},
                                       {"I32", 32, Stored::int32},
                                       {"U32", 32, Stored::uint32},
                                       {"I64", 64, Stored::int64},
                                       {"F8_E4M3", 8, Stored::float8_e4m3},
                                       {"F8_E5M2", 8, Stored::float8_e5m2},
                                       {"F16", 16, Stored::float16},
                                       {"BF16", 16, Stored::bfloat16},
                                       {"F32", 32, Stored::float32},
                                       {"F64", 64, Stored::float64},
                                       {"U64", 64, {}},
                                       {"C64", 64, {}},
                                       {"F8_E8M0", 8, {}},
                                       {"F6_E2M3", 6, {}},
                                       {"F6_E3M2", 6, {}},
                                       {"F4", 4, {}}};

// Takes the header's JSON in, event by event, so that duplicate names and nesting are seen.
class HeaderReader {
 public:
  using json = nlohmann::json;

  HeaderReader(const InputFile& file, SafetensorsHeader& header) : file_(file), header_(header) {}

  bool start_object(std::size_t) {
    if (depth_ >= 2) refuse("an object");
    ++depth_;
    return true;
  }
  bool end_object() {
    if (--depth_ == 1 && !is_metadata_) finish_entry();
    return true;
  }
  bool start_array(std::size_t) {
    if (depth_ != 2 || is_list_ || is_metadata_ || (field_ != "shape" && field_ != "data_offsets"))
      refuse("a list");
    is_list_ = true;
    return true;
  }
  bool end_array() {
    is_list_ = false;
    return true;
  }
  bool key(std::string& name) {
    if (depth_ == 1)
      begin_entry(name);
    else
      begin_field(name);
    return true;
  }
  bool string(std::string& text) {
    if (depth_ == 2 && is_metadata_)
      header_.metadata[field_] = text;
    else if (depth_ == 2 && field_ == "dtype" && !is_list_)
      set_dtype(text);
    else
      refuse(fmt::format("the text {}", in_quotes(text)));
    return true;
  }
  bool number_unsigned(std::uint64_t number) {
    if (!is_list_) refuse(fmt::format("the number {}", number));
    (field_ == "shape" ? entry().shape : offsets_).push_back(number);
    if (entry().shape.size() > 64 || offsets_.size() > 2) refuse("a list that is too long");
    return true;
  }
  bool number_integer(std::int64_t number) { refuse(fmt::format("the number {}", number)); }
  bool number_float(double, const std::string& text) { refuse("the number " + in_quotes(text)); }
  bool boolean(bool) { refuse("a bool"); }
  bool null() { refuse("null"); }
  bool binary(json::binary_t&) { refuse("binary data"); }
  bool parse_error(std::size_t position, const std::string&, const json::exception&) {
    file_.fail(fmt::format("the header is not valid JSON; the mistake is at byte {} of the file",
                           position + 7));
  }

 private:
  SafetensorsEntry& entry() { return header_.entries.back(); }
  std::string place() const {
    if (depth_ == 0) return "the header";
    if (is_metadata_) return "the header's __metadata__";
    return header_.entries.empty()
               ? "the header"
               : fmt::format("tensor {}", in_quotes(header_.entries.back().name));
  }
  [[noreturn]] void fail(std::string_view why) const {
    file_.fail(fmt::format("{}: {}", place(), why));
  }
  [[noreturn]] void refuse(std::string_view what) const {
    constexpr std::string_view rule =
        "a tensor has a dtype (a text), a shape and two data_offsets (lists of whole numbers), and "
        "metadata have texts only";
    fail(fmt::format("{}{} is not expected; {}", what,
                     field_.empty() ? "" : " at " + in_quotes(field_), rule));
  }

  void begin_entry(std::string& name) {
    field_.clear();
    seen_ = {};
    offsets_.clear();
    is_metadata_ = name == "__metadata__";
    if (is_metadata_) {
      if (std::exchange(has_metadata_, true)) fail("there are two");
      return;
    }
    header_.entries.push_back({});
    entry().name = name;
    if (!header_.positions.try_emplace(name, header_.entries.size() - 1).second)
      fail("the name occurs twice");
  }

  void begin_field(const std::string& name) {
    field_ = name;
    if (is_metadata_) {
      if (header_.metadata.contains(name)) fail(fmt::format("{} occurs twice", in_quotes(name)));
      return;
    }
    const auto* const known = std::find(fields.begin(), fields.end(), name);
    if (known == fields.end()) fail(fmt::format("unknown key {}", in_quotes(name)));
    if (std::exchange(seen_[static_cast<std::size_t>(known - fields.begin())], true))
      fail(fmt::format("{} occurs twice", name));
  }

  void set_dtype(const std::string& name) {
    entry().dtype_name = name;
    entry().dtype = find_safetensors_dtype(name);
  }

  void finish_entry() {
    field_.clear();
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (!seen_[i]) fail(fmt::format("{} is missing", fields[i]));
    if (offsets_.size() != 2 || offsets_[0] > offsets_[1])
      fail(fmt::format("data_offsets are [{}]; they must be a begin and an end that is not less",
                       fmt::join(offsets_, ", ")));
    entry().begin = offsets_[0];
    entry().end = offsets_[1];
  }

  static constexpr std::array<std::string_view, 3> fields{"dtype", "shape", "data_offsets"};

  const InputFile& file_;
  SafetensorsHeader& header_;
  int depth_ = 0;
  bool is_list_ = false, is_metadata_ = false, has_metadata_ = false;
  std::string field_;
  std::array<bool, 3> seen_{};
  std::vector<std::uint64_t> offsets_;
};

std::uint64_t read_length(const InputFile& file) {
  std::array<std::byte, 8> bytes;
  if (file.size() < bytes.size())
    file.fail(
        fmt::format("is no safetensors file: it has {} bytes, and the length of the header "
                    "takes 8",
                    file.size()));
  file.read(0, bytes);
  const auto length = std::bit_cast<std::uint64_t>(bytes);
  if (length > largest_safetensors_header)
    file.fail(
        fmt::format("is no safetensors file: its first 8 bytes say that the header has {} "
                    "bytes; at most {} are allowed",
                    length, largest_safetensors_header));
  if (length > file.size() - bytes.size())
    file.fail(fmt::format("is truncated: the header has {} bytes, and the file only {} in all",
                          length, file.size()));
  return length;
}

void parse(const InputFile& file, std::uint64_t length, SafetensorsHeader& header) {
  const std::string text = file.read_text(8, length);
  if (text.empty() || text.front() != '{')
    file.fail("is no safetensors file: the header must start with '{'");
  if (text.find('\0') != std::string::npos)  // which ends the text for the parser
    file.fail("the header is not valid JSON: it has a null byte");
  HeaderReader reader(file, header);
  nlohmann::json::sax_parse(text, &reader);
}

// Of an unknown dtype the size is unknown; such a tensor is refused when it is read.
void check_size(const InputFile& file, const SafetensorsEntry& entry) {
  if (entry.dtype == nullptr) return;
  const Place place{file, fmt::format("tensor {}", in_quotes(entry.name))};
  const std::uint64_t bytes = checked_bytes(entry.shape, entry.dtype->bits, place);
  if (bytes != entry.end - entry.begin)
    place.fail(fmt::format("shape [{}] of {} takes {} bytes, but data_offsets [{}, {}] have {}",
                           fmt::join(entry.shape, ", "), entry.dtype->name, bytes, entry.begin,
                           entry.end, entry.end - entry.begin));
}

// Ordered by offset, the ranges have to touch from the end of the header to the end of the file.
void check_ranges(const InputFile& file, const SafetensorsHeader& header) {
  std::vector<const SafetensorsEntry*> ordered;
  for (const SafetensorsEntry& entry : header.entries) ordered.push_back(&entry);
  std::sort(ordered.begin(), ordered.end(), [](const auto* a, const auto* b) {
    return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
  });
  std::uint64_t at = 0;
  for (const SafetensorsEntry* entry : ordered) {
    if (entry->begin != at)
      file.fail(
          fmt::format("tensor {}: its data begin at {} instead of {}: tensors must follow "
                      "each other without gaps or overlaps",
                      in_quotes(entry->name), entry->begin, at));
    at = entry->end;
  }
  if (const std::uint64_t size = file.size() - header.data; at != size)
    file.fail(fmt::format("is {}: the tensors take {} bytes, and {} follow the header",
                          at > size ? "truncated" : "too long", at, size));
}

}  // namespace

const SafetensorsDType* find_safetensors_dtype(std::string_view name) noexcept {
  const auto* const found = std::find_if(std::begin(dtypes), std::end(dtypes),
                                         [&](const auto& dtype) { return dtype.name == name; });
  return found == std::end(dtypes) ? nullptr : found;
}

std::string_view safetensors_name(DType dtype) noexcept {
  const auto* const found =
      std::find_if(std::begin(dtypes), std::end(dtypes),
                   [&](const auto& one) { return one.stored == stored_as(dtype); });
  return found->name;
}

SafetensorsHeader read_safetensors_header(const InputFile& file) {
  SafetensorsHeader header;
  const std::uint64_t length = read_length(file);
  header.data = 8 + length;
  parse(file, length, header);
  for (const SafetensorsEntry& entry : header.entries) check_size(file, entry);
  check_ranges(file, header);
  return header;
}

}  // namespace xgrad::io::detail
