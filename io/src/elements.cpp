#include "elements.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xtl/xhalf_float.hpp>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/storage.hpp>

namespace xgrad::io::detail {

static_assert(std::endian::native == std::endian::little, "files are little-endian");

void Place::fail(std::string_view why) const { file.fail(fmt::format("{}: {}", what, why)); }

std::size_t size_of(Stored type) noexcept {
  switch (type) {
    case Stored::bool_:
    case Stored::int8:
    case Stored::uint8:
    case Stored::float8_e4m3:
    case Stored::float8_e5m2:
      return 1;
    case Stored::int16:
    case Stored::uint16:
    case Stored::float16:
    case Stored::bfloat16:
      return 2;
    case Stored::int32:
    case Stored::uint32:
    case Stored::float32:
      return 4;
    case Stored::int64:
    case Stored::float64:
      return 8;
  }
  __builtin_unreachable();
}

DType dtype_of(Stored type) noexcept {
  if (type == Stored::bool_) return xgrad::bool_;
  if (type == Stored::float64) return xgrad::float64;
  return type >= Stored::float8_e4m3 ? xgrad::float32 : xgrad::int64;
}

Stored stored_as(DType dtype) noexcept {
  switch (dtype) {
    case DType::bool_:
      return Stored::bool_;
    case DType::int64:
      return Stored::int64;
    case DType::float32:
      return Stored::float32;
    case DType::float64:
      return Stored::float64;
  }
  __builtin_unreachable();
}

std::uint64_t checked_bytes(const std::vector<std::uint64_t>& sizes, unsigned bits,
                            const Place& place) {
  std::uint64_t all = bits;
  bool fits = true, is_empty = false;
  for (const std::uint64_t size : sizes) {
    is_empty = is_empty || size == 0;
    fits = fits && !__builtin_mul_overflow(all, std::max<std::uint64_t>(size, 1), &all);
  }
  if (!fits || all > std::uint64_t{1} << 62)
    place.fail(fmt::format("its shape [{}] is too large", fmt::join(sizes, ", ")));
  if (is_empty) return 0;
  if (all % 8 != 0) place.fail("its elements do not fill whole bytes");
  return all / 8;
}

Shape checked_shape(const std::vector<std::uint64_t>& sizes, const Place& place) {
  if (sizes.size() > static_cast<std::size_t>(max_dim))
    place.fail(fmt::format("it has {} axes, and a tensor at most {}", sizes.size(), max_dim));
  checked_bytes(sizes, 64, place);  // as int64 or float64, which are the largest
  return Shape(std::vector<std::int64_t>(sizes.begin(), sizes.end()));
}

std::span<const std::byte> bytes_of(const Tensor& tensor) noexcept {
  return {xgrad::detail::raw<const std::byte>(tensor), static_cast<std::size_t>(tensor.nbytes())};
}

namespace {

// OCP's 8-bit floats (2023). E4M3 has no infinities, and one NaN of each sign.
float from_e4m3(std::uint8_t bits) noexcept {
  const int exponent = bits >> 3 & 15, mantissa = bits & 7;
  const float sign = (bits & 0x80) != 0 ? -1.0F : 1.0F;
  if (exponent == 15 && mantissa == 7) return std::copysign(NAN, sign);
  const float size = exponent == 0 ? std::ldexp(static_cast<float>(mantissa), -9)
                                   : std::ldexp(static_cast<float>(8 + mantissa), exponent - 10);
  return sign * size;
}

float from_half(std::uint16_t bits) noexcept {
  return static_cast<float>(std::bit_cast<xtl::half_float>(bits));
}

template <class From, bool swapped>
From element_at(const std::byte* at) noexcept {
  std::array<std::byte, sizeof(From)> bytes;
  std::memcpy(bytes.data(), at, bytes.size());
  if constexpr (swapped) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<From>(bytes);
}

template <class From, bool swapped, class To, class F>
void map(const std::byte* from, std::span<To> to, F f) {
  for (std::size_t i = 0; i < to.size(); ++i)
    to[i] = f(element_at<From, swapped>(from + i * sizeof(From)));
}
template <class From, class To, class F>
void map(const std::byte* from, bool swapped, std::span<To> to, F f) {
  if (swapped)
    map<From, true>(from, to, f);
  else
    map<From, false>(from, to, f);
}

template <class From, class To>
void convert(const std::byte* from, bool swapped, std::span<To> to) {
  map<From>(from, swapped, to, [](From x) { return static_cast<To>(x); });
}

void widen(Stored type, const std::byte* from, bool swapped, std::span<std::int64_t> to) {
  switch (type) {
    case Stored::int8:
      return convert<std::int8_t>(from, swapped, to);
    case Stored::uint8:
      return convert<std::uint8_t>(from, swapped, to);
    case Stored::int16:
      return convert<std::int16_t>(from, swapped, to);
    case Stored::uint16:
      return convert<std::uint16_t>(from, swapped, to);
    case Stored::int32:
      return convert<std::int32_t>(from, swapped, to);
    case Stored::uint32:
      return convert<std::uint32_t>(from, swapped, to);
    default:
      return convert<std::int64_t>(from, swapped, to);
  }
}

void widen(Stored type, const std::byte* from, bool swapped, std::span<float> to) {
  switch (type) {
    case Stored::float8_e4m3:
      return map<std::uint8_t>(from, swapped, to, from_e4m3);
    case Stored::float8_e5m2:  // the upper half of a float16
      return map<std::uint8_t>(from, swapped, to, [](std::uint8_t x) {
        return from_half(static_cast<std::uint16_t>(x << 8));
      });
    case Stored::float16:
      return map<std::uint16_t>(from, swapped, to, from_half);
    case Stored::bfloat16:  // the upper half of a float32
      return map<std::uint16_t>(from, swapped, to, [](std::uint16_t x) {
        return std::bit_cast<float>(static_cast<std::uint32_t>(x) << 16);
      });
    default:
      return map<float>(from, swapped, to, [](float x) { return x; });
  }
}

void widen(Stored, const std::byte* from, bool swapped, std::span<double> to) {
  convert<double>(from, swapped, to);
}
void widen(Stored, const std::byte* from, bool, std::span<bool> to) {
  std::memcpy(to.data(), from, to.size());
}

bool is_same(Stored type) noexcept { return stored_as(dtype_of(type)) == type; }

void check_bools(const std::byte* elements, std::size_t count, const Place& place) {
  const auto* const bad =
      std::find_if(elements, elements + count, [](std::byte x) { return x > std::byte{1}; });
  if (bad != elements + count)
    place.fail(fmt::format("a bool is {}; it must be 0 or 1", std::to_integer<int>(*bad)));
}

template <class T>
void read_widened(ByteSource& source, Stored type, bool swapped, std::span<T> to) {
  constexpr std::size_t most = 1 << 16;
  const auto buffer = std::make_unique<std::byte[]>(most);
  while (!to.empty()) {
    const std::size_t count = std::min(to.size(), most / size_of(type));
    source.read({buffer.get(), count * size_of(type)});
    widen(type, buffer.get(), swapped, to.first(count));
    to = to.subspan(count);
  }
}

}  // namespace

Tensor read_elements(ByteSource& source, Stored type, bool swapped, const Shape& shape,
                     const Place& place) {
  using xgrad::detail::Value;
  Value value = Value::empty(shape, dtype_of(type));
  const auto count = static_cast<std::size_t>(shape.numel());
  if (is_same(type) && (!swapped || size_of(type) == 1))
    source.read({value.data<std::byte>(), count * size_of(type)});
  else
    dispatch(value.dtype, [&]<class T>() {
      read_widened<T>(source, type, swapped, {value.data<T>(), count});
    });
  if (type == Stored::bool_) check_bools(value.data<std::byte>(), count, place);
  return xgrad::detail::constant(std::move(value));
}

}  // namespace xgrad::io::detail
