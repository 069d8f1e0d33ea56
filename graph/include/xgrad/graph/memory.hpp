// memory.hpp: the cache that values and nodes are allocated from.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xgrad {

/// Bytes in use and bytes kept for reuse, over all threads. Blocks count with their full size:
/// the data, padded to 64 bytes, and a header of 64.
struct MemoryStats {
  std::size_t current;  ///< in use now; other threads' last 64 KiB each may be missing
  std::size_t peak;     ///< the most that was in use at once since the start or the last reset
  std::size_t cached;   ///< free, kept for reuse by this thread and in the shared cache
};

MemoryStats memory_stats();
void reset_peak_memory();

/// Gives the calling thread's and the shared cached blocks back to the system. Blocks of up to
/// 1 KiB of data, among them the graph's nodes, stay with the process for reuse.
void release_cached_memory();

/// Bound on what the shared cache keeps, in bytes (at first 1 GiB); a thread keeps at most 16 MiB
/// beside it.
void set_memory_cache_limit(std::size_t bytes);

namespace detail {

/// @throws MemoryError  that names the bytes, and the op under way
[[noreturn]] void throw_memory(std::size_t bytes);

/// A block of at least `bytes`, aligned to 64, and the class it must be given back with.
struct Block {
  void* memory;
  std::uint32_t size_class;
};
Block allocate_block(std::size_t bytes);
void free_block(void* memory, std::uint32_t size_class) noexcept;

/// Until the end of the scope, each block that this thread asks for comes from operator new and
/// goes back when it is freed, past the cache: for tools that watch, or fail, allocations.
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
