// probe.hpp: finds out which inputs a formula's derivatives read, and whether it computes more than
// arithmetic, by running it on bit sets.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include <xgrad/graph/lanes.hpp>

namespace xgrad::detail {

/// A number without a value. It records only what it was computed from.
struct Probe : Condition {
  std::uint32_t from = 0;  // the inputs
  bool is_one = false;     // the number 1, not the result of arithmetic
  bool calls = false;      // a function such as exp

  Probe() = default;
  template <class T>
  requires std::is_arithmetic_v<T> Probe(T number) : is_one(number == 1) {}
  static Probe of(std::uint32_t from) {
    Probe p;
    p.from = from;
    return p;
  }
};
inline Probe both(Probe a, Probe b) {
  Probe p = Probe::of(a.from | b.from);
  p.calls = a.calls || b.calls;
  return p;
}
/// An instruction, such as a square root, is not called.
inline Probe called(Probe a, std::string_view function) {
  a.is_one = false;
  a.calls = a.calls || !(function.empty() || function == "sqrt");
  return a;
}

inline Probe operator+(Probe a, Probe b) { return both(a, b); }
inline Probe operator-(Probe a, Probe b) { return both(a, b); }
inline Probe operator*(Probe a, Probe b) { return both(a, b); }
inline Probe operator/(Probe a, Probe b) { return both(a, b); }
inline Probe operator-(Probe a) { return both(a, a); }
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
