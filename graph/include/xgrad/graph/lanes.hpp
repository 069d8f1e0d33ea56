// lanes.hpp: a small vector type that formulas and kernels compute on.
//
// A Lane is a GNU vector of the width of an instruction set. Its operations are compiled for that
// set once they are inlined into a driver (isa.hpp); the functions below come from Sleef, within
// 1 ULP of the exact result.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include <xgrad/graph/isa.hpp>

namespace xgrad::detail {

template <class T, int Bytes>
struct VectorOf {
  typedef T type __attribute__((vector_size(Bytes)));
};
/// An integer of the size of T.
template <class T>
using BitsOf = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;

// g++ 12 merges choices by several comparisons into one, and takes that to pieces, element by
// element, in code for AVX-512 that began elsewhere. What went through memory it cannot merge.
template <class Width, class Vector>
void settle([[maybe_unused]] Vector& v) {
#if defined(__GNUC__) && !defined(__clang__)
  if constexpr (Width::bytes == 64) asm("" : "+m"(v));
#endif
}

/// The result of comparing lanes: not 0 where it holds.
template <class T, class Width>
struct Mask {
  using Vector = typename VectorOf<T, Width::bytes>::type;
  Vector v;

  // User-provided: the class is then passed by reference whatever the target (g++ -O0 needs it).
  Mask(const Mask& other) : v(other.v) {}
  explicit Mask(const Vector& vector) : v(vector) {}
  friend Mask operator&&(const Mask& a, const Mask& b) {
    return Mask(a.settled().v * b.settled().v);
  }
  friend Mask operator||(const Mask& a, const Mask& b) {
    return Mask(a.settled().v + b.settled().v);
  }
  friend Mask operator!(const Mask& a) {
    const Mask m = a.settled();
    return Mask(m.v == 0 ? Vector{} + 1 : Vector{});
  }

 private:
  Mask settled() const {
    Mask m(*this);
    settle<Width>(m.v);
    return m;
  }
};

template <class T, class Width>
struct Lane {
  using Element = T;
  using Vector = typename VectorOf<T, Width::bytes>::type;
  using MaskOf = Mask<T, Width>;
  using Bits = typename VectorOf<BitsOf<T>, Width::bytes>::type;
  static constexpr int size = Width::bytes / static_cast<int>(sizeof(T));
  Vector v;

  Lane() : v{} {}
  Lane(T number) : Lane(number, std::make_integer_sequence<int, size>()) {}
  Lane(const Lane& other) : v(other.v) {}
  Lane& operator=(const Lane& other) {
    v = other.v;
    return *this;
  }
  explicit Lane(const Vector& vector) : v(vector) {}

  static Lane load(const T* from) {
    Lane lane;
    std::memcpy(&lane.v, from, sizeof(Vector));
    return lane;
  }
  void store(T* to) const { std::memcpy(to, &v, sizeof(Vector)); }
  /// The first n elements; the others are zero.
  static Lane load(const T* from, int n) {
    Lane lane;
    std::memcpy(&lane.v, from, sizeof(T) * static_cast<unsigned>(n));
    return lane;
  }
  void store(T* to, int n) const { std::memcpy(to, &v, sizeof(T) * static_cast<unsigned>(n)); }
  /// The first n elements, the others zero.
  Lane first(int n) const {
    Bits index;
    for (int i = 0; i < size; ++i) index[i] = i;
    return Lane((index < Bits{} + static_cast<BitsOf<T>>(n)) ? v : Vector{});
  }
  T sum() const {
    T total = v[0];
    for (int i = 1; i < size; ++i) total += v[i];
    return total;
  }

  friend Lane operator+(const Lane& a, const Lane& b) { return Lane(a.v + b.v); }
  friend Lane operator-(const Lane& a, const Lane& b) { return Lane(a.v - b.v); }
  friend Lane operator*(const Lane& a, const Lane& b) { return Lane(a.v * b.v); }
  friend Lane operator/(const Lane& a, const Lane& b) { return Lane(a.v / b.v); }
  friend Lane operator-(const Lane& a) { return Lane(-a.v); }
  Lane& operator+=(const Lane& b) {
    v += b.v;
    return *this;
  }

  friend MaskOf operator<(const Lane& a, const Lane& b) {
    return MaskOf(a.v < b.v ? Vector{} + 1 : Vector{});
  }
  friend MaskOf operator<=(const Lane& a, const Lane& b) {
    return MaskOf(a.v <= b.v ? Vector{} + 1 : Vector{});
  }
  friend MaskOf operator>(const Lane& a, const Lane& b) {
    return MaskOf(a.v > b.v ? Vector{} + 1 : Vector{});
  }
  friend MaskOf operator>=(const Lane& a, const Lane& b) {
    return MaskOf(a.v >= b.v ? Vector{} + 1 : Vector{});
  }
  friend MaskOf operator==(const Lane& a, const Lane& b) {
    return MaskOf(a.v == b.v ? Vector{} + 1 : Vector{});
  }
  friend MaskOf operator!=(const Lane& a, const Lane& b) {
    return MaskOf(a.v != b.v ? Vector{} + 1 : Vector{});
  }

  friend Lane where(const MaskOf& mask, const Lane& a, const Lane& b) {
    Lane chosen(mask.v != 0 ? a.v : b.v);
    settle<Width>(chosen.v);
    return chosen;
  }
  friend Lane abs(const Lane& a) {
    if constexpr (std::is_floating_point_v<T>) {  // clears the sign, of NaN and of -0 too
      constexpr auto sign = BitsOf<T>(std::uint64_t{1} << (8 * sizeof(T) - 1));
      return Lane(reinterpret_cast<Vector>(reinterpret_cast<Bits>(a.v) & ~(Bits{} + sign)));
    } else {
      return Lane(a.v < 0 ? -a.v : a.v);
    }
  }
  /// The larger one; NaN if either is.
  friend Lane max(const Lane& a, const Lane& b) {
    const Vector larger = a.v <= b.v ? b.v : a.v;  // a if either is NaN
    return Lane(larger).or_nan(b);
  }
  friend Lane min(const Lane& a, const Lane& b) {
    const Vector smaller = a.v >= b.v ? b.v : a.v;
    return Lane(smaller).or_nan(b);
  }

 private:
  // NaN where b is: its bits or any others are a NaN's.
  Lane or_nan(const Lane& b) const {
    if constexpr (std::is_floating_point_v<T>) {
      const Vector nan = b.v == b.v ? Vector{} : b.v;
      return Lane(
          reinterpret_cast<Vector>(reinterpret_cast<Bits>(v) | reinterpret_cast<Bits>(nan)));
    } else {
      return *this;
    }
  }
  template <int... I>
  Lane(T number, std::integer_sequence<int, I...>) : v{(static_cast<void>(I), number)...} {}
};

// fn(lane) by Sleef's names: fn + f4, f8, f16 for float, d2, d4, d8 for double, then the accuracy,
// then the instruction set. The narrow ones choose theirs at run time.
#define XGRAD_LANE_FUNCTION_AT(fn, T, letter, accuracy, width, count, isa, target)            \
  extern "C" target VectorOf<T, width::bytes>::type Sleef_##fn##letter##count##accuracy##isa( \
      VectorOf<T, width::bytes>::type);                                                       \
  target inline Lane<T, width> fn(const Lane<T, width>& a) {                                  \
    return Lane<T, width>(Sleef_##fn##letter##count##accuracy##isa(a.v));                     \
  }
#ifdef XGRAD_X86
#define XGRAD_LANE_FUNCTION(fn, accuracy)                                           \
  XGRAD_LANE_FUNCTION_AT(fn, float, f, accuracy, Baseline, 4, , )                   \
  XGRAD_LANE_FUNCTION_AT(fn, double, d, accuracy, Baseline, 2, , )                  \
  XGRAD_LANE_FUNCTION_AT(fn, float, f, accuracy, Avx2, 8, avx2, XGRAD_AVX2)         \
  XGRAD_LANE_FUNCTION_AT(fn, double, d, accuracy, Avx2, 4, avx2, XGRAD_AVX2)        \
  XGRAD_LANE_FUNCTION_AT(fn, float, f, accuracy, Avx512, 16, avx512f, XGRAD_AVX512) \
  XGRAD_LANE_FUNCTION_AT(fn, double, d, accuracy, Avx512, 8, avx512f, XGRAD_AVX512)
#else
#define XGRAD_LANE_FUNCTION(fn, accuracy)                         \
  XGRAD_LANE_FUNCTION_AT(fn, float, f, accuracy, Baseline, 4, , ) \
  XGRAD_LANE_FUNCTION_AT(fn, double, d, accuracy, Baseline, 2, , )
#endif

XGRAD_LANE_FUNCTION(exp, _u10)
XGRAD_LANE_FUNCTION(log, _u10)
XGRAD_LANE_FUNCTION(tanh, _u10)
XGRAD_LANE_FUNCTION(sqrt, _u05)

#undef XGRAD_LANE_FUNCTION
#undef XGRAD_LANE_FUNCTION_AT

/// 1 / (1 + exp(-x)): no overflow spoils it, since exp's infinity gives 0.
template <class T, class Width>
Lane<T, Width> sigmoid(const Lane<T, Width>& a) {
  return Lane<T, Width>(T(1)) / (Lane<T, Width>(T(1)) + exp(-a));
}

}  // namespace xgrad::detail
