#include "pickle_calls.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "in_quotes.hpp"

namespace xgrad::io::detail {
namespace {

using Call = PickleValue (*)(const PickleList& arguments, const Place& place);

PickleValue ordered_dict(const PickleList& arguments, const Place& place);
PickleValue default_dict(const PickleList& arguments, const Place& place);
PickleValue counter(const PickleList& arguments, const Place& place);
PickleValue set(const PickleList& arguments, const Place& place);
PickleValue bytes(const PickleList& arguments, const Place& place);
PickleValue first_argument(const PickleList& arguments, const Place& place);
PickleValue size(const PickleList& arguments, const Place& place);
PickleValue tensor_v2(const PickleList& arguments, const Place& place);
PickleValue tensor_v3(const PickleList& arguments, const Place& place);
PickleValue from_type(const PickleList& arguments, const Place& place);

// A name, and what it is: a function, the type of a storage, or a dtype.
struct Global {
  std::string_view name;
  Call call = nullptr;
  std::optional<Stored> type = {};
  bool is_storage = false;
};

// What PyTorch's weights-only reader knows, as far as the library has the types; and Python's own
// containers, which schedules and counts of the user's are.
constexpr Global globals[] = {
    {"collections OrderedDict", ordered_dict},
    {"collections defaultdict", default_dict},
    {"collections Counter", counter},
    {"__builtin__ set", set},
    {"__builtin__ frozenset", set},
    {"builtins set", set},
    {"builtins frozenset", set},
    {"_codecs encode", bytes},
    {"__builtin__ bytes", bytes},
    {"torch Size", size},
    {"torch device", first_argument},
    {"torch Tensor"},
    {"torch.nn.parameter Parameter", first_argument},
    {"torch.nn.parameter Buffer", first_argument},
    {"torch._utils _rebuild_tensor", tensor_v2},
    {"torch._utils _rebuild_tensor_v2", tensor_v2},
    {"torch._utils _rebuild_tensor_v3", tensor_v3},
    {"torch._utils _rebuild_parameter", first_argument},
    {"torch._utils _rebuild_parameter_with_state", first_argument},
    {"torch._tensor _rebuild_from_type_v2", from_type},
    {"torch BoolStorage", nullptr, Stored::bool_, true},
    {"torch CharStorage", nullptr, Stored::int8, true},
    {"torch ByteStorage", nullptr, Stored::uint8, true},
    {"torch ShortStorage", nullptr, Stored::int16, true},
    {"torch IntStorage", nullptr, Stored::int32, true},
    {"torch LongStorage", nullptr, Stored::int64, true},
    {"torch HalfStorage", nullptr, Stored::float16, true},
    {"torch BFloat16Storage", nullptr, Stored::bfloat16, true},
    {"torch FloatStorage", nullptr, Stored::float32, true},
    {"torch DoubleStorage", nullptr, Stored::float64, true},
    {"torch UntypedStorage", nullptr, {}, true},
    {"torch.storage UntypedStorage", nullptr, {}, true},
    {"torch bool", nullptr, Stored::bool_},
    {"torch int8", nullptr, Stored::int8},
    {"torch uint8", nullptr, Stored::uint8},
    {"torch int16", nullptr, Stored::int16},
    {"torch uint16", nullptr, Stored::uint16},
    {"torch int32", nullptr, Stored::int32},
    {"torch uint32", nullptr, Stored::uint32},
    {"torch int64", nullptr, Stored::int64},
    {"torch float8_e4m3fn", nullptr, Stored::float8_e4m3},
    {"torch float8_e5m2", nullptr, Stored::float8_e5m2},
    {"torch float16", nullptr, Stored::float16},
    {"torch bfloat16", nullptr, Stored::bfloat16},
    {"torch float32", nullptr, Stored::float32},
    {"torch float64", nullptr, Stored::float64},
};

std::string dotted(PickleGlobal global) {
  std::string name(globals[global.number].name);
  std::replace(name.begin(), name.end(), ' ', '.');
  return name;
}

template <class T>
const T* argument(const PickleList& arguments, std::size_t i) {
  return i < arguments.size() ? std::get_if<T>(arguments[i]) : nullptr;
}

std::uint64_t whole(const PickleValue& value, const char* what, const Place& place) {
  const auto* const number = std::get_if<std::int64_t>(&value);
  if (number == nullptr || *number < 0)
    place.fail(fmt::format("{} is {}; it must be a whole number that is not negative", what,
                           describe(value)));
  return static_cast<std::uint64_t>(*number);
}

std::vector<std::uint64_t> whole_numbers(const PickleList& arguments, std::size_t i,
                                         const char* what, const Place& place) {
  const auto* const list = argument<PickleSequence>(arguments, i);
  if (list == nullptr || list->items.size() > static_cast<std::size_t>(max_dim))
    place.fail(fmt::format("the {} of a tensor is no list of up to {} numbers", what, max_dim));
  std::vector<std::uint64_t> numbers;
  for (const PickleValue* item : list->items) numbers.push_back(whole(*item, what, place));
  return numbers;
}

PickleValue ordered_dict(const PickleList& arguments, const Place& place) {
  if (!arguments.empty()) place.fail("an OrderedDict is made with arguments");
  return PickleDict{};
}

// Its argument makes the values of missing keys.
PickleValue default_dict(const PickleList&, const Place&) { return PickleDict{}; }

PickleValue counter(const PickleList& arguments, const Place& place) {
  if (arguments.empty()) return PickleDict{};
  if (argument<PickleDict>(arguments, 0) == nullptr)
    place.fail(fmt::format("a Counter is made of {}", describe(*arguments[0])));
  return *arguments[0];
}

PickleValue set(const PickleList& arguments, const Place& place) {
  if (arguments.empty()) return PickleSequence{};
  if (argument<PickleSequence>(arguments, 0) == nullptr)
    place.fail(fmt::format("a set is made of {}", describe(*arguments[0])));
  return *arguments[0];
}

// Which Python writes as a text of the characters 0 to 255, in UTF-8: at most two bytes for each.
PickleValue bytes(const PickleList& arguments, const Place& place) {
  if (arguments.empty()) return std::string();
  const auto* const text = argument<std::string>(arguments, 0);
  if (text == nullptr) place.fail(fmt::format("bytes are made of {}", describe(*arguments[0])));
  std::string all;
  for (std::size_t i = 0; i < text->size(); ++i) {
    const auto first = static_cast<unsigned char>((*text)[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text->size() ? (*text)[i + 1] : 0);
    if (first >= 0x80 && ((first != 0xc2 && first != 0xc3) || (next & 0xc0) != 0x80))
      place.fail("bytes are made of other characters than 0 to 255");
    all += static_cast<char>(first < 0x80 ? first : (first & 3U) << 6 | (next & 0x3fU));
    if (first >= 0x80) ++i;
  }
  return all;
}

PickleValue first_argument(const PickleList& arguments, const Place& place) {
  if (arguments.empty()) place.fail("a call has no arguments");
  if (!std::holds_alternative<PickleTensor>(*arguments[0]) &&
      !std::holds_alternative<std::string>(*arguments[0]))
    place.fail(fmt::format("a call has {} as its first argument", describe(*arguments[0])));
  return *arguments[0];
}

PickleValue size(const PickleList& arguments, const Place& place) {
  if (argument<PickleSequence>(arguments, 0) == nullptr)
    place.fail("torch.Size has no list of numbers");
  return *arguments[0];
}

// Storage, offset, sizes, strides.
PickleTensor view_of(const PickleList& arguments, const Place& place) {
  const auto* const storage = argument<PickleStorage>(arguments, 0);
  if (storage == nullptr || arguments.size() < 4)
    place.fail("a tensor has no storage, offset, sizes and strides");
  return {storage, storage->type, whole(*arguments[1], "the offset", place),
          whole_numbers(arguments, 2, "size", place), whole_numbers(arguments, 3, "stride", place)};
}

PickleValue tensor_v2(const PickleList& arguments, const Place& place) {
  PickleTensor tensor = view_of(arguments, place);
  if (tensor.storage->is_untyped) place.fail("a tensor has no dtype");
  return tensor;
}

// Its dtype is the argument after requires_grad and hooks.
PickleValue tensor_v3(const PickleList& arguments, const Place& place) {
  PickleTensor tensor = view_of(arguments, place);
  const auto* const dtype = argument<PickleGlobal>(arguments, 6);
  if (dtype == nullptr || !globals[dtype->number].type || globals[dtype->number].is_storage)
    place.fail("a tensor has no dtype");
  tensor.type = *globals[dtype->number].type;
  if (!tensor.storage->is_untyped && tensor.type != tensor.storage->type)
    place.fail("the dtype of a tensor is not that of its storage");
  return tensor;
}

// A tensor with Python attributes: function, class, arguments, attributes.
PickleValue from_type(const PickleList& arguments, const Place& place) {
  const auto* const function = argument<PickleGlobal>(arguments, 0);
  const auto* const inner = argument<PickleSequence>(arguments, 2);
  if (function == nullptr || inner == nullptr || globals[function->number].call == from_type)
    place.fail("a tensor with attributes is not made as PyTorch does");
  return call_global(*function, inner->items, place);
}

const PickleOpaque* find_opaque(const PickleList& arguments) {
  for (const PickleValue* const one : arguments)
    if (const auto* const unknown = std::get_if<PickleOpaque>(one)) return unknown;
  return nullptr;
}

bool makes_tensors(PickleGlobal global) {
  return globals[global.number].name.find("_rebuild") != std::string_view::npos;
}

}  // namespace

std::optional<std::size_t> find_global(std::string_view name) noexcept {
  const auto* const found = std::find_if(std::begin(globals), std::end(globals),
                                         [&](const Global& one) { return one.name == name; });
  if (found == std::end(globals)) return {};
  return static_cast<std::size_t>(found - std::begin(globals));
}

PickleValue call_global(PickleGlobal global, const PickleList& arguments, const Place& place) {
  const Call call = globals[global.number].call;
  const PickleOpaque* const unknown = find_opaque(arguments);
  if (unknown != nullptr && call != nullptr && call != default_dict)
    return PickleOpaque{unknown->name, unknown->is_tensor || makes_tensors(global)};
  if (call != nullptr) return call(arguments, place);
  place.fail(fmt::format("{} is called, which is not read", dotted(global)));
}

PickleValue storage_of(const PickleValue& id, const Place& place) {
  const auto* const tuple = std::get_if<PickleSequence>(&id);
  const PickleList none;
  const PickleList& parts = tuple == nullptr ? none : tuple->items;
  const auto* const kind = argument<std::string>(parts, 0);
  const auto* const type = argument<PickleGlobal>(parts, 1);
  const auto* const unknown = argument<PickleOpaque>(parts, 1);
  const auto* const key = argument<std::string>(parts, 2);
  const bool is_known = type != nullptr && globals[type->number].is_storage;
  if (kind == nullptr || *kind != "storage" || !(is_known || unknown != nullptr) ||
      key == nullptr || parts.size() < 5)
    place.fail("a storage is not described as PyTorch does");
  if (unknown != nullptr) return PickleOpaque{unknown->name, true};
  const auto stored = globals[type->number].type;
  return PickleStorage{*key, stored.value_or(Stored::uint8), !stored,
                       whole(*parts[4], "the size of a storage", place)};
}

std::string describe(const PickleValue& value) {
  constexpr std::array<const char*, 11> kinds{"None",      "a bool",   "an integer", "a float",
                                              "a text",    "a list",   "a dict",     "a name",
                                              "a storage", "a tensor", "a name"};
  if (const auto* const global = std::get_if<PickleGlobal>(&value)) return dotted(*global);
  if (const auto* const unknown = std::get_if<PickleOpaque>(&value))
    return in_quotes(*unknown->name);
  if (const auto* const number = std::get_if<std::int64_t>(&value))
    return fmt::format("{}", *number);
  return kinds[value.index()];
}

}  // namespace xgrad::io::detail
