// float_functions.hpp: exp, expm1, log1p of fractions, and the normal distribution of float lanes,
// in code that is inlined into a formula (docs/decisions/0026).
#pragma once

#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/vector_instructions.hpp>

namespace xgrad::detail {

/// The functions work on vectors, since they choose by the bits of numbers.
template <class Width>
struct FloatFunctions {
  using V = typename VectorOf<float, Width::bytes>::type;
  using I = typename VectorOf<std::int32_t, Width::bytes>::type;

  /// x = n ln 2 + r with |r| <= ln(2) / 2, and e^x = (1 + r + bent) 2^n.
  struct Parts {
    V n, r, bent;
    I exponent;  // n
  };
  static Parts parts_of_exp(const V& x) {
    return parts(x, [](const V& r) { return r; });
  }
  /// Of x + rest, where rest is small.
  static Parts parts_of_exp(const V& x, const V& rest) {
    return parts(x, [&](const V& r) { return r + rest; });
  }
  /// p 2^n, rounded once.
  static V scaled(const V& p, const Parts& e) {
#ifdef XGRAD_X86
    if constexpr (Width::bytes == Avx512::bytes) {
      V y;
      scale_by_power(p, e.n, y);
      return y;
    }
#endif
    const I half = e.exponent >> 1;  // 2^n itself may overflow
    return p * V((half + 127) << 23) * V((e.exponent - half + 127) << 23);
  }

  /// Within 1 ULP.
  static V exp(const V& x) {
    const Parts e = parts_of_exp(between(-104.0F, x, 104.0F));  // 0, and infinity, already
    return scaled(e.r + e.bent + 1.0F, e);
  }

  /// e^x - 1 = (2^n - 1) + 2^n (r + bent), with what each sum loses. Within 1 ULP.
  static V expm1(const V& given) {
    const Parts e = parts_of_exp(between(-18.0F, given, 104.0F));  // -1, and infinity, already
    const V p = e.r + e.bent, rest = e.bent - (p - e.r);
    const V minus = e.n > 23.0F ? V{} : V{} - 1.0F;  // 2^n - 1 would be rounded: the 1 goes last
    const V power = scaled(V{} + 1.0F, e), grown = scaled(p, e), one = power + minus;
    const V sum = one + grown, lost = grown - (sum - one);
    const V near = sum + (lost + scaled(rest, e) - (minus + 1.0F));
    const V far = scaled(p + 1.0F, e);
    const V y = e.n > 126.0F ? far : near;
    return given == 0.0F ? given : y;  // the sign of zero
  }

  /// e^x - 1 for x <= 0, where 2^n and the first sum are exact; 0 for greater ones. Within 1 ULP.
  static V expm1_of_negative(const V& given) {
    const Parts e = parts_of_exp(between(-18.0F, given, 0.0F));
    const V power = scaled(V{} + 1.0F, e), one = power - 1.0F;
    const V p = e.r + e.bent, rest = e.bent - (p - e.r);
    const V grown = p * power, sum = one + grown, lost = grown - (sum - one);
    return given == 0.0F ? given : sum + (lost + rest * power);  // the sign of zero
  }

  /// log(1 + x) for x in [0, 1], within 1 ULP: with 1 + x = 2^k m, m in [sqrt(1/2), sqrt(2)),
  /// f = m - 1 and s = f / (2 + f), it is k ln 2 + f - f^2 / 2 + s (f^2 / 2 + s^2 q(s^2)). What the
  /// sum 1 + x loses is added, unless k is 0, where f is x itself.
  static V log1p_of_fraction(const V& x) {
    constexpr std::int32_t one = 0x3F800000, sqrt_half = 0x3F3504F3;
    const V u = x + 1.0F;
    const I bits = I(u) + (one - sqrt_half), k = (bits >> 23) - 127;
    const V m = V((bits & 0x007FFFFF) + sqrt_half), exponent = __builtin_convertvector(k, V);
    const V lost = k == 0 ? V{} : (x - (u - 1.0F)) / u;
    const V f = k == 0 ? x : m - 1.0F;
    const V s = f / (f + 2.0F), z = s * s, half = 0.5F * f * f;
    V q = V{} + 0.233419434F;
    q = q * z + 0.28550397F;
    q = q * z + 0.400001256F;
    q = q * z + 0.666666665F;
    const V low = s * (half + z * q) + (exponent * 9.0580006145e-06F + lost);
    const V base = exponent * 0.69313812256F, sum = base + f;  // the product is exact
    const V y = sum - ((half - low) - (f - (sum - base)));
    return x != x ? x : y;
  }

  /// factor e^(-x^2 / 2), within 2 ULP. x^2 = z^2 + (x - z) (x + z), where z is x with so few bits
  /// that its square is exact.
  static V gaussian(const V& x, const V& factor) {
    const V a = distance(x), z = V(I(a) & ~0xFFF);
    const Parts e = parts_of_exp(-0.5F * (z * z), 0.5F * ((z - a) * (z + a)));
    return scaled((e.r + e.bent + 1.0F) * factor, e);
  }
  /// The normal distribution within 9 ULP: p = e^(-x^2 / 2) t q(t), where t = 4.25 / (|x| + 4.25),
  /// for x <= 0, and 1 - p for others. q is the polynomial of the least relative error for |x| up
  /// to 14.6, by Remez's algorithm.
  static V normal_cdf(const V& x) {
    const V t = 4.25F / (distance(x) + 4.25F);
    V q = V{} + 0.0277732909F;
    q = q * t - 0.146530204F;
    q = q * t + 0.270341706F;
    q = q * t - 0.223473736F;
    q = q * t + 0.203955332F;
    q = q * t - 0.0018670378F;
    q = q * t + 0.0962201038F;
    q = q * t + 0.0855427181F;
    q = q * t + 0.0941828476F;
    q = q * t + 0.0938549782F;
    const V p = gaussian(x, q * t);
    return x > 0.0F ? 1.0F - p : p;
  }

 private:
  // x, at least `low` and at most `high`. NaN stays.
  static V between(float low, V x, float high) {
    smaller(V{} + high, x, x);
    larger(V{} + low, x, x);
    return x;
  }
  template <class Mend>
  static Parts parts(const V& x, Mend mend) {
    const V magic = V{} + 0x1.8p23F;  // its last bit counts 1, so that a sum with it is rounded
    const V shifted = x * 1.44269504F + magic, n = shifted - magic;
    const V r = mend(x - n * 0.693145752F - n * 1.42860677e-06F);
    // Chebyshev's approximation of (e^r - 1 - r) / r^2.
    V q = V{} + 0.000198911802F;
    q = q * r + 0.00139338205F;
    q = q * r + 0.00833331075F;
    q = q * r + 0.0416664634F;
    q = q * r + 0.166666667F;
    q = q * r + 0.5F;
    return {n, r, (r * r) * q, I(shifted) - I(magic)};
  }
  // |x|, at most where all is 0; NaN stays.
  static V distance(const V& x) {
    V a = V(I(x) & 0x7FFFFFFF);
    smaller(V{} + 14.6F, a, a);
    return a;
  }
};

}  // namespace xgrad::detail
