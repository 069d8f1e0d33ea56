// pointwise.hpp: elementwise ops from formulas.
//
//     auto softsign = xgrad::pointwise("softsign", [](auto x) { return x / (1 + abs(x)); });
//     Tensor z = softsign(t);
//
// A formula is a generic function: its parameters are `auto`, and its body uses literals, + - * /,
// comparisons, where, and the functions of formula/functions.hpp (most of <cmath>), unqualified.
// The library runs the formula on four kinds of numbers: on lanes for the value, on dual numbers of
// lanes for all derivatives in one pass, on dual numbers of tensors for derivatives of any order,
// and on probes to find out which inputs the derivatives read.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <xgrad/graph/record.hpp>
#include <xgrad/ops/formula/functions.hpp>
#include <xgrad/ops/formula/map_kernel.hpp>

namespace xgrad {
namespace detail {

inline constexpr std::uint32_t depends_on_output = std::uint32_t{1} << 31;

using ComposedFn = void (*)(const void* formula, const Traced* in, const Traced& y,
                            Traced* partial);

/// The description of a formula.
struct PointwiseInfo {
  int arity;
  int conditions;                    // how many of the first inputs are always bool
  bool gives_bool;                   // the result is bool
  std::uint32_t depends[max_arity];  // derivative i: the inputs it reads, and depends_on_output
  std::uint32_t unit;                // bit i: derivative i is 1
  bool value_calls, gradient_calls;  // a function such as exp, which takes longer than memory does
  LaneKernels value;
  LaneKernels gradient;  // from the inputs, the result and dy; all null: no gradient
  ComposedFn composed;
  const char* rule;  // describes the derivatives, if the formula has a rule

  bool has_gradient() const { return composed != nullptr; }
  bool same_variant(const PointwiseInfo& other) const {
    return unit == other.unit && value_calls == other.value_calls &&
           gradient_calls == other.gradient_calls &&
           std::equal(depends, depends + max_arity, other.depends);
  }
};
/// The stored copy of info. What a derivative reads, and which functions are called, can depend on
/// the numbers in a formula; each variant is stored once.
const PointwiseInfo& keep_variant(const PointwiseInfo& info);

Tensor apply_pointwise(const char* name, const PointwiseInfo& info, const void* formula,
                       std::size_t formula_bytes, const Operand* operands);

/// A value that is not recorded yet. It may reuse the memory of an operand. The destructor then
/// releases the operand, which until then can be recorded as an input.
struct PointwiseValue {
  Value value;
  const Operand* donor;
  PointwiseValue(Value&& v, const Operand* from) : value(std::move(v)), donor(from) {}
  ~PointwiseValue() {
    if (donor != nullptr) donor->give_up_tensor();
  }
  PointwiseValue(PointwiseValue&& other) noexcept
      : value(std::move(other.value)), donor(std::exchange(other.donor, nullptr)) {}
};
/// The value of a formula. `saved` is what the local gradient will read; its memory is not reused.
PointwiseValue pointwise_value(const char* name, const PointwiseInfo& info, const void* formula,
                               const Operand* operands, Saved saved);

template <class F, class X, std::size_t... I>
auto slopes_of(const F& f, const X* x, const X& y, std::index_sequence<I...>)
    -> decltype(f.slopes(x[I]..., y)) {
  return f.slopes(x[I]..., y);
}
template <class F, class X>
concept HasSlope = requires(const F& f, const X& x) {
  f.slope(x, x);
};

template <class F, class X, std::size_t N>
concept HasSlopes = requires(const F& f, const X* x) {
  slopes_of(f, x, x[0], std::make_index_sequence<N>());
};

/// All derivatives of f at x, for any kind of number: partial[i] = df/dx_i.
template <class L, class F, std::size_t... I>
void differentiate(const F& f, const L* x, [[maybe_unused]] const L& y, L* partial,
                   std::index_sequence<I...>) {
  if constexpr (sizeof...(I) == 1 && HasSlope<F, L>) {
    partial[0] = f.slope(x[0], y);
  } else if constexpr (HasSlopes<F, L, sizeof...(I)>) {
    const std::array<L, sizeof...(I)> by_hand = f.slopes(x[I]..., y);
    ((partial[I] = by_hand[I]), ...);
  } else {
    const auto seed = []<std::size_t i>(const L& v, std::integral_constant<std::size_t, i>) {
      Dual<L, (std::uint32_t{1} << i)> d(v);
      d.partial[0] = L(1);
      return d;
    };
    const auto dy = f.value(seed(x[I], std::integral_constant<std::size_t, I>())...);
    using D = std::remove_cvref_t<decltype(dy)>;
    if constexpr (requires { D::count; })
      ((partial[I] = D::has(I) ? dy.partial[D::at(I)] : L(0)), ...);
    else  // a constant
      ((partial[I] = L(0)), ...);
  }
}

// The value and the derivatives of a formula as maps for MapKernel. Both hold only the formula.

template <class F>
struct ValueMap {
  static constexpr std::size_t conditions = conditions_of<F>();
  F formula;
  template <class... X>
  auto operator()(const X&... x) const {
    using Y = decltype(formula.value(x...));
    return std::array<Y, 1>{formula.value(x...)};
  }
};
template <class F, int N>
struct GradientMap {
  F formula;
  template <class... L>
  auto operator()(const L&... inputs) const {
    return times_upstream(std::array{inputs...}, std::make_index_sequence<N>());
  }

 private:
  template <class L, std::size_t... I>
  auto times_upstream(const std::array<L, N + 2>& in, std::index_sequence<I...> index) const {
    L partial[N];
    differentiate<L>(formula, in.data(), in[N], partial, index);
    return std::array{L(in[N + 1] * partial[I])...};
  }
};

template <class F, int N>
void run_composed(const void* formula, const Traced* in, const Traced& y, Traced* partial) {
  differentiate<Traced>(*static_cast<const F*>(formula), in, y, partial,
                        std::make_index_sequence<N>());
}

template <class F>
concept TakesIntegers = F::integers;
template <class F>
concept TakesBools = F::bools;
template <class F>
concept RefusesFloats = !F::floats;
template <class F>
concept HasRule = requires {
  F::rule;
};

template <class F, std::size_t... I>
Probe value_on_probes(const F& f, const Probe* in, std::index_sequence<I...>) {
  return Probe(f.value(in[I]...));
}
template <class F, int N>
void add_gradient(PointwiseInfo& info, const F& f) {
  Probe in[N], partial[N];
  for (int i = 0; i < N; ++i) in[i] = Probe::of(std::uint32_t{1} << i);
  differentiate<Probe>(f, in, Probe::of(depends_on_output), partial, std::make_index_sequence<N>());
  info.value_calls = value_on_probes(f, in, std::make_index_sequence<N>()).calls;
  for (int i = 0; i < N; ++i) {
    info.depends[i] = partial[i].from;
    info.gradient_calls |= partial[i].calls;
    if (partial[i].is_one) info.unit |= std::uint32_t{1} << i;
  }
  info.gradient.floats = best_kernel<GradientMap<F, N>, float, N + 2, N>();
  info.gradient.doubles = best_kernel<GradientMap<F, N>, double, N + 2, N>();
  info.composed = run_composed<F, N>;
  if constexpr (HasRule<F>)
    info.rule = F::rule;
  else
    info.rule = N == 1 ? "dx = dy f'(x), f' derived from the formula"
                       : "each input gets dy * the derivative of the formula for it";
}

/// The result type of F on lanes L.
template <class F, class L, std::size_t... I>
auto value_on(std::index_sequence<I...>) -> decltype(std::declval<const F&>().value(
    std::declval<const std::conditional_t<(I < conditions_of<F>()), typename L::MaskOf, L>&>()...));

template <class F, int N>
PointwiseInfo make_info(const F& f) {
  using L = Lane<std::conditional_t<RefusesFloats<F>, std::int64_t, float>, Baseline>;
  constexpr bool gives_bool = is_mask<decltype(value_on<F, L>(std::make_index_sequence<N>()))>;
  PointwiseInfo info{};
  info.arity = N;
  info.conditions = static_cast<int>(conditions_of<F>());
  info.gives_bool = gives_bool;
  if constexpr (TakesBools<F>) info.value.bools = best_kernel<ValueMap<F>, std::uint8_t, N, 1>();
  if constexpr (TakesIntegers<F>)
    info.value.integers = best_kernel<ValueMap<F>, std::int64_t, N, 1>();
  if constexpr (!RefusesFloats<F>) {
    info.value.floats = best_kernel<ValueMap<F>, float, N, 1>();
    info.value.doubles = best_kernel<ValueMap<F>, double, N, 1>();
    if constexpr (!gives_bool && conditions_of<F>() == 0) add_gradient<F, N>(info, f);
  }
  return info;
}
template <class F, int N>
const PointwiseInfo& info_of(const F& f) {
  static const PointwiseInfo first = make_info<F, N>(f);
  if constexpr (std::is_empty_v<F>) {
    return first;
  } else {
    const PointwiseInfo now = make_info<F, N>(f);
    return now.same_variant(first) ? first : keep_variant(now);
  }
}

/// Calls the op of a formula. F is trivially copyable; the graph holds a copy.
template <class F, class... X>
Tensor apply_formula(const char* name, const F& f, const X&... x) {
  static_assert(sizeof...(X) <= max_arity, "a formula takes at most six inputs");
  static_assert(std::is_trivially_copyable_v<F> && std::is_trivially_destructible_v<F>,
                "a formula captures plain numbers only; make a tensor one of its inputs");
  static_assert(alignof(F) <= alignof(double));
  const Operand operands[] = {x...};
  return apply_pointwise(name, info_of<F, static_cast<int>(sizeof...(X))>(f), &f, sizeof(F),
                         operands);
}

template <class F>
struct FormulaOf : F {
  template <class... X>
  auto value(const X&... x) const {
    static_assert(std::is_invocable_v<const F&, const X&...>,
                  "the formula takes another number of inputs");
    static_assert(!is_mask<decltype(static_cast<const F&>(*this)(x...))>,
                  "a formula's result is a number: make one of a condition with "
                  "where(condition, 1, 0)");
    return static_cast<const F&>(*this)(x...);
  }
};
template <class F>
concept NamedFormula = requires {
  F::name;
};

}  // namespace detail

/// An elementwise op. Call it with one to six tensors or numbers, which broadcast.
template <class F>
class Pointwise {
 public:
  Pointwise(const char* name, F f) : name_(name), formula_{f} {}
  Tensor operator()(Operand a) const { return detail::apply_formula(name_, formula_, a); }
  Tensor operator()(Operand a, Operand b) const {
    return detail::apply_formula(name_, formula_, a, b);
  }
  Tensor operator()(Operand a, Operand b, Operand c) const {
    return detail::apply_formula(name_, formula_, a, b, c);
  }
  Tensor operator()(Operand a, Operand b, Operand c, Operand d) const {
    return detail::apply_formula(name_, formula_, a, b, c, d);
  }
  Tensor operator()(Operand a, Operand b, Operand c, Operand d, Operand e) const {
    return detail::apply_formula(name_, formula_, a, b, c, d, e);
  }
  Tensor operator()(Operand a, Operand b, Operand c, Operand d, Operand e, Operand f) const {
    return detail::apply_formula(name_, formula_, a, b, c, d, e, f);
  }

 private:
  const char* name_;
  detail::FormulaOf<F> formula_;
};

/// Makes an op from a formula. `name` is a string literal, which errors and graphs show.
template <class F>
Pointwise<F> pointwise(const char* name, F formula) {
  return {name, formula};
}

/// Calls the op of a struct with a static `name` and a function `value(x...)`. Derivatives may be
/// written by hand: `slope(x, y)` for one input, or `slopes(a, b, ..., y)` for several, which
/// returns a std::array with one derivative for each input. y is the value. Only what they read is
/// saved.
///
/// The struct may have these static constants:
///
/// - `integers = true`, `bools = true`: computes on int64, or bool, too, and returns such a tensor.
///   Without them, such operands are converted to the default dtype.
/// - `floats = false`: does not compute on float32 and float64.
/// - `conditions = n`: the first n inputs are always bool.
///
/// If the value is a comparison, the result is a bool tensor.
template <detail::NamedFormula F, class... X>
Tensor pointwise(const X&... x) {
  return detail::apply_formula(F::name, F{}, x...);
}
/// Calls the op of a struct that has numbers as members: `pointwise(Power{3.0}, x)`.
template <detail::NamedFormula F, class... X>
Tensor pointwise(const F& formula, const X&... x) {
  return detail::apply_formula(F::name, formula, x...);
}

}  // namespace xgrad
