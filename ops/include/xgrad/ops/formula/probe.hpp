// probe.hpp: finds out which inputs a formula's derivatives read, by running it on bit sets.
#pragma once

#include <cstdint>
#include <type_traits>

#include <xgrad/graph/lanes.hpp>

namespace xgrad::detail {

/// A number without a value. It records only the inputs that it was computed from.
struct Probe : Condition {
  std::uint32_t from = 0;
  bool is_one = false;  // the number 1, not the result of arithmetic

  Probe() = default;
  template <class T>
  requires std::is_arithmetic_v<T> Probe(T number) : is_one(number == 1) {}
  static Probe of(std::uint32_t from) {
    Probe p;
    p.from = from;
    return p;
  }
};
inline Probe both(Probe a, Probe b) { return Probe::of(a.from | b.from); }

inline Probe operator+(Probe a, Probe b) { return both(a, b); }
inline Probe operator-(Probe a, Probe b) { return both(a, b); }
inline Probe operator*(Probe a, Probe b) { return both(a, b); }
inline Probe operator/(Probe a, Probe b) { return both(a, b); }
inline Probe operator-(Probe a) { return Probe::of(a.from); }
inline Probe operator<(Probe a, Probe b) { return both(a, b); }
inline Probe operator<=(Probe a, Probe b) { return both(a, b); }
inline Probe operator>(Probe a, Probe b) { return both(a, b); }
inline Probe operator>=(Probe a, Probe b) { return both(a, b); }
inline Probe operator==(Probe a, Probe b) { return both(a, b); }
inline Probe operator!=(Probe a, Probe b) { return both(a, b); }
inline Probe operator&&(Probe a, Probe b) { return both(a, b); }
inline Probe operator||(Probe a, Probe b) { return both(a, b); }
inline Probe operator!(Probe a) { return a; }
inline Probe where(Probe mask, Probe a, Probe b) { return both(mask, both(a, b)); }
inline Probe max(Probe a, Probe b) { return both(a, b); }
inline Probe min(Probe a, Probe b) { return both(a, b); }

}  // namespace xgrad::detail
