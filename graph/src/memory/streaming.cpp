#include <xgrad/graph/streaming.hpp>

#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace xgrad::detail {

#ifdef __SSE2__

void stream_copy(void* to, const void* from, std::size_t bytes) noexcept {
  auto* t = static_cast<char*>(to);
  const auto* f = static_cast<const char*>(from);
  std::size_t left = bytes;
  if (reinterpret_cast<std::uintptr_t>(to) % streaming_alignment == 0)
    for (; left >= 64; left -= 64, t += 64, f += 64)
      for (int i = 0; i < 64; i += 16)
        _mm_stream_si128(reinterpret_cast<__m128i*>(t + i),
                         _mm_loadu_si128(reinterpret_cast<const __m128i*>(f + i)));
  std::memcpy(t, f, left);
}
void stream_fence() noexcept { _mm_sfence(); }

#else

void stream_copy(void* to, const void* from, std::size_t bytes) noexcept {
  std::memcpy(to, from, bytes);
}
void stream_fence() noexcept {}

#endif

}  // namespace xgrad::detail
