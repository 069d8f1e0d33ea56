#include <xgrad/ops/special.hpp>

#include <array>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/pointwise.hpp>

namespace xgrad {
namespace {

struct Sinc {
  static constexpr auto name = "sinc";
  static constexpr double pi = 3.14159265358979323846;
  static auto value(auto x) {
    const auto t = pi * x;
    return where(x == 0, 1, sin(t) / where(x == 0, 1, t));
  }
  // Near 0 by its series: the quotient loses all digits there.
  static auto slope(auto x, auto /*y*/) {
    const auto t = pi * x, q = t * t;
    const auto near =
        t / -3 *
        (1 - q / 10 * (1 - q / 28 * (1 - q / 54 * (1 - q / 88 * (1 - q / 130 * (1 - q / 180))))));
    const auto far = where(q < 0.25, 1, t);
    return pi * where(q < 0.25, near, (cos(far) - sin(far) / far) / far);
  }
};
struct Logit {
  static constexpr auto name = "logit";
  static auto value(auto x) {
    const auto middle = where(x > 0.25 && x < 0.75, x, 0.5);
    return where(x > 0.25 && x < 0.75, log1p((2 * middle - 1) / (1 - middle)), log(x) - log1p(-x));
  }
  static auto slope(auto x, auto /*y*/) { return 1 / (x * (1 - x)); }
};
struct LogitWithin {
  static constexpr auto name = "logit";
  double eps;
  auto value(auto x) const { return Logit::value(clamp(x, eps, 1 - eps)); }
  auto slope(auto x, auto /*y*/) const {
    return where(x < eps || x > 1 - eps, 0, 1 / (x * (1 - x)));
  }
};
struct Logaddexp {
  static constexpr auto name = "logaddexp";
  static auto value(auto a, auto b) {
    return where(a == b, a + 0.693147180559945309, max(a, b) + log1p(exp(-abs(a - b))));
  }
  static auto slopes(auto a, auto b, auto /*y*/) {
    return std::array<decltype(a), 2>{sigmoid(a - b), sigmoid(b - a)};
  }
};
struct Logaddexp2 {
  static constexpr auto name = "logaddexp2";
  static constexpr double log2_e = 1.44269504088896340736;
  static auto value(auto a, auto b) {
    return where(a == b, a + 1, max(a, b) + log2_e * log1p(exp2(-abs(a - b))));
  }
  static auto slopes(auto a, auto b, auto /*y*/) {
    using N = decltype(a);
    return std::array<N, 2>{N(1 / (1 + exp2(b - a))), N(1 / (1 + exp2(a - b)))};
  }
};
struct Xlogy {
  static constexpr auto name = "xlogy";
  static auto value(auto a, auto b) { return where(a == 0 && b == b, 0, a * log(b)); }
  static auto slopes(auto a, auto b, auto /*y*/) {
    using N = decltype(a);
    return std::array<N, 2>{N(where(a == 0 && b <= 0, 0, log(b))), N(a / b)};
  }
};
struct Xlog1py {
  static constexpr auto name = "xlog1py";
  static auto value(auto a, auto b) { return where(a == 0 && b == b, 0, a * log1p(b)); }
  static auto slopes(auto a, auto b, auto /*y*/) {
    using N = decltype(a);
    return std::array<N, 2>{N(where(a == 0 && b <= -1, 0, log1p(b))), N(a / (b + 1))};
  }
};
struct Entr {
  static constexpr auto name = "entr";
  static auto value(auto x) {
    return where(x > 0 || x != x, -x * log(x), where(x == 0, 0, -INFINITY));
  }
  static auto slope(auto x, auto /*y*/) { return -1 - log(x); }
};

}  // namespace

Tensor sinc(Operand x) { return pointwise<Sinc>(x); }
Tensor logit(Operand x, std::optional<double> eps) {
  const OpScope scope("logit", x);
  return eps ? pointwise(LogitWithin{*eps}, x) : pointwise<Logit>(x);
}
Tensor logaddexp(Operand a, Operand b) { return pointwise<Logaddexp>(a, b); }
Tensor logaddexp2(Operand a, Operand b) { return pointwise<Logaddexp2>(a, b); }
Tensor xlogy(Operand a, Operand b) { return pointwise<Xlogy>(a, b); }
Tensor special::xlog1py(Operand a, Operand b) { return pointwise<Xlog1py>(a, b); }
Tensor special::entr(Operand x) { return pointwise<Entr>(x); }

Tensor mvlgamma(Operand x, int p) {
  const OpScope scope("mvlgamma", x);
  constexpr int most = 1 << 16;  // terms, an op each
  if (p < 1 || p > most)
    throw ValueError(fmt::format("mvlgamma: p is {}; it must be in [1, {}]", p, most));
  constexpr double log_pi = 1.14472988584940017414;
  const double pairs = 0.5 * p * (p - 1.0);
  const Tensor source = x.materialize();
  Tensor total = lgamma(source);
  for (int j = 1; j < p; ++j) total = total + lgamma(source - 0.5 * j);
  return total + pairs / 2 * log_pi;
}

}  // namespace xgrad
