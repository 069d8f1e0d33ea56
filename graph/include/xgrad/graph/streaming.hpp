// streaming.hpp: writing large results past the caches.
#pragma once

#include <cstddef>
#include <cstdint>

#include <xgrad/graph/dtype.hpp>

namespace xgrad::detail {

/// Results of at least so many bytes do not fit into the caches beside what they are computed from.
/// A write of a whole cache line that goes past the caches spares reading the line before
/// (docs/decisions/0025).
inline constexpr std::int64_t streamed_bytes = std::int64_t{16} << 20;
inline bool is_streamed(std::int64_t elements, DType dtype) {
  return elements >= streamed_bytes / static_cast<std::int64_t>(size_of(dtype));
}
/// What streamed memory has to be aligned to. Other memory is written as usual.
inline constexpr std::size_t streaming_alignment = 16;

/// Copies memory past the caches, where the processor can do that. The two do not overlap.
void stream_copy(void* to, const void* from, std::size_t bytes) noexcept;
/// Ends a series of stream_copy: what other threads do after this sees the copies.
void stream_fence() noexcept;

}  // namespace xgrad::detail
