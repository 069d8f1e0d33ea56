// epoch_generator.hpp: the random numbers of an epoch.
#pragma once

#include <xgrad/graph/random.hpp>

namespace xgrad::data::detail {

/// The generator of an epoch's order.
inline Generator epoch_generator(std::uint64_t seed, std::uint64_t epoch) noexcept {
  return Generator(seed * 0x9E3779B97F4A7C15U + epoch);
}

}  // namespace xgrad::data::detail
