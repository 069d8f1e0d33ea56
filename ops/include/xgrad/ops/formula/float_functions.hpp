// float_functions.hpp: exp and expm1 of float lanes, and log1p of fractions, in code that is
// inlined into a formula. Each is within 1 ULP (docs/decisions/0026).
#pragma once

#include <xgrad/graph/lanes.hpp>

namespace xgrad::detail {

/// The functions work on vectors, since they choose by the bits of numbers.
template <class Width>
struct FloatFunctions {
  using V = typename VectorOf<float, Width::bytes>::type;
  using I = typename VectorOf<std::int32_t, Width::bytes>::type;

  /// x = n ln 2 + r with |r| <= ln(2) / 2, and e^x = (1 + r + bent(r)) 2^n. The power is given as
  /// two factors, since 2^n itself may overflow.
  struct Parts {
    V n, r, bent, scale, scale_again;
  };
  static Parts parts_of_exp(const V& x) {
    const V magic = V{} + 0x1.8p23F;  // its last bit counts 1, so that a sum with it is rounded
    const V shifted = x * 1.44269504F + magic, n = shifted - magic;
    const V r = x - n * 0.693145752F - n * 1.42860677e-06F;
    // Chebyshev's approximation of (e^r - 1 - r) / r^2.
    V q = V{} + 0.000198911802F;
    q = q * r + 0.00139338205F;
    q = q * r + 0.00833331075F;
    q = q * r + 0.0416664634F;
    q = q * r + 0.166666667F;
    q = q * r + 0.5F;
    const I exponent = I(shifted) - I(magic), half = exponent >> 1;
    return {n, r, (r * r) * q, V((half + 127) << 23), V((exponent - half + 127) << 23)};
  }

  static V exp(V x) {
    x = x > 104.0F ? V{} + 104.0F : x;  // infinity, and 0, already; NaN stays
    x = x < -104.0F ? V{} - 104.0F : x;
    const Parts e = parts_of_exp(x);
    return (e.r + e.bent + 1.0F) * e.scale * e.scale_again;
  }

  /// e^x - 1 = (2^n - 1) + 2^n (r + bent), with what each sum loses.
  static V expm1(const V& given) {
    V x = given > 104.0F ? V{} + 104.0F : given;  // infinity, and -1, already; NaN stays
    x = x < -18.0F ? V{} - 18.0F : x;
    const Parts e = parts_of_exp(x);
    const V p = e.r + e.bent, rest = e.bent - (p - e.r);
    const V minus = e.n > 23.0F ? V{} : V{} - 1.0F;  // 2^n - 1 would be rounded: the 1 goes last
    const V grown = p * e.scale * e.scale_again, one = e.scale * e.scale_again + minus;
    const V sum = one + grown, lost = grown - (sum - one);
    const V near = sum + (lost + rest * e.scale * e.scale_again - (minus + 1.0F));
    const V far = (p + 1.0F) * e.scale * e.scale_again;
    const V y = e.n > 126.0F ? far : near;
    return given == 0.0F ? given : y;  // the sign of zero
  }

  /// log(1 + x) for x in [0, 1]: with 1 + x = 2^k m, m in [sqrt(1/2), sqrt(2)), f = m - 1 and
  /// s = f / (2 + f), it is k ln 2 + f - f^2 / 2 + s (f^2 / 2 + s^2 q(s^2)). What the sum 1 + x
  /// loses is added, unless k is 0, where f is x itself.
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
};

}  // namespace xgrad::detail
