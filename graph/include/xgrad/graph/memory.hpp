// memory.hpp: the memory cache that values and nodes are allocated from.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xgrad {

/// Memory in use and memory kept for reuse, in bytes, of all threads. A block counts with its full
/// size: the data, padded to 64 bytes, and a header of 64 bytes.
struct MemoryStats {
  std::size_t current;  ///< in use now; up to 64 KiB of every other thread may not be counted yet
  std::size_t peak;     ///< the maximum in use since the start or the last reset
  std::size_t cached;   ///< free, kept for reuse by this thread and by the shared cache
};

MemoryStats memory_stats();
void reset_peak_memory();

/// Returns the cached blocks of the calling thread and of the shared cache to the system. Blocks of
/// up to 1 KiB of data, which include the graph's nodes, stay with the process.
void release_cached_memory();

/// Sets how many bytes the shared cache keeps at most; the default is 1 GiB. In addition, each
/// thread caches at most 16 MiB.
void set_memory_cache_limit(std::size_t bytes);

namespace detail {

/// @throws MemoryError  that names the number of bytes and the current op
[[noreturn]] void throw_memory(std::size_t bytes);

/// A block of memory, aligned to 64 bytes, and the size class to pass to free_block.
struct Block {
  void* memory;
  std::uint32_t size_class;
};
Block allocate_block(std::size_t bytes);
void free_block(void* memory, std::uint32_t size_class) noexcept;

/// Until the end of the scope, this thread allocates every block with operator new and frees it
/// without the cache. For tools that observe allocations or make them fail.
class DirectBlocks {
 public:
  DirectBlocks() noexcept;
  ~DirectBlocks();
  DirectBlocks(const DirectBlocks&) = delete;
  DirectBlocks& operator=(const DirectBlocks&) = delete;

 private:
  void* cache_;
};

}  // namespace detail
}  // namespace xgrad
