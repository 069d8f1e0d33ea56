// philox.hpp: the counter-based generator Philox4x32-10 (Salmon et al., SC 2011).
#pragma once

#include <cstdint>

namespace xgrad::detail {

/// Computes the 128 random bits of stream `seed` at position `counter`.
inline void philox(std::uint64_t seed, std::uint64_t counter, std::uint32_t (&word)[4]) noexcept {
  std::uint32_t c[4] = {static_cast<std::uint32_t>(counter),
                        static_cast<std::uint32_t>(counter >> 32), 0, 0};
  auto k0 = static_cast<std::uint32_t>(seed), k1 = static_cast<std::uint32_t>(seed >> 32);
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p = std::uint64_t{0xD2511F53} * c[0], q = std::uint64_t{0xCD9E8D57} * c[2];
    c[0] = static_cast<std::uint32_t>(q >> 32) ^ c[1] ^ k0;
    c[1] = static_cast<std::uint32_t>(q);
    c[2] = static_cast<std::uint32_t>(p >> 32) ^ c[3] ^ k1;
    c[3] = static_cast<std::uint32_t>(p);
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  for (int i = 0; i < 4; ++i) word[i] = c[i];
}

}  // namespace xgrad::detail
