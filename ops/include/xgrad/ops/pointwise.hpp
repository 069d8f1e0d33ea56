// pointwise.hpp: elementwise ops from their formulas.
//
//     auto softsign = xgrad::pointwise("softsign", [](auto x) { return x / (1 + abs(x)); });
//     Tensor z = softsign(t);
//
// A formula is a generic function: `auto` for each parameter, literals, + - * /, comparisons,
// where, and the functions of <cmath> (formula/functions.hpp has them all), unqualified. The
// library runs it on lanes for the value; on dual numbers of lanes for all derivatives in one pass;
// on dual numbers of tensors for derivatives of any higher order; and on probes to learn what the
// local gradient reads.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <xgrad/graph/lanes.hpp>
#include <xgrad/graph/operand.hpp>
#include <xgrad/ops/formula/functions.hpp>

namespace xgrad {
namespace detail {

inline constexpr int max_arity = 6;
inline constexpr std::uint32_t depends_on_output = std::uint32_t{1} << 31;

/// A run of n elements: input i is in[i][k * step[i]], step 0 or 1.
struct ValueRow {
  const void* in[max_arity];
  std::int64_t step[max_arity];
  void* out;
  std::int64_t n;
  bool padded;  // the row ends where the values' memory ends: a whole last lane may be touched
};

/// What becomes of the derivative for an input.
enum class GradientMode : std::uint8_t { skip, write, accumulate, sum };
struct GradientRow {
  const void* in[max_arity];
  std::int64_t step[max_arity];
  const void* y;  // the op's result, where a slope reads it
  const void* dy;
  std::int64_t n;
  bool padded;  // as in ValueRow; not with mode sum
  void* out[max_arity];
  GradientMode mode[max_arity];
  double* sum[max_arity];  // mode sum: the row's derivatives are added here
};

using ValueKernelFn = void (*)(const void* formula, const ValueRow* row);
using GradientKernelFn = void (*)(const void* formula, const GradientRow* row);
using ComposedFn = void (*)(const void* formula, const Traced* in, const Traced& y,
                            Traced* partial);

/// All that the library needs to know of a formula.
struct PointwiseInfo {
  int arity;
  std::uint32_t depends[max_arity];  // derivative i: the inputs it reads, and depends_on_output
  std::uint32_t unit;                // bit i: derivative i is 1
  ValueKernelFn value_float, value_double;
  ValueKernelFn value_int;  // null: integers are converted to float32
  GradientKernelFn gradient_float, gradient_double;
  ComposedFn composed;
  const char* rule;  // the derivatives in words, where the formula tells

  bool reads_as(const PointwiseInfo& other) const {
    return unit == other.unit && std::equal(depends, depends + max_arity, other.depends);
  }
};
/// What a formula with numbers of its own reads may hang on them: each variant is kept once.
const PointwiseInfo& keep_variant(const PointwiseInfo& info);

Tensor apply_pointwise(const char* name, const PointwiseInfo& info, const void* formula,
                       std::size_t formula_bytes, const Operand* operands);

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

/// All derivatives of f at x..., whatever kind of number they are: partial[i] = df/dx_i.
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

// The last lane of a row. What lies behind the row is not computed on: it may be denormal, and
// slow.
template <class L, class T>
L load_rest(const T* from, int rest, bool padded) {
  return padded ? L::load(from).first(rest) : L::load(from, rest);
}
template <class L, class T>
void store_rest(const L& lane, T* to, int rest, bool padded) {
  padded ? lane.store(to) : lane.store(to, rest);
}

// Both kernels work on a copy of the row: what they store could be it, as far as the compiler can
// tell, and it would be read anew for each lane.

template <class F, class T, int N>
struct ValueKernel {
  template <class Width>
  static void run(const F* f, const ValueRow* row) {
    each<Width>(*f, *row, std::make_index_sequence<N>());
  }

 private:
  template <class Width, std::size_t... I>
  static void each(const F f, const ValueRow row, std::index_sequence<I...>) {
    using L = Lane<T, Width>;
    const T* const in[] = {static_cast<const T*>(row.in[I])...};
    const L constant[] = {row.step[I] == 0 ? L(*in[I]) : L()...};
    T* const out = static_cast<T*>(row.out);
    std::int64_t k = 0;
    for (; k + L::size <= row.n; k += L::size)
      L(f.value((row.step[I] == 0 ? constant[I] : L::load(in[I] + k))...)).store(out + k);
    if (const int rest = static_cast<int>(row.n - k); rest > 0)
      store_rest(L(f.value((row.step[I] == 0 ? constant[I]
                                             : load_rest<L>(in[I] + k, rest, row.padded))...)),
                 out + k, rest, row.padded);
  }
};

template <class F, class T, int N>
struct GradientKernel {
  template <class Width>
  static void run(const F* f, const GradientRow* row) {
    each<Width>(*f, *row, std::make_index_sequence<N>());
  }

 private:
  template <class Width, std::size_t... I>
  static void each(const F f, const GradientRow row, std::index_sequence<I...> index) {
    using L = Lane<T, Width>;
    const T* const in[] = {static_cast<const T*>(row.in[I])...};
    const L constant[] = {row.step[I] == 0 ? L(*in[I]) : L()...};
    const T* const dy = static_cast<const T*>(row.dy);
    const T* const y = static_cast<const T*>(row.y);
    L sum[N];
    const auto at = [&](std::int64_t k, auto load, auto store) {
      const L x[] = {row.step[I] == 0 ? constant[I] : load(in[I] + k)...};
      const L out = y != nullptr ? load(y + k) : L();
      L partial[N];
      differentiate<L>(f, x, out, partial, index);
      const L upstream = load(dy + k);
      (store(static_cast<T*>(row.out[I]) + k, upstream * partial[I], row.mode[I], sum[I]), ...);
    };
    std::int64_t k = 0;
    for (; k + L::size <= row.n; k += L::size)
      at(
          k, [](const T* p) { return L::load(p); },
          [](T* p, const L& dx, GradientMode mode, L& total) {
            if (mode == GradientMode::write) dx.store(p);
            if (mode == GradientMode::accumulate) (L::load(p) + dx).store(p);
            if (mode == GradientMode::sum) total += dx;
          });
    const bool padded = row.padded;
    if (const int rest = static_cast<int>(row.n - k); rest > 0)
      at(
          k, [=](const T* p) { return load_rest<L>(p, rest, padded); },
          [=](T* p, const L& dx, GradientMode mode, L& total) {
            if (mode == GradientMode::write) store_rest(dx, p, rest, padded);
            if (mode == GradientMode::accumulate)
              store_rest(load_rest<L>(p, rest, padded) + dx, p, rest, padded);
            if (mode == GradientMode::sum) total += dx.first(rest);
          });
    ((row.mode[I] == GradientMode::sum ? void(*row.sum[I] += static_cast<double>(sum[I].sum()))
                                       : void()),
     ...);
  }
};

template <class F, class T, int N>
void run_value(const void* formula, const ValueRow* row) {
  run_best<ValueKernel<F, T, N>, const F*, const ValueRow*>(static_cast<const F*>(formula), row);
}
template <class F, class T, int N>
void run_gradient(const void* formula, const GradientRow* row) {
  run_best<GradientKernel<F, T, N>, const F*, const GradientRow*>(static_cast<const F*>(formula),
                                                                  row);
}
template <class F, int N>
void run_composed(const void* formula, const Traced* in, const Traced& y, Traced* partial) {
  differentiate<Traced>(*static_cast<const F*>(formula), in, y, partial,
                        std::make_index_sequence<N>());
}

template <class F>
concept TakesIntegers = F::integers;
template <class F>
concept HasRule = requires {
  F::rule;
};

template <class F, int N>
PointwiseInfo make_info(const F& f) {
  PointwiseInfo info{};
  info.arity = N;
  Probe in[N], partial[N];
  for (int i = 0; i < N; ++i) in[i] = Probe::of(std::uint32_t{1} << i);
  differentiate<Probe>(f, in, Probe::of(depends_on_output), partial, std::make_index_sequence<N>());
  for (int i = 0; i < N; ++i) {
    info.depends[i] = partial[i].from;
    if (partial[i].is_one) info.unit |= std::uint32_t{1} << i;
  }
  info.value_float = run_value<F, float, N>;
  info.value_double = run_value<F, double, N>;
  if constexpr (TakesIntegers<F>) info.value_int = run_value<F, std::int64_t, N>;
  info.gradient_float = run_gradient<F, float, N>;
  info.gradient_double = run_gradient<F, double, N>;
  info.composed = run_composed<F, N>;
  if constexpr (HasRule<F>)
    info.rule = F::rule;
  else
    info.rule = N == 1 ? "dx = dy f'(x), f' derived from the formula"
                       : "each input: dy times the formula's derivative for it";
  return info;
}
template <class F, int N>
const PointwiseInfo& info_of(const F& f) {
  static const PointwiseInfo first = make_info<F, N>(f);
  if constexpr (std::is_empty_v<F>) {
    return first;
  } else {
    const PointwiseInfo now = make_info<F, N>(f);
    return now.reads_as(first) ? first : keep_variant(now);
  }
}

/// Calls the op of a formula; F is trivially copyable and goes into the graph.
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

template <class X>
inline constexpr bool is_mask = false;
template <class T, class Width>
inline constexpr bool is_mask<Mask<T, Width>> = true;
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

/// An elementwise op: call it with one to six tensors or numbers, which broadcast.
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

/// The op of a formula. `name` is a string literal; errors and drawings show it.
template <class F>
Pointwise<F> pointwise(const char* name, F formula) {
  return {name, formula};
}

/// The op of a struct with `name`, `value(x...)` and, optional, derivatives by hand: `slope(x, y)`
/// for one input, `slopes(a, b, ..., y)` for several, which gives a std::array with one for each.
/// y is the value; what they do not look at is not kept for the sweep.
template <detail::NamedFormula F, class... X>
Tensor pointwise(const X&... x) {
  return detail::apply_formula(F::name, F{}, x...);
}
/// The same where the struct has numbers as members: `pointwise(Power{3.0}, x)`.
template <detail::NamedFormula F, class... X>
Tensor pointwise(const F& formula, const X&... x) {
  return detail::apply_formula(F::name, formula, x...);
}

}  // namespace xgrad
