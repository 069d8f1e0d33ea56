#include <xgrad/graph/storage.hpp>

#include <iterator>
#include <new>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/graph/memory.hpp>

namespace xgrad::detail {

Storage* Storage::make(std::size_t bytes) {
  const Block block = allocate_block(header + bytes);
  Storage* const storage = new (block.memory) Storage(static_cast<char*>(block.memory) + header);
  storage->size_class = block.size_class;
  return storage;
}

void destroy(Storage* storage) noexcept {
  const std::uint32_t size_class = storage->size_class;
  if (storage->release != nullptr) storage->release(*storage);
  storage->~Storage();
  free_block(storage, size_class);
}

namespace {

// Of all elements, or none if the sizes cannot be. `reach` counts an empty axis as 1.
std::optional<std::size_t> bytes_of(const Shape& shape, DType dtype) noexcept {
  auto reach = static_cast<std::int64_t>(size_of(dtype));
  bool fits = true, any = true;
  for (const std::int64_t size : shape) {
    any = any && size != 0;
    fits = fits && size >= 0 && !__builtin_mul_overflow(reach, size + (size == 0), &reach);
  }
  if (!fits) return std::nullopt;
  return any ? static_cast<std::size_t>(reach) : 0;
}

[[noreturn]] void throw_size(const char* op, const Shape& shape, DType dtype, Site site) {
  throw ShapeError(
      fmt::format("{}{}cannot create a tensor of shape {} and dtype {}: sizes must not be "
                  "negative, and the elements must fit into 2^63 - 1 bytes",
                  op == nullptr ? "" : op, op == nullptr ? "" : ": ", to_string(shape),
                  name(dtype)),
      site);
}

[[noreturn]] void throw_memory(const char* op, const Shape& shape, DType dtype, std::size_t bytes,
                               Site site) {
  fmt::memory_buffer message;  // on the stack: there may be no memory for a string either
  fmt::format_to(fmt::appender(message),
                 "{}{}not enough memory for a tensor of shape [{}] and dtype {} ({} bytes)",
                 op == nullptr ? "" : op, op == nullptr ? "" : ": ",
                 fmt::join(shape.begin(), shape.end(), ", "), name(dtype), bytes);
  throw MemoryError({message.data(), message.size()}, site);
}

}  // namespace

void check_size(const char* op, const Shape& shape, DType dtype, Site site) {
  if (!bytes_of(shape, dtype)) throw_size(op, shape, dtype, site);
}

Value Value::empty(Shape shape, DType dtype, const char* op, Site site) {
  const std::optional<std::size_t> bytes = bytes_of(shape, dtype);
  if (!bytes) throw_size(op, shape, dtype, site);
  try {
    return {StorageRef(Storage::make(*bytes)), std::move(shape), dtype};
  } catch (const std::bad_alloc&) {
    throw_memory(op, shape, dtype, *bytes, site);
  }
}

}  // namespace xgrad::detail
