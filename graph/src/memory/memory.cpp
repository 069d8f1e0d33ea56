#include <xgrad/graph/memory.hpp>

#include <pthread.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <iterator>
#include <mutex>
#include <new>
#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>

#if defined(__SANITIZE_ADDRESS__)
#define XGRAD_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define XGRAD_ASAN 1
#endif
#endif
#ifdef XGRAD_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace xgrad {
namespace detail {

void throw_memory(std::size_t bytes) {
  fmt::memory_buffer message;
  fmt::format_to(fmt::appender(message), "not enough memory to allocate {} bytes", bytes);
  throw MemoryError({message.data(), message.size()});
}

namespace {

// Size classes: multiples of 64 up to 1 KiB and a header, then a header and four to each doubling,
// so that data of 2^n bytes fills its block.
constexpr std::size_t granule = 64;
constexpr std::size_t fine_classes = 17;
constexpr std::size_t class_count = fine_classes + 4 * 38;
constexpr std::size_t thread_limit = std::size_t{16} << 20;
constexpr std::size_t thread_block_limit = std::size_t{256} << 10;
constexpr std::int64_t flush_at = 64 << 10;
// Blocks of up to 1 KiB are cut from slabs, which stay with the process: docs/decisions/0005.
constexpr std::size_t slab_bytes = std::size_t{64} << 10;
constexpr int batch = 32;  // small blocks moved between caches at a time

std::uint32_t class_of(std::size_t bytes) {
  const std::size_t granules = std::max<std::size_t>(1, (bytes + granule - 1) / granule);
  if (granules <= fine_classes) return static_cast<std::uint32_t>(granules - 1);
  const std::size_t behind = granules - 2;  // the last granule of the data, from 0
  const int shift = static_cast<int>(std::bit_width(behind)) - 3;  // leaves 4, 5, 6 or 7
  const std::size_t step = (behind >> shift) - 4;
  return static_cast<std::uint32_t>(fine_classes + 4 * static_cast<std::size_t>(shift - 2) + step);
}

bool is_small(std::uint32_t size_class) { return size_class < fine_classes; }

std::size_t class_bytes(std::uint32_t size_class) {
  if (size_class < fine_classes) return (size_class + 1) * granule;
  const std::size_t shift = (size_class - fine_classes) / 4 + 2;
  const std::size_t step = (size_class - fine_classes) % 4;
  return (((5 + step) << shift) + 1) * granule;
}

struct FreeBlock {
  FreeBlock* next;
};

// Cached blocks are poisoned, but for the link at their start, or the cache would blind ASan.
void poison([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#ifdef XGRAD_ASAN
  ASAN_POISON_MEMORY_REGION(static_cast<char*>(memory) + sizeof(FreeBlock),
                            bytes - sizeof(FreeBlock));
#endif
}
void unpoison([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#ifdef XGRAD_ASAN
  ASAN_UNPOISON_MEMORY_REGION(memory, bytes);
#endif
}

// Blocks that fill several huge pages lie on them, where the system has them: fewer faults at the
// first touch and fewer misses of the TLB later (docs/decisions/0025).
constexpr std::size_t huge_page = std::size_t{2} << 20;

std::align_val_t alignment_of(std::size_t bytes) {
  return std::align_val_t{bytes < 2 * huge_page ? granule : huge_page};
}
// The data of large blocks, which follow a header of a granule, start at a pair of cache lines: the
// processor fetches the other one of a pair with each. Sums of 64 MiB take 15 % less time.
std::size_t unused_before(std::size_t bytes) { return bytes < 2 * huge_page ? 0 : granule; }

void* system_allocate(std::size_t bytes) {
  const std::size_t unused = unused_before(bytes);
  void* memory = nullptr;
  try {
    memory = ::operator new(unused + bytes, alignment_of(bytes));
  } catch (const std::bad_alloc&) {
    throw_memory(bytes);
  }
#ifdef MADV_HUGEPAGE
  if (bytes >= 2 * huge_page) madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE);
#endif
  return static_cast<char*>(memory) + unused;
}
void system_free(void* memory, std::size_t bytes) noexcept {
  unpoison(memory, bytes);
  ::operator delete(static_cast<char*>(memory) - unused_before(bytes), alignment_of(bytes));
}

class FreeLists {
 public:
  void push(void* memory, std::uint32_t c) noexcept {
    poison(memory, class_bytes(c));
    heads_[c] = new (memory) FreeBlock{heads_[c]};
    (is_small(c) ? small_bytes_ : large_bytes_) += class_bytes(c);
  }
  void* pop(std::uint32_t c) noexcept {
    FreeBlock* block = heads_[c];
    if (block == nullptr) return nullptr;
    heads_[c] = block->next;
    (is_small(c) ? small_bytes_ : large_bytes_) -= class_bytes(c);
    unpoison(block, class_bytes(c));
    return block;
  }
  void release_all() noexcept {
    for (std::uint32_t c = fine_classes; c < class_count; ++c)
      while (void* memory = pop(c)) system_free(memory, class_bytes(c));
  }
  void move_all_to(FreeLists& other) noexcept {
    for (std::uint32_t c = 0; c < class_count; ++c)
      while (void* memory = pop(c)) other.push(memory, c);
  }
  std::size_t bytes() const noexcept { return small_bytes_ + large_bytes_; }
  std::size_t large_bytes() const noexcept { return large_bytes_; }

 private:
  std::array<FreeBlock*, class_count> heads_{};
  std::size_t small_bytes_ = 0;
  std::size_t large_bytes_ = 0;
};

// Shared by all threads; never destroyed, since static tensors may be freed after it would be.
struct Shared {
  std::mutex mutex;
  FreeLists lists;
  std::size_t limit = std::size_t{1} << 30;
  std::atomic<std::int64_t> current{0};
  std::atomic<std::int64_t> peak{0};
};

Shared* start_shared();

Shared& shared() {
  static Shared* const instance = start_shared();
  return *instance;
}

// A fork waits until no other thread is at the shared cache: the child could not wait for it.
Shared* start_shared() {
  alignas(Shared) static std::array<std::byte, sizeof(Shared)> memory;
  auto* const instance = new (memory.data()) Shared;
  pthread_atfork([] { shared().mutex.lock(); }, [] { shared().mutex.unlock(); },
                 [] { shared().mutex.unlock(); });
  return instance;
}

// What a thread keeps to itself: blocks in front of the shared ones, and its part of the counts.
struct ThreadCache {
  FreeLists lists;
  std::int64_t delta = 0;  // bytes in use, not yet added to the shared count
  std::int64_t high = 0;   // the largest delta since then

  void count(std::int64_t bytes) noexcept {
    delta += bytes;
    high = std::max(high, delta);
    if (delta > flush_at || delta < -flush_at) flush();
  }
  void flush() noexcept {
    Shared& s = shared();
    const std::int64_t before = s.current.fetch_add(delta, std::memory_order_relaxed);
    const std::int64_t seen = before + high;
    std::int64_t peak = s.peak.load(std::memory_order_relaxed);
    while (peak < seen && !s.peak.compare_exchange_weak(peak, seen, std::memory_order_relaxed)) {
    }
    delta = high = 0;
  }
};

// Trivial, so that it can be read after the thread's destructors have run.
thread_local ThreadCache* thread_cache = nullptr;
thread_local bool thread_ended = false;

struct ThreadEnd {
  ~ThreadEnd() {
    thread_cache->flush();
    {
      const std::scoped_lock lock(shared().mutex);
      thread_cache->lists.move_all_to(shared().lists);
    }
    delete thread_cache;
    thread_cache = nullptr;
    thread_ended = true;
  }
};

// Blocks that go past the cache bear their class behind all others.
thread_local bool direct_blocks = false;
constexpr std::uint32_t direct_class(std::uint32_t c) { return c + class_count; }

ThreadCache* start_thread() {
  if (thread_ended || direct_blocks) return nullptr;
  thread_cache = new (std::nothrow) ThreadCache;
  if (thread_cache == nullptr) return nullptr;
  static thread_local ThreadEnd end;
  static_cast<void>(end);
  return thread_cache;
}

ThreadCache* this_thread() { return thread_cache != nullptr ? thread_cache : start_thread(); }

void count_without_cache(std::int64_t bytes) noexcept {
  ThreadCache once;
  once.count(bytes);
  once.flush();
}

void count(ThreadCache* cache, std::int64_t bytes) noexcept {
  if (cache != nullptr)
    cache->count(bytes);
  else
    count_without_cache(bytes);
}

// A block from the shared cache, and some more for this thread's if they are small.
void* take_shared(ThreadCache* cache, std::uint32_t c) {
  const std::scoped_lock lock(shared().mutex);
  void* const memory = shared().lists.pop(c);
  if (memory == nullptr || cache == nullptr || !is_small(c)) return memory;
  for (int i = 1; i < batch; ++i)
    if (void* const more = shared().lists.pop(c)) cache->lists.push(more, c);
  return memory;
}

void* from_system(ThreadCache* cache, std::uint32_t c) {
  const std::size_t bytes = class_bytes(c);
  if (cache == nullptr || !is_small(c)) return system_allocate(bytes);
  char* const slab = static_cast<char*>(system_allocate(slab_bytes));
  for (std::size_t at = slab_bytes / bytes - 1; at > 0; --at)
    cache->lists.push(slab + at * bytes, c);
  return slab;
}

bool give_shared(void* memory, std::uint32_t c) noexcept {
  const std::scoped_lock lock(shared().mutex);
  if (!is_small(c) && shared().lists.large_bytes() + class_bytes(c) > shared().limit) return false;
  shared().lists.push(memory, c);
  return true;
}

Block direct_block(std::uint32_t c) {
  void* const memory = system_allocate(class_bytes(c));
  count_without_cache(static_cast<std::int64_t>(class_bytes(c)));
  return {memory, direct_class(c)};
}

void free_direct(void* memory, std::uint32_t direct) noexcept {
  const std::size_t bytes = class_bytes(direct - class_count);
  count_without_cache(-static_cast<std::int64_t>(bytes));
  system_free(memory, bytes);
}

}  // namespace

DirectBlocks::DirectBlocks() noexcept : cache_(std::exchange(thread_cache, nullptr)) {
  direct_blocks = true;
}
DirectBlocks::~DirectBlocks() {
  thread_cache = static_cast<ThreadCache*>(cache_);
  direct_blocks = false;
}

Block allocate_block(std::size_t bytes) {
  if (bytes > class_bytes(class_count - 1)) throw_memory(bytes);
  const std::uint32_t c = class_of(bytes);
  ThreadCache* const cache = this_thread();
  void* memory = cache != nullptr ? cache->lists.pop(c) : nullptr;
  if (memory == nullptr && direct_blocks) return direct_block(c);
  if (memory == nullptr) memory = take_shared(cache, c);
  if (memory == nullptr) memory = from_system(cache, c);
  count(cache, static_cast<std::int64_t>(class_bytes(c)));
  return {memory, c};
}

void free_block(void* memory, std::uint32_t c) noexcept {
  if (c >= class_count) return free_direct(memory, c);
  const std::size_t bytes = class_bytes(c);
  ThreadCache* const cache = this_thread();
  count(cache, -static_cast<std::int64_t>(bytes));
  if (cache != nullptr && bytes <= thread_block_limit && cache->lists.bytes() < thread_limit)
    cache->lists.push(memory, c);
  else if (!give_shared(memory, c))
    system_free(memory, bytes);
}

}  // namespace detail

MemoryStats memory_stats() {
  detail::ThreadCache* const cache = detail::this_thread();
  if (cache != nullptr) cache->flush();
  detail::Shared& s = detail::shared();
  const std::scoped_lock lock(s.mutex);
  const std::size_t own = cache != nullptr ? cache->lists.bytes() : 0;
  return {static_cast<std::size_t>(std::max<std::int64_t>(0, s.current)),
          static_cast<std::size_t>(std::max<std::int64_t>(0, s.peak)), s.lists.bytes() + own};
}

void reset_peak_memory() {
  if (detail::ThreadCache* const cache = detail::this_thread()) cache->flush();
  detail::shared().peak = detail::shared().current.load();
}

void release_cached_memory() {
  if (detail::ThreadCache* const cache = detail::this_thread()) cache->lists.release_all();
  const std::scoped_lock lock(detail::shared().mutex);
  detail::shared().lists.release_all();
}

void set_memory_cache_limit(std::size_t bytes) {
  const std::scoped_lock lock(detail::shared().mutex);
  detail::shared().limit = bytes;
  if (detail::shared().lists.large_bytes() > bytes) detail::shared().lists.release_all();
}

}  // namespace xgrad
