// scratch_vector.hpp: a std::vector for working memory whose size depends on the data. Kernels that
// know the size in advance use a Workspace.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <vector>

#include <xgrad/graph/memory.hpp>

namespace xgrad::detail {

/// A std::allocator that throws MemoryError, which names the op and the number of bytes.
template <class T>
struct ScratchAllocator {
  using value_type = T;

  ScratchAllocator() = default;
  template <class U>
  ScratchAllocator(const ScratchAllocator<U>&) noexcept {}

  T* allocate(std::size_t count) {
    try {
      return std::allocator<T>().allocate(count);
    } catch (const std::bad_alloc&) {
      throw_memory(count * sizeof(T));
    }
  }
  void deallocate(T* memory, std::size_t count) noexcept {
    std::allocator<T>().deallocate(memory, count);
  }
  friend bool operator==(const ScratchAllocator&, const ScratchAllocator&) { return true; }
};

template <class T>
using ScratchVector = std::vector<T, ScratchAllocator<T>>;

}  // namespace xgrad::detail
