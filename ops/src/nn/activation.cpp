#include <xgrad/ops/activation.hpp>

#include <fmt/format.h>

#include <xgrad/graph/error.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/pointwise.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad {
namespace {

struct Relu {
  static constexpr auto name = "relu";
  static constexpr auto rule = "dx = dy where y > 0, else 0";
  static constexpr bool integers = true;
  static auto value(auto x) { return max(x, 0); }
  static auto slope(auto /*x*/, auto y) { return where(y <= 0, 0, 1); }
};
struct LeakyRelu {
  static constexpr auto name = "leaky_relu";
  static constexpr auto rule = "dx = dy where x > 0, else dy * negative_slope";
  double below;
  auto value(auto x) const { return where(x > 0, x, x * below); }
};
struct Elu {
  static constexpr auto name = "elu";
  double alpha;
  auto value(auto x) const { return where(x > 0, x, alpha * expm1_of_negative(x)); }
};
struct Selu {
  static constexpr auto name = "selu";
  static constexpr double scale = 1.0507009873554804934, alpha = 1.6732632423543772848;
  static auto value(auto x) {
    return where(x > 0, scale * x, scale * alpha * expm1_of_negative(x));
  }
};
struct Gelu {
  static constexpr auto name = "gelu";
  static auto value(auto x) { return x * normal_cdf(x); }
};
struct GeluTanh {
  static constexpr auto name = "gelu";
  static auto value(auto x) {
    return 0.5 * x * (1 + tanh(0.79788456080286535588 * (x + 0.044715 * (x * x * x))));
  }
};
struct Silu {
  static constexpr auto name = "silu";
  static auto value(auto x) { return x * sigmoid(x); }
};
struct Mish {
  static constexpr auto name = "mish";
  static auto value(auto x) { return x * tanh(softplus(x)); }
};
struct Softplus {
  static constexpr auto name = "softplus";
  double beta, threshold;
  auto value(auto x) const { return where(x * beta > threshold, x, softplus(x * beta) / beta); }
};
struct PlainSoftplus {  // with a beta of 1
  static constexpr auto name = "softplus";
  double threshold;
  auto value(auto x) const { return where(x > threshold, x, softplus(x)); }
};
struct Softsign {
  static constexpr auto name = "softsign";
  static auto value(auto x) { return x / (1 + abs(x)); }
};
struct LogSigmoid {
  static constexpr auto name = "logsigmoid";
  static auto value(auto x) { return logsigmoid(x); }
};
struct Hardtanh {
  static constexpr auto name = "hardtanh";
  double low, high;
  auto value(auto x) const {
    const auto raised = where(x <= low, low, x);
    return where(raised >= high, high, raised);
  }
};
struct Hardsigmoid {
  static constexpr auto name = "hardsigmoid";
  static auto value(auto x) { return where(x <= -3, 0, where(x >= 3, 1, x / 6 + 0.5)); }
};
struct Hardswish {
  static constexpr auto name = "hardswish";
  static auto value(auto x) { return where(x < -3, 0, where(x > 3, x, x * (x + 3) / 6)); }
};
struct Celu {
  static constexpr auto name = "celu";
  double alpha;
  auto value(auto x) const { return where(x > 0, x, alpha * expm1(x / alpha)); }
};
struct Hardshrink {
  static constexpr auto name = "hardshrink";
  double bound;
  auto value(auto x) const { return where(x >= -bound && x <= bound, 0, x); }
};
struct Softshrink {
  static constexpr auto name = "softshrink";
  double bound;
  auto value(auto x) const {
    return where(x > bound, x - bound, where(x < -bound, x + bound, x * 0));
  }
};
struct Threshold {
  static constexpr auto name = "threshold";
  static constexpr bool integers = true;
  double threshold, otherwise;
  auto value(auto x) const { return where(x <= threshold, otherwise, x); }
};
struct Prelu {
  static constexpr auto name = "prelu";
  static auto value(auto x, auto weight) { return where(x > 0, x, x * weight); }
};
struct Glu {
  static constexpr auto name = "glu";
  static auto value(auto a, auto b) { return a * sigmoid(b); }
};

}  // namespace

Tensor relu(Operand x) { return pointwise<Relu>(x); }
Tensor leaky_relu(Operand x, double negative_slope) {
  return pointwise(LeakyRelu{negative_slope}, x);
}
Tensor elu(Operand x, double alpha) { return pointwise(Elu{alpha}, x); }
Tensor selu(Operand x) { return pointwise<Selu>(x); }
Tensor gelu(Operand x, std::string_view approximate) {
  const OpScope scope("gelu", x);
  if (approximate == "none") return pointwise<Gelu>(x);
  if (approximate == "tanh") return pointwise<GeluTanh>(x);
  throw ValueError(
      fmt::format("gelu: approximate is '{}'; it must be 'none' or 'tanh'", approximate));
}
Tensor silu(Operand x) { return pointwise<Silu>(x); }
Tensor mish(Operand x) { return pointwise<Mish>(x); }
Tensor softplus(Operand x, double beta, double threshold) {
  if (beta == 1) return pointwise(PlainSoftplus{threshold}, x);
  return pointwise(Softplus{beta, threshold}, x);
}
Tensor softsign(Operand x) { return pointwise<Softsign>(x); }
Tensor logsigmoid(Operand x) { return pointwise<LogSigmoid>(x); }
Tensor hardtanh(Operand x, double min_val, double max_val) {
  return pointwise(Hardtanh{min_val, max_val}, x);
}
Tensor hardsigmoid(Operand x) { return pointwise<Hardsigmoid>(x); }
Tensor hardswish(Operand x) { return pointwise<Hardswish>(x); }

Tensor celu(Operand x, double alpha) {
  const OpScope scope("celu", x);
  if (alpha == 0) throw ValueError("celu: alpha is 0; it must not be 0");
  return pointwise(Celu{alpha}, x);
}
Tensor hardshrink(Operand x, double lambd) { return pointwise(Hardshrink{lambd}, x); }
Tensor softshrink(Operand x, double lambd) {
  const OpScope scope("softshrink", x);
  if (!(lambd >= 0))
    throw ValueError(fmt::format("softshrink: lambd is {}; it must be at least 0", lambd));
  return pointwise(Softshrink{lambd}, x);
}
Tensor threshold(Operand x, double threshold, double value) {
  return pointwise(Threshold{threshold, value}, x);
}

Tensor prelu(Operand x, Operand weight) {
  const OpScope scope("prelu", x);
  const std::int64_t count = weight.shape().numel();
  const int rank = x.shape().dim();
  const std::int64_t channels = rank > 1 ? x.shape()[1] : 1;
  if (weight.shape().dim() > 1 || (count != 1 && count != channels))
    throw ShapeError(
        fmt::format("prelu: the weight has {} elements for {}; it must be 1-d with 1 element, or "
                    "one for each of the {} channels",
                    count, describe(x), channels));
  if (count == 1 || rank < 2) return pointwise<Prelu>(x, reshape(weight, {}));
  Shape column = x.shape();
  for (int i = 0; i < rank; ++i) column[i] = i == 1 ? channels : 1;
  return pointwise<Prelu>(x, reshape(weight, column));
}

Tensor rrelu(Operand x, double lower, double upper, Flag training, Generator* generator) {
  const OpScope scope("rrelu", x);
  if (!(lower <= upper))
    throw ValueError(
        fmt::format("rrelu: lower is {}, upper {}; lower must be at most upper", lower, upper));
  if (!training) return leaky_relu(x, (lower + upper) / 2);
  const Tensor slopes = rand(x.shape(), {.dtype = x.dtype(), .generator = generator});
  return pointwise<Prelu>(x, lower + (upper - lower) * slopes);
}

Tensor glu(Operand x, Dim dim) {
  const OpScope scope("glu", x);
  const int axis = detail::wrap_dim("glu", x, dim);
  const std::int64_t n = x.shape().dim() == 0 ? 1 : x.shape()[axis];
  if (n % 2 != 0)
    throw ShapeError(fmt::format(
        "glu: dim {} of {} has an odd size; it must be even, because glu splits it in half", axis,
        describe(x)));
  const Tensor source = x.materialize();
  return pointwise<Glu>(narrow(source, axis, 0, n / 2), narrow(source, axis, n / 2, n / 2));
}

}  // namespace xgrad
