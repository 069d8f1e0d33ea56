// array_op.hpp: ops whose value and local gradient are functions of xtensor arrays.
//
//     Tensor cumsum(const Tensor& x) {
//       return array_op("cumsum", {x},
//                       [](const auto& v) { return xt::cumsum(v, 0); },
//                       [](const auto& dy) { return xt::flip(xt::cumsum(xt::flip(dy, 0), 0), 0);
//                       });
//     }
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include <xgrad/graph/array_closures.hpp>
#include <xgrad/graph/array_tensor.hpp>
#include <xgrad/graph/record.hpp>

namespace xgrad {
namespace detail {

template <class T, std::size_t>
using ArrayAt = const Array<T>&;

/// The arguments of a local gradient: dy, dy and the inputs, or these and the result.
enum class GradientTakes { neither, dy, inputs, output };

template <class F, class T, std::size_t... I>
constexpr GradientTakes gradient_takes(std::index_sequence<I...>) {
  using A = const Array<T>&;
  if constexpr (std::is_invocable_v<const F&, A, ArrayAt<T, I>...>)
    return GradientTakes::inputs;
  else if constexpr (std::is_invocable_v<const F&, A, ArrayAt<T, I>..., A>)
    return GradientTakes::output;
  else if constexpr (std::is_invocable_v<const F&, A>)
    return GradientTakes::dy;
  else
    return GradientTakes::neither;
}
template <class F, std::size_t N>
inline constexpr GradientTakes takes =
    std::is_null_pointer_v<F> ? GradientTakes::dy
                              : gradient_takes<F, float>(std::make_index_sequence<N>());

template <class F, std::size_t N>
constexpr Saved saved_for() {
  return takes<F, N> == GradientTakes::output   ? save_inputs | save_output
         : takes<F, N> == GradientTakes::inputs ? save_inputs
                                                : save_nothing;
}

/// Whether a function may return a Result: it must not refer to what the function leaves behind.
template <class Result>
constexpr void check_result() {
  static_assert(!std::is_void_v<Result>, "array_op: the function returns nothing");
  static_assert(outlives_call<Result>,
                "array_op: the function returns a lazy expression that may refer to its local "
                "variables or captures, which are gone when it is evaluated: return xt::eval(...)");
}

/// Calls a function of the user's with arrays. Its result may be lazy.
template <class F, class... Arrays>
decltype(auto) call_with_arrays(const F& f, const Arrays&... arrays) {
  check_result<decltype(f(arrays...))>();
  const OpScopeGuard users_function;
  return f(arrays...);
}

/// @throws ShapeError, with the shapes of the arrays. `part` is what was computed from them.
[[noreturn]] void throw_not_broadcasting(const char* part, std::span<const Tensor> arrays);
/// @throws ShapeError  unless the gradient has the input's shape, or one that it broadcasts to.
void check_gradient_shape(int input, const Shape& expected, const Shape& actual);

/// Runs f, which computes `part` from arrays. Their shapes may not broadcast.
template <class F>
decltype(auto) broadcasting(const char* part, std::span<const Tensor> arrays, F&& f) {
  try {
    return f();
  } catch (const xt::broadcast_error&) {  // in Release, its text does not tell the shapes
    throw_not_broadcasting(part, arrays);
  }
}

/// The value of a result of the user's: evaluated into memory of ours, or the array's own memory.
template <class T, class Result>
Tensor tensor_of_result(Result&& result) {
  using R = std::remove_cvref_t<Result>;
  if constexpr (std::is_arithmetic_v<R>) {
    return evaluated<T>(xt::xscalar<R>(result), {});
  } else if constexpr (std::is_same_v<typename R::value_type, T>) {
    return tensor(std::forward<Result>(result));
  } else {
    static_assert(std::is_arithmetic_v<typename R::value_type>,
                  "array_op: the result must have elements of the inputs' type");
    return evaluated<T>(result, {});
  }
}

template <class T, class F, std::size_t N, std::size_t... I>
Tensor array_value(const F& f, const std::array<Tensor, N>& inputs, std::index_sequence<I...>) {
  static_assert(std::is_invocable_v<const F&, ArrayAt<T, I>...>,
                "array_op: the value takes one array for each input: "
                "[](const auto& a, const auto& b) { ... }");
  return broadcasting("value", inputs, [&] {
    return tensor_of_result<T>(call_with_arrays(f, inputs[I].template array<T>()...));
  });
}

/// Calls a local gradient with the arrays that it takes.
template <class T, class F, std::size_t... I>
decltype(auto) call_gradient(const F& f, const Tensor& dy, Inputs in,
                             std::index_sequence<I...> index) {
  constexpr GradientTakes kind = takes<F, index.size()>;
  if constexpr (kind == GradientTakes::dy)
    return call_with_arrays(f, dy.array<T>());
  else if constexpr (kind == GradientTakes::inputs)
    return call_with_arrays(f, dy.array<T>(), in[static_cast<int>(I)].array<T>()...);
  else
    return call_with_arrays(f, dy.array<T>(), in[static_cast<int>(I)].array<T>()...,
                            in.output().array<T>());
}

/// Writes or adds an expression of the input's shape to the input's gradient buffer.
template <class T, class Result>
void add_to_buffer(InputGradients dx, int i, const Shape& shape, const Result& gradient) {
  check_reductions<Result>();
  const InputGradients::Buffer buffer = dx.buffer(i);
  if (shape.numel() == 0) return;
  auto elements = array_over(static_cast<T*>(buffer.data), shape);
  if (buffer.accumulate)
    xt::noalias(elements) += gradient;
  else
    xt::noalias(elements) = gradient;
}

template <class T, class Result>
void add_gradient(Inputs in, InputGradients dx, int i, Result&& gradient) {
  using R = std::remove_cvref_t<Result>;
  if constexpr (!std::is_null_pointer_v<R>) {
    static_assert(ArrayExpression<R>,
                  "array_op: a gradient is an xtensor expression, or nullptr for an input without "
                  "one; those of several inputs are a std::tuple of them");
    if (!dx.wants(i)) return;
    const Shape shape = shape_of(gradient), &expected = in.shape(i);
    check_gradient_shape(i, expected, shape);
    if (Movable<Result> || shape != expected)
      dx.add(i, tensor_of_result<T>(std::forward<Result>(gradient)));
    else
      add_to_buffer<T>(dx, i, shape, gradient);
  }
}

template <class R>
concept TupleOfGradients = requires {
  std::tuple_size<std::remove_cvref_t<R>>::value;
};

/// Adds the gradients that one function returns for all inputs.
template <class T, std::size_t N, class Result>
void add_gradients(Inputs in, InputGradients dx, Result&& gradients) {
  if constexpr (TupleOfGradients<Result>) {
    static_assert(std::tuple_size_v<std::remove_cvref_t<Result>> == N,
                  "array_op: the local gradient returns one expression for each input");
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (add_gradient<T>(in, dx, static_cast<int>(I), std::get<I>(std::move(gradients))), ...);
    }
    (std::make_index_sequence<N>());
  } else {
    static_assert(N == 1,
                  "array_op: the local gradient of several inputs returns a std::tuple with one "
                  "expression for each, or is one function for each");
    add_gradient<T>(in, dx, 0, std::forward<Result>(gradients));
  }
}

// The local gradients of an op with N inputs. They are stored in the graph as plain memory, which a
// std::tuple is not.

/// One function for all inputs.
template <std::size_t N, class F>
struct GradientOfAll {
  static constexpr Saved saved = saved_for<F, N>();
  F f;
  template <class T>
  void add(const Tensor& dy, Inputs in, InputGradients dx) const {
    add_gradients<T, N>(in, dx, call_gradient<T>(f, dy, in, std::make_index_sequence<N>()));
  }
};

template <std::size_t i, std::size_t N, class F>
struct GradientOfOne {
  F f;
  template <class T>
  void add_if_wanted(const Tensor& dy, Inputs in, InputGradients dx) const {
    constexpr int input = static_cast<int>(i);
    if constexpr (!std::is_null_pointer_v<F>)
      if (dx.wants(input))
        add_gradient<T>(in, dx, input, call_gradient<T>(f, dy, in, std::make_index_sequence<N>()));
  }
};
template <class Index, class... F>
struct GradientOfEach;
/// One function for each input. It runs if the input's gradient is needed.
template <std::size_t... I, class... F>
struct GradientOfEach<std::index_sequence<I...>, F...> : GradientOfOne<I, sizeof...(I), F>... {
  static constexpr Saved saved = (Saved{} | ... | saved_for<F, sizeof...(I)>());
  template <class T>
  void add(const Tensor& dy, Inputs in, InputGradients dx) const {
    (this->GradientOfOne<I, sizeof...(I), F>::template add_if_wanted<T>(dy, in, dx), ...);
  }
};

template <std::size_t N, class... F>
auto gradient_of(const F&... f) {
  static_assert(sizeof...(F) == 1 || sizeof...(F) == N,
                "array_op: give one local gradient for all inputs, or one for each");
  static_assert(((takes<F, N> != GradientTakes::neither) && ...),
                "array_op: a local gradient takes the arrays (dy), (dy, inputs...) or "
                "(dy, inputs..., result)");
  if constexpr (sizeof...(F) == 1)
    return GradientOfAll<N, F...>{f...};
  else
    return GradientOfEach<std::make_index_sequence<N>, F...>{{f}...};
}

/// The operands as tensors of one float dtype. @throws DTypeError for integers and bools.
Tensor float_input(const Operand& operand, int i, DType dtype);
DType float_dtype(std::span<const Operand> operands);

}  // namespace detail

/// An op that you write in xtensor's words: a value and a local gradient, as functions of arrays.
///
///     Tensor scaled(const Tensor& x, const Tensor& w) {  // w of the size of x's last axis
///       return array_op("scaled", {x, w},
///                       [](const auto& a, const auto& b) { return a * b; },
///                       [](const auto& dy, const auto& a, const auto& b) {
///                         return std::make_tuple(dy * b, dy * a);
///                       });
///     }
///
/// The functions take an `Array<float>` or `Array<double>` for each input, by the inputs' dtype, so
/// they are generic lambdas. They return a lazy expression, which is evaluated straight into the
/// result's memory; an evaluated array, whose memory the result takes over if it is row-major and
/// of the inputs' type; or a number. An expression that may refer to local variables or captures of
/// the function does not compile: return xt::eval(...).
///
/// @param op        the name of the op, a string literal, optionally with its rule as in `record`.
/// @param inputs    tensors and numbers. float32 inputs become float64 if one is float64.
/// @param value     takes an array for each input; xtensor's broadcasting applies.
/// @param gradient  one function for all inputs, or one for each. It takes (dy), (dy, inputs...) or
///                  (dy, inputs..., result), and what it takes is saved. It returns an expression,
///                  and if it is the one of several inputs a std::tuple of expressions; nullptr
///                  instead of a function or an expression is no gradient. An expression of a shape
///                  that the input broadcasts to is summed to the input's. It captures plain
///                  numbers only, as the local gradients of `record`.
/// @return  a tensor of the inputs' dtype. Sweeps with create_graph throw GraphError, since arrays
///          have no history.
/// @throws DTypeError  if an input is of integers or bools.
/// @throws ShapeError  if shapes in a function do not broadcast, or a gradient does not fit its
///                     input. Other exceptions of the functions pass through.
template <std::size_t N, class Value, class... Gradient>
requires(sizeof...(Gradient) > 0) Tensor array_op(const OpName& op, const Operand (&inputs)[N],
                                                  const Value& value, const Gradient&... gradient) {
  const OpScope scope(op.name, inputs[0]);
  const auto local = detail::gradient_of<N>(gradient...);
  const DType dtype = detail::float_dtype(inputs);
  return dispatch_floating(dtype, [&]<class T>() {
    const auto arrays = [&]<std::size_t... I>(std::index_sequence<I...> index) {
      const std::array<Tensor, N> tensors{detail::float_input(inputs[I], I, dtype)...};
      return record(op, {Operand(tensors[I], inputs[I].site())...},
                    detail::array_value<T>(value, tensors, index), local.saved,
                    once_differentiable([local](const Tensor& dy, Inputs in, InputGradients dx) {
                      detail::broadcasting("local gradient", {&dy, 1},
                                           [&] { local.template add<T>(dy, in, dx); });
                    }));
    };
    return arrays(std::make_index_sequence<N>());
  });
}

}  // namespace xgrad
