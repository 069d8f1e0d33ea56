// lanes.hpp: Lane, the SIMD vector type that formulas and kernels compute on.
//
// A Lane is a GNU vector as wide as the registers of an instruction set. Its operations are
// compiled for that instruction set when they are inlined into a driver function (isa.hpp).
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include <xgrad/graph/dtype.hpp>
#include <xgrad/graph/isa.hpp>
#include <xgrad/graph/vector_instructions.hpp>
#include <xgrad/graph/wrapping.hpp>

namespace xgrad::detail {

template <class T, int Bytes>
struct VectorOf {
  typedef T type __attribute__((vector_size(Bytes)));
};
/// The signed integer type of the given size.
template <int bytes>
using IntegerOf = std::conditional_t<
    bytes == 1, std::int8_t,
    std::conditional_t<bytes == 2, std::int16_t,
                       std::conditional_t<bytes == 4, std::int32_t, std::int64_t>>>;
/// The signed integer type of the size of T.
template <class T>
using BitsOf = IntegerOf<sizeof(T)>;

// Converts n bools to a vector of integers and back, doubling the size in each step, because
// compilers have instructions for these conversions.
template <int bytes, int n>
struct Bools {
  using Vector = typename VectorOf<IntegerOf<bytes>, bytes * n>::type;
  static void load(const bool* from, Vector& to) {
    if constexpr (bytes == 1) {
      std::memcpy(&to, from, n);
    } else {
      typename Bools<bytes / 2, n>::Vector half;
      Bools<bytes / 2, n>::load(from, half);
      to = __builtin_convertvector(half, Vector);
    }
  }
  static void store(const Vector& from, bool* to) {
    if constexpr (bytes == 1)
      std::memcpy(to, &from, n);
    else
      Bools<bytes / 2, n>::store(
          __builtin_convertvector(from, typename Bools<bytes / 2, n>::Vector), to);
  }
};

// g++ 12 merges selections by several comparisons into one, which it then evaluates element by
// element in code that is inlined into an AVX-512 driver. It does not merge a value that went
// through memory.
template <class Width, class Vector>
void settle([[maybe_unused]] Vector& v) {
#if defined(__GNUC__) && !defined(__clang__)
  if constexpr (Width::bytes == 64) asm("" : "+m"(v));
#endif
}

/// A vector of one number. g++ 12 compiles Vector{number, ...} and Vector{} + number element by
/// element in code that is inlined into a driver, unless the number is a constant.
template <class Vector, class T, int... I>
Vector in_all_places(T number, std::integer_sequence<int, I...>) {
  Vector first{};
  std::memcpy(&first, &number, sizeof(T));
  return __builtin_shufflevector(first, first, (I * 0)...);
}
template <class Vector, class T>
Vector in_all_places(T number) {
  constexpr int size = sizeof(Vector) / sizeof(T);
  return in_all_places<Vector>(number, std::make_integer_sequence<int, size>());
}

/// Base of the results of comparisons in formulas. Branching on one is a compile error.
struct Condition {
  template <class Bool>
  requires std::is_same_v<Bool, bool>
  explicit operator Bool() const {
    static_assert(sizeof(Bool) == 0,
                  "a formula computes many elements at once and cannot branch on one: instead of "
                  "if, ?: and loops, choose with where(condition, a, b)");
    return false;
  }
};

template <class T, class Width>
struct Lane;

/// The result of a comparison of lanes: nonzero where it is true.
template <class T, class Width>
struct Mask : Condition {
  using Vector = typename VectorOf<T, Width::bytes>::type;
  Vector v;

  // User-provided, so that the class is passed by reference for every target (needed by g++ -O0).
  Mask(const Mask& other) : Condition(), v(other.v) {}
  explicit Mask(const Vector& vector) : v(vector) {}
  template <class Bool>
  requires std::is_same_v<Bool, bool> Mask(Bool all) : v(all ? Vector{} + 1 : Vector{}) {}
  static Mask load(const bool* from) {
    using B = Bools<sizeof(T), Width::bytes / static_cast<int>(sizeof(T))>;
    typename B::Vector held;
    B::load(from, held);
    return Mask(held != 0 ? Vector{} + 1 : Vector{});
  }
  void store(bool* to) const {
    using B = Bools<sizeof(T), Width::bytes / static_cast<int>(sizeof(T))>;
    B::store((v != 0) & 1, to);
  }
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
  template <class A, class B>
  requires(std::is_arithmetic_v<A>&& std::is_arithmetic_v<B>) friend Lane<T, Width> where(
      const Mask& mask, A a, B b) {
    return where(mask.settled(), Lane<T, Width>(a), Lane<T, Width>(b));
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
  using Wide = typename VectorOf<Wrapping<T>, Width::bytes>::type;  // + - * compute on this
  using Bits = typename VectorOf<BitsOf<T>, Width::bytes>::type;
  static constexpr int size = Width::bytes / static_cast<int>(sizeof(T));
  Vector v;

  Lane() : v{} {}
  template <class N>
  requires std::is_arithmetic_v<N> Lane(N number)
      : v(in_all_places<Vector>(converted<T>(number))) {}
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
  /// Stores past the caches, where the processor can do that. `to` is aligned to 16 bytes. A lane
  /// that is aligned to its own size is written whole: of writes in parts, the memory has to
  /// collect the parts of a cache line.
  void stream(T* to) const {
    if (reinterpret_cast<std::uintptr_t>(to) % Width::bytes == 0) return stream_aligned(to);
    for (int i = 0; i < Width::bytes; i += Baseline::bytes) {
      Floats4 part;
      std::memcpy(&part, reinterpret_cast<const char*>(&v) + i, sizeof part);
      store_past_caches(part, reinterpret_cast<float*>(reinterpret_cast<char*>(to) + i));
    }
  }
  /// The same, aligned to the size of a lane.
  void stream_aligned(T* to) const {
    FloatVector<Width> floats;
    std::memcpy(&floats, &v, sizeof floats);
    store_past_caches(floats, reinterpret_cast<float*>(to));
  }
  /// Loads n elements; the others are zero.
  static Lane load(const T* from, int n) {
    Lane lane;
    std::memcpy(&lane.v, from, sizeof(T) * static_cast<unsigned>(n));
    return lane;
  }
  void store(T* to, int n) const { std::memcpy(to, &v, sizeof(T) * static_cast<unsigned>(n)); }
  /// A copy in which all elements but the first n are zero.
  Lane first(int n) const {
    Bits index;
    for (int i = 0; i < size; ++i) index[i] = i;
    return Lane((index < in_all_places<Bits>(static_cast<BitsOf<T>>(n))) ? v : Vector{});
  }
  /// Element i + by at place i, in a circle.
  template <int by>
  Lane rotated() const {
    return rotated_by<by>(std::make_integer_sequence<int, size>());
  }
  /// Element i + by at place i; of `fill`, where there is none.
  template <int by>
  Lane shifted(const Lane& fill) const {
    return shifted_by<by>(fill, std::make_integer_sequence<int, size>());
  }
  /// f of all elements in each place, halves of the lane first: f(f(v0, v2), f(v1, v3)) of four. f
  /// takes lanes.
  template <class F>
  Lane folded(F f) const {
    return folded_from<size / 2>(f);
  }
  T sum() const {
    return folded([](const Lane& a, const Lane& b) { return a + b; }).v[0];
  }

  friend Lane operator+(const Lane& a, const Lane& b) {
    return Lane(Vector(Wide(a.v) + Wide(b.v)));
  }
  friend Lane operator-(const Lane& a, const Lane& b) {
    return Lane(Vector(Wide(a.v) - Wide(b.v)));
  }
  friend Lane operator*(const Lane& a, const Lane& b) {
    return Lane(Vector(Wide(a.v) * Wide(b.v)));
  }
  friend Lane operator/(const Lane& a, const Lane& b) { return Lane(a.v / b.v); }
  friend Lane operator-(const Lane& a) { return Lane(Vector(-Wide(a.v))); }
  // For integers only.
  friend Lane operator&(const Lane& a, const Lane& b) { return Lane(a.v & b.v); }
  friend Lane operator|(const Lane& a, const Lane& b) { return Lane(a.v | b.v); }
  friend Lane operator^(const Lane& a, const Lane& b) { return Lane(a.v ^ b.v); }
  Lane& operator+=(const Lane& b) { return *this = *this + b; }

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
    if constexpr (std::is_floating_point_v<T>) {  // clears the sign bit, also of NaN and -0
      constexpr auto sign = BitsOf<T>(std::uint64_t{1} << (8 * sizeof(T) - 1));
      return Lane(reinterpret_cast<Vector>(reinterpret_cast<Bits>(a.v) & ~(Bits{} + sign)));
    } else {
      return Lane(a.v < 0 ? Vector(-Wide(a.v)) : a.v);
    }
  }
  /// The magnitude of a with the sign of b, also for zeros and NaN.
  friend Lane copysign(const Lane& a, const Lane& b) {
    constexpr auto sign = BitsOf<T>(std::uint64_t{1} << (8 * sizeof(T) - 1));
    return Lane(reinterpret_cast<Vector>((reinterpret_cast<Bits>(a.v) & ~(Bits{} + sign)) |
                                         (reinterpret_cast<Bits>(b.v) & (Bits{} + sign))));
  }
  /// The maximum; NaN if either operand is NaN.
  friend Lane max(const Lane& a, const Lane& b) {
    const Vector larger = a.v <= b.v ? b.v : a.v;  // a if either is NaN
    return Lane(larger).or_nan(b);
  }
  friend Lane min(const Lane& a, const Lane& b) {
    const Vector smaller = a.v >= b.v ? b.v : a.v;
    return Lane(smaller).or_nan(b);
  }

 private:
  // NaN where b is NaN: the bits of a NaN stay a NaN when other bits are set.
  Lane or_nan(const Lane& b) const {
    if constexpr (std::is_floating_point_v<T>) {
      const Vector nan = b.v == b.v ? Vector{} : b.v;
      return Lane(
          reinterpret_cast<Vector>(reinterpret_cast<Bits>(v) | reinterpret_cast<Bits>(nan)));
    } else {
      return *this;
    }
  }
  template <int half, class F>
  Lane folded_from(F f) const {
    if constexpr (half == 0)
      return *this;
    else
      return f(*this, rotated<half>()).template folded_from<half / 2>(f);
  }
  template <int by, int... I>
  Lane shifted_by(const Lane& fill, std::integer_sequence<int, I...>) const {
    return Lane(
        __builtin_shufflevector(v, fill.v, (I + by >= 0 && I + by < size ? I + by : size)...));
  }
  template <int by, int... I>
  Lane rotated_by(std::integer_sequence<int, I...>) const {
    return Lane(__builtin_shufflevector(v, v, ((I + by) % size)...));
  }
};

}  // namespace xgrad::detail
