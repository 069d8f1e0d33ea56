#include <xgrad/graph/from_blob.hpp>

#include <cstdint>
#include <memory>
#include <new>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

namespace xgrad::detail {
namespace {

// The deleter is stored after the header, where other storages keep their elements.
Deleter& deleter_of(Storage& storage) noexcept {
  return *std::launder(
      reinterpret_cast<Deleter*>(reinterpret_cast<char*>(&storage) + Storage::header));
}

void run_deleter(Storage& storage) noexcept {
  Deleter& deleter = deleter_of(storage);
  if (deleter) deleter(storage.elements);
  std::destroy_at(&deleter);
}

// With room for a deleter, which own() gives it.
StorageRef borrow(void* data) {
  static_assert(alignof(Deleter) <= Storage::header);
  Storage* const storage = Storage::make(sizeof(Deleter));
  storage->elements = data;
  storage->references.fetch_or(Storage::borrowed, std::memory_order_relaxed);
  return StorageRef(storage);
}
void own(Storage& storage, Deleter&& deleter) noexcept {
  new (reinterpret_cast<char*>(&storage) + Storage::header) Deleter(std::move(deleter));
  storage.release = run_deleter;
}

void check_pointer(const void* data, DType dtype, const Shape& shape) {
  if (data == nullptr && shape.numel() != 0)
    throw ValueError(
        fmt::format("from_blob: the pointer is null; a tensor of shape {} needs the "
                    "address of its first element",
                    to_string(shape)));
  const std::size_t size = size_of(dtype);
  if (reinterpret_cast<std::uintptr_t>(data) % size != 0)
    throw ValueError(
        fmt::format("from_blob: the pointer {} is not aligned for {}; it must be a "
                    "multiple of {}. Copy the elements instead, with std::memcpy into "
                    "the mutable_data() of a new tensor",
                    data, name(dtype), size));
}

}  // namespace

Tensor from_blob(void* data, DType dtype, const Shape& shape, Deleter deleter,
                 const TensorOptions& options, Site site) {
  const OpScope scope("from_blob", site);
  if (options.dtype.value_or(dtype) != dtype)
    throw DTypeError(
        fmt::format("from_blob: the memory holds {}, but the dtype asked for is {}; "
                    "memory is not converted, call .to({}) on the result",
                    name(dtype), name(*options.dtype), name(*options.dtype)));
  check_size("from_blob", shape, dtype, site);
  check_pointer(data, dtype, shape);
  if (options.requires_grad && !is_floating(dtype))
    throw DTypeError(
        fmt::format("from_blob: {} cannot require a gradient, only float32 and "
                    "float64 can",
                    name(dtype)));
  Tensor made = constant({borrow(data), shape, dtype}, site);
  if (options.requires_grad) made.requires_grad_(true, site);
  own(*made.node().storage.get(), std::move(deleter));  // last: nothing throws after it
  return made;
}

}  // namespace xgrad::detail
