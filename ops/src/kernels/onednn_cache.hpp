// onednn_cache.hpp: oneDNN's primitives kept for reuse: making one costs more than running it.
#pragma once

#include <omp.h>

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

namespace xgrad::detail {

static_assert(DNNL_CPU_THREADING_RUNTIME == DNNL_RUNTIME_OMP,
              "oneDNN must be built for OpenMP, whose number of threads it then obeys");

/// One thread's: a primitive that threads share has given wrong elements. Primitive is made from a
/// key and an engine.
template <class Key, class Hash, class Primitive>
struct PrimitiveCache {
  static constexpr std::size_t limit = 512;
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  std::unordered_map<Key, Primitive, Hash> made;

  Primitive& at(const Key& key) {
    if (const auto found = made.find(key); found != made.end()) return found->second;
    if (made.size() == limit) made.clear();
    return made.try_emplace(key, key, engine).first->second;
  }
};

/// oneDNN plans and computes in one thread while it lives: xgrad's own threads share its work, and
/// the bits of what it sums would depend on the number. It obeys OpenMP's number.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  ~OneThread() { omp_set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  const int before_;
};

/// A hash of integers, taken one after the other.
struct Mixer {
  std::uint64_t hash = 1469598103934665603U;
  void operator()(std::int64_t part) noexcept {
    hash = (hash ^ static_cast<std::uint64_t>(part)) * 0x9E3779B97F4A7C15U;
    hash ^= hash >> 29;
  }
};

}  // namespace xgrad::detail
