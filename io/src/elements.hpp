// elements.hpp: the elements of tensors in files: their types, and how they become the library's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <xgrad/graph/tensor.hpp>
#include <xgrad/io/file.hpp>

namespace xgrad::io::detail {

/// The types of elements that files have and that can be read.
enum class Stored : std::uint8_t {
  bool_,
  int8,
  uint8,
  int16,
  uint16,
  int32,
  uint32,
  int64,
  float8_e4m3,
  float8_e5m2,
  float16,
  bfloat16,
  float32,
  float64
};

/// Bytes per element in the file.
std::size_t size_of(Stored type) noexcept;
/// The dtype that it becomes: integers int64, and floats below 32 bits float32.
DType dtype_of(Stored type) noexcept;
/// The type that holds the dtype as it is.
Stored stored_as(DType dtype) noexcept;

/// A part of a file, which errors name: "model.safetensors: tensor 'a.weight': WHY".
struct Place {
  const InputFile& file;
  std::string what;
  [[noreturn]] void fail(std::string_view why) const;
};

/// Bytes that come one after the other.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills `to`. @throws IoError  if fewer bytes are left.
  virtual void read(std::span<std::byte> to) = 0;
};

/// The bytes of a file from an offset on.
class FileSource final : public ByteSource {
 public:
  FileSource(const InputFile& file, std::uint64_t offset) : file_(file), offset_(offset) {}
  void read(std::span<std::byte> to) override {
    file_.read(offset_, to);
    offset_ += to.size();
  }

 private:
  const InputFile& file_;
  std::uint64_t offset_;
};

/// Sizes from a file as a shape. @throws IoError  unless a tensor can have it.
Shape checked_shape(const std::vector<std::uint64_t>& sizes, const Place& place);
/// The bytes that so many bits times the sizes take in the file. @throws IoError  if they are not
/// whole, or do not fit into 63 bits.
std::uint64_t checked_bytes(const std::vector<std::uint64_t>& sizes, unsigned bits,
                            const Place& place);

/// Reads the elements of a tensor, in row-major order, whose bytes have been checked to be there.
/// @param swapped  whether the bytes of each element are in big-endian order.
Tensor read_elements(ByteSource& source, Stored type, bool swapped, const Shape& shape,
                     const Place& place);

/// The elements of a tensor as they stand in memory, which is little-endian.
std::span<const std::byte> bytes_of(const Tensor& tensor) noexcept;

}  // namespace xgrad::io::detail
