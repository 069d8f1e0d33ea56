// record.hpp: `record`, which adds the result of an op to the graph.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <new>
#include <span>
#include <type_traits>
#include <vector>

#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/input_gradients.hpp>
#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// The values that an op saves for its local gradient. Combine with |.
struct Saved {
  std::uint32_t inputs = 0;  // bit i: input i; all bits set: every input, also beyond the 32nd
  bool output = false;
  friend constexpr Saved operator|(Saved a, Saved b) {
    return {a.inputs | b.inputs, a.output || b.output};
  }
};
inline constexpr Saved save_nothing{};
inline constexpr Saved save_inputs{~std::uint32_t{0}, false};
inline constexpr Saved save_output{0, true};
namespace detail {
[[noreturn]] void throw_save_input(int i);
}
/// Saves input i. @throws ValueError unless i is in [0, 31]; of further inputs, an op saves all
/// (save_inputs) or none.
constexpr Saved save_input(int i) {
  if (i < 0 || i >= 32) detail::throw_save_input(i);
  return {std::uint32_t{1} << i, false};
}

/// The name of an op and, optionally, its local gradient as a formula, for example
/// "da = dy b, db = dy a". Both are string literals. Errors, drawings and `explain` show them.
struct OpName {
  const char* name;
  const char* rule = "";
  bool elementwise = false;  ///< each output element depends on one element of each input
  constexpr OpName(const char* op, const char* local = "", bool by_element = false)
      : name(op), rule(local), elementwise(by_element) {}
};

namespace detail {

/// A recorded result. The local gradient is stored at `captures`, null if nothing was recorded.
struct Recording {
  Tensor result;
  void* captures;
};
bool any_requires_grad(const Operand* inputs, std::size_t count);
Recording begin_record(const OpName& op, const Operand* inputs, std::size_t count, Value&& value,
                       Saved saved, std::size_t capture_bytes, LocalGradient run);
/// begin_record for callers that know whether the result has a history.
Tensor without_history(const OpName& op, const Operand* inputs, std::size_t count, Value&& value);
Recording with_history(const OpName& op, const Operand* inputs, std::size_t count, Value&& value,
                       Saved saved, std::size_t capture_bytes, LocalGradient run);
struct TupleRecording {
  std::vector<Tensor> results;
  void* captures;
};
TupleRecording begin_record(const OpName& op, const Operand* inputs, std::size_t count,
                            std::vector<Value>&& values, Saved saved, std::size_t capture_bytes,
                            LocalGradient run);

template <class Local>
constexpr void check_local_gradient() {
  static_assert(
      std::is_trivially_copyable_v<Local> && std::is_trivially_destructible_v<Local>,
      "a local gradient captures plain numbers only: pass tensors as inputs of the op and "
      "read them as in[i]; captured, they would leak or lose the second derivative");
  static_assert(alignof(Local) <= 8);
}

}  // namespace detail

/// Adds the result of an op to the graph, together with the op's local gradient.
///
/// @param op      the name of the op, optionally with its rule: {"mul", "da = dy b, db = dy a"}.
/// @param inputs  the tensors and numbers that the value was computed from. An optional input may
///                be an undefined tensor; it gets no gradient, and in[i] is then undefined.
/// @param value   the result. Its own history, if any, is dropped.
/// @param saved   the inputs that the local gradient reads, and whether it reads the output. The op
///                keeps nothing else alive, and reading anything else throws GraphError.
/// @param local   `(const Tensor& dy, Inputs in, InputGradients dx)`: calls dx.add(i, gradient) for
///                each input i with dx.wants(i). If it is made of ops, it can be differentiated
///                again. If it computes on raw memory, wrap it in `once_differentiable`.
/// @return  value, with a history if grad mode is on and an input requires a gradient.
template <class Local>
Tensor record(const OpName& op, std::span<const Operand> inputs, detail::Value value, Saved saved,
              Local local) {
  detail::check_local_gradient<Local>();
  detail::Recording r = detail::begin_record(
      op, inputs.data(), inputs.size(), std::move(value), saved, sizeof(Local),
      [](const void* captures, std::span<const Tensor> dy, Inputs in, InputGradients dx) {
        (*static_cast<const Local*>(captures))(dy[0], in, dx);
      });
  if (r.captures != nullptr) new (r.captures) Local(local);
  return std::move(r.result);
}

template <class Local>
Tensor record(const OpName& op, std::initializer_list<Operand> inputs, detail::Value value,
              Saved saved, Local local) {
  return record(op, std::span<const Operand>(inputs.begin(), inputs.size()), std::move(value),
                saved, local);
}

template <class Local>
Tensor record(const OpName& op, std::initializer_list<Operand> inputs, const Tensor& value,
              Saved saved, Local local) {
  return record(op, inputs, detail::value_of(value), saved, local);
}

/// `record` for an op with several results. `local` takes `std::span<const Tensor> dy`, one
/// upstream gradient per result, undefined for results that were not used. It runs once for all
/// results. in.output(k) is result k.
template <class Local>
std::vector<Tensor> record(const OpName& op, std::initializer_list<Operand> inputs,
                           const std::vector<Tensor>& values, Saved saved, Local local) {
  detail::check_local_gradient<Local>();
  std::vector<detail::Value> plain;
  for (const Tensor& value : values) plain.push_back(detail::value_of(value));
  detail::TupleRecording r = detail::begin_record(
      op, inputs.begin(), inputs.size(), std::move(plain), saved, sizeof(Local),
      [](const void* captures, std::span<const Tensor> dy, Inputs in, InputGradients dx) {
        (*static_cast<const Local*>(captures))(dy, in, dx);
      });
  if (r.captures != nullptr) new (r.captures) Local(local);
  return std::move(r.results);
}

/// Wraps a local gradient that is not made of ops. Sweeps with create_graph then throw GraphError
/// instead of losing the second derivative.
template <class Local>
auto once_differentiable(Local local) {
  return [local](const auto& dy, Inputs in, InputGradients dx) {
    dx.require_first_order();
    local(dy, in, dx);
  };
}

}  // namespace xgrad
