// scratch_vector.hpp: a std::vector for working memory whose size depends on the data. Kernels that
// know the size in advance use a Workspace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include <xgrad/graph/memory.hpp>

namespace xgrad::detail {

/// A std::allocator that throws MemoryError, which names the op and the number of bytes. Large
/// memory comes from the cache of values, since malloc would map pages anew each time. Small memory
/// does not, so that sanitizers see its end.
template <class T>
struct ScratchAllocator {
  using value_type = T;

  ScratchAllocator() = default;
  template <class U>
  ScratchAllocator(const ScratchAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) {
    try {
      if (is_large(count)) return static_cast<T*>(allocate_large(count * sizeof(T)));
      return std::allocator<T>().allocate(count);
    } catch (const std::bad_alloc&) {
      throw_memory(count * sizeof(T));
    }
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    if (is_large(count)) return free_large(memory);
    std::allocator<T>().deallocate(memory, count);
  }
  friend bool operator==(const ScratchAllocator&, const ScratchAllocator&) { return true; }

 private:
  static constexpr std::size_t large = std::size_t{32} << 10;
  static constexpr std::size_t header = 64;  // holds the size class, and aligns what follows

  static bool is_large(std::size_t count) noexcept { return count >= large / sizeof(T); }
  static void* allocate_large(std::size_t bytes) {
    const Block block = allocate_block(header + bytes);
    std::memcpy(block.memory, &block.size_class, sizeof(block.size_class));
    return static_cast<std::byte*>(block.memory) + header;
  }
  static void free_large(void* memory) noexcept {
    void* const start = static_cast<std::byte*>(memory) - header;
    std::uint32_t size_class = 0;
    std::memcpy(&size_class, start, sizeof(size_class));
    free_block(start, size_class);
  }
};

template <class T>
using ScratchVector = std::vector<T, ScratchAllocator<T>>;

}  // namespace xgrad::detail
