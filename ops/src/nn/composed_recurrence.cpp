#include "nn/composed_recurrence.hpp"

#include <vector>

#include <xgrad/ops/activation.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/elementwise.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/matmul.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad::detail {
namespace {

struct State {
  Tensor h, c;
};

State lstm_state(const Tensor& sums, const State& before, const Tensor& weight_hr) {
  const std::vector<Tensor> gates = chunk(sums, 4, 1);
  const Tensor c = sigmoid(gates[1]) * before.c + sigmoid(gates[0]) * tanh(gates[2]);
  const Tensor h = sigmoid(gates[3]) * tanh(c);
  return {weight_hr.defined() ? linear(h, weight_hr) : h, c};
}

State gru_state(const Tensor& from_input, const Tensor& from_state, const State& before) {
  const std::vector<Tensor> a = chunk(from_input, 3, 1), b = chunk(from_state, 3, 1);
  const Tensor r = sigmoid(a[0] + b[0]), z = sigmoid(a[1] + b[1]), n = tanh(a[2] + r * b[2]);
  return {n + z * (before.h - n), {}};
}

State next(Cell cell, const RecurrentInputs& in, const Tensor& from_input, const State& before) {
  const Tensor from_state = linear(before.h, in.weight_hh, in.bias_hh);
  switch (cell) {
    case Cell::rnn_tanh:
      return {tanh(from_input + from_state), {}};
    case Cell::rnn_relu:
      return {relu(from_input + from_state), {}};
    case Cell::lstm:
      return lstm_state(from_input + from_state, before, in.weight_hr);
    case Cell::gru:
      return gru_state(from_input, from_state, before);
  }
  __builtin_unreachable();
}

}  // namespace

RecurrentStates composed_recurrence(Cell cell, bool reverse, const RecurrentInputs& in) {
  const Tensor from_inputs = linear(in.x, in.weight_ih, in.bias_ih);
  const std::int64_t steps = in.x.size(0);
  std::vector<Tensor> states(static_cast<std::size_t>(steps));
  State state{in.h_0, in.c_0};
  for (std::int64_t k = 0; k < steps; ++k) {
    const std::int64_t t = reverse ? steps - 1 - k : k;
    State after = next(cell, in, select(from_inputs, 0, t), state);
    if (in.lengths.defined()) {
      const Tensor active = unsqueeze(in.lengths > t, 1);
      after.h = where(active, after.h, state.h);
      if (after.c.defined()) after.c = where(active, after.c, state.c);
    }
    state = after;
    states[static_cast<std::size_t>(t)] = state.h;
  }
  return {stack(states), state.h, state.c};
}

}  // namespace xgrad::detail
