// The program's operator new: it refuses what no test needs, and under AddressSanitizer, whose own
// one ends the process, it throws as the standard says.
#include <cstdlib>
#include <new>

extern "C" const char* __asan_default_options() {
  return "allocator_may_return_null=1:max_allocation_size_mb=1024:detect_leaks=0";
}

namespace {

constexpr std::size_t most = std::size_t{1} << 30;

void* allocate(std::size_t bytes, std::size_t alignment) {
  if (bytes > most) throw std::bad_alloc();
  const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  void* const memory = std::aligned_alloc(alignment, rounded > 0 ? rounded : alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void release(void* memory) noexcept { std::free(memory); }

}  // namespace

#include "support/operator_new.hpp"
