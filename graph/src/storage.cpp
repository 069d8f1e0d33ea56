#include <xgrad/graph/storage.hpp>

#include <new>

#include <xgrad/graph/memory.hpp>

namespace xgrad::detail {

Storage* Storage::make(std::size_t bytes) {
  const Block block = allocate_block(header + bytes);
  Storage* const storage = new (block.memory) Storage;
  storage->size_class = block.size_class;
  return storage;
}

void destroy(Storage* storage) noexcept {
  const std::uint32_t size_class = storage->size_class;
  storage->~Storage();
  free_block(storage, size_class);
}

Value Value::empty(Shape shape, DType dtype) {
  const std::size_t bytes = static_cast<std::size_t>(shape.numel()) * size_of(dtype);
  return {StorageRef(Storage::make(bytes)), std::move(shape), dtype};
}

}  // namespace xgrad::detail
