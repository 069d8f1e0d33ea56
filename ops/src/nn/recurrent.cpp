#include <xgrad/ops/recurrent.hpp>

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/grad_mode.hpp>
#include <xgrad/graph/record.hpp>
#include <xgrad/ops/arithmetic.hpp>
#include <xgrad/ops/comparison.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/reduction.hpp>
#include <xgrad/ops/reshape.hpp>

#include "kernels/bounds.hpp"
#include "kernels/gemm.hpp"
#include "kernels/recurrence.hpp"
#include "nn/composed_recurrence.hpp"

namespace xgrad {
namespace {

using detail::Cell;
using detail::GemmShape;
using detail::raw;
using detail::Recurrence;
using detail::RecurrentInputs;

// The places of a node's inputs, as RecurrentInputs has them, and of its results. Gates and cells
// are for the gradient alone; an RNN has neither, and a GRU no c_n.
enum Input { x_, weight_ih_, weight_hh_, bias_ih_, bias_hh_, weight_hr_, h_0_, c_0_, lengths_ };
enum Result { states_, h_n_, gates_, cells_, c_n_ };

void* data_of(const Tensor& t) { return t.defined() ? raw<void>(t) : nullptr; }

// Checks.

// How the user calls the states.
struct StateNames {
  const char *h, *c;
};

struct Call {
  const char* op;
  Cell cell;
  StateNames names;
  const RecurrentInputs& in;

  std::int64_t gates() const { return detail::gates_of(cell); }

  void check() const {
    if (in.x.dim() != 3 || in.x.size(0) < 1)
      throw ShapeError(
          fmt::format("{}: x is {}; it must be (steps, batch, features), with at least one step",
                      op, detail::describe(in.x)));
    if (!is_floating(in.x.dtype()))
      throw DTypeError(
          fmt::format("{}: x is {}; it must be float32 or float64", op, detail::describe(in.x)));
    check_weights();
    check_states();
    if (in.lengths.defined()) check_lengths();
  }

  void check_weights() const {
    const Shape& s = in.weight_ih.shape();
    if (s.dim() != 2 || s[0] % gates() != 0)
      throw ShapeError(fmt::format("{}: weight_ih is {}; it must be ({}hidden, {})", op,
                                   detail::describe(in.weight_ih),
                                   gates() == 1 ? "" : fmt::format("{} ", gates()), in.x.size(2)));
    check("weight_ih", in.weight_ih, {s[0], in.x.size(2)});
    check("weight_hh", in.weight_hh, {s[0], state()});
    check("bias_ih", in.bias_ih, {s[0]});
    check("bias_hh", in.bias_hh, {s[0]});
    if (in.weight_hr.defined() && cell != Cell::lstm)
      throw ValueError(
          fmt::format("{}: weight_hr is {}; only an LSTM has a projection, so leave it undefined",
                      op, detail::describe(in.weight_hr)));
    check("weight_hr", in.weight_hr, {state(), hidden()});
  }
  void check_states() const {
    check(names.h, in.h_0, {in.x.size(1), state()});
    if (in.c_0.defined() && cell != Cell::lstm)
      throw ValueError(
          fmt::format("{}: {} is {}; only an LSTM has this state, so leave it undefined", op,
                      names.c, detail::describe(in.c_0)));
    check(names.c, in.c_0, {in.x.size(1), hidden()});
  }
  void check_lengths() const {
    const Tensor& t = in.lengths;
    if (t.dtype() != int64)
      throw DTypeError(fmt::format("{}: lengths is {}; it must be int64", op, detail::describe(t)));
    if (t.shape() != Shape{in.x.size(1)})
      throw ShapeError(fmt::format(
          "{}: lengths is {}; it must be 1-d with one length for each of the {} sequences", op,
          detail::describe(t), in.x.size(1)));
    if (const auto bad =
            detail::first_outside<std::int64_t>(int64, t.numel(), raw<void>(t), 1, in.x.size(0)))
      throw ValueError(fmt::format("{}: lengths contains {}; lengths must be in [1, {}]", op, *bad,
                                   in.x.size(0)));
  }

  std::int64_t hidden() const { return in.weight_ih.size(0) / gates(); }
  std::int64_t state() const {
    return in.weight_hr.defined() && in.weight_hr.dim() == 2 ? in.weight_hr.size(0) : hidden();
  }
  void check(const char* what, const Tensor& t, const Shape& shape) const {
    if (!t.defined()) return;
    if (t.shape() != shape)
      throw ShapeError(fmt::format(
          "{}: {} is {}; with {} features, a batch of {} and weight_ih {} it must be {}", op, what,
          detail::describe(t), in.x.size(2), in.x.size(1), to_string(in.weight_ih.shape()),
          to_string(shape)));
    if (t.dtype() != in.x.dtype())
      throw DTypeError(fmt::format("{}: {} is {}, x is {}; both must have the same dtype", op, what,
                                   detail::describe(t), detail::describe(in.x)));
  }
};

// The fused op.

Recurrence size_of(Cell cell, bool reverse, const RecurrentInputs& in) {
  return {cell,
          in.x.size(0),
          in.x.size(1),
          in.weight_ih.size(0) / detail::gates_of(cell),
          in.weight_hh.size(1),
          reverse,
          in.lengths.defined() ? raw<std::int64_t>(in.lengths) : nullptr};
}
// A value for each row of each step.
Tensor sequence(const RecurrentInputs& in, std::int64_t n) {
  return empty({in.x.size(0), in.x.size(1), n}, {.dtype = in.x.dtype()});
}
GemmShape input_product(const Recurrence& size, const RecurrentInputs& in) {
  return {.m = size.steps * size.batch, .n = size.gates(), .k = in.x.size(2), .transpose_b = true};
}

// What is added to the inputs' part of all steps.
Tensor input_bias(Cell cell, const RecurrentInputs& in) {
  if (cell == Cell::gru || !in.bias_hh.defined()) return in.bias_ih;
  return in.bias_ih.defined() ? in.bias_ih + in.bias_hh : in.bias_hh;
}

detail::RecurrentPass pass_of(const Recurrence& size, const RecurrentInputs& in,
                              const std::vector<Tensor>& results) {
  const bool is_rnn = results.size() <= gates_;
  return {raw<void>(in.weight_hh),
          size.cell == Cell::gru ? data_of(in.bias_hh) : nullptr,
          data_of(in.weight_hr),
          raw<void>(in.h_0),
          data_of(in.c_0),
          raw<void>(results[is_rnn ? states_ : gates_]),
          raw<void>(results[states_]),
          is_rnn ? nullptr : raw<void>(results[cells_])};
}

std::vector<Tensor> results_of(const Recurrence& size, const RecurrentInputs& in) {
  const NoGrad guard;
  const std::int64_t last = size.step_at(size.steps - 1);
  std::vector<Tensor> results{sequence(in, size.state), {}};
  if (size.cell == Cell::lstm || size.cell == Cell::gru)
    results.insert(results.end(), {sequence(in, size.gates()), sequence(in, size.hidden)});
  const detail::RecurrentPass pass = pass_of(size, in, results);
  const Tensor bias = input_bias(size.cell, in);
  detail::gemm(in.x.dtype(), input_product(size, in), raw<void>(in.x), raw<void>(in.weight_ih),
               data_of(bias), false, pass.gates);
  detail::recurrence_forward(in.x.dtype(), size, pass);
  results[h_n_] = select(results[states_], 0, last);
  if (size.cell == Cell::lstm) results.push_back(select(results[cells_], 0, last));
  return results;
}

// The gradients of the sums, and of the states before the first step.
struct SumGradients {
  Tensor dgates, dfrom_state, hidden, dprojected, dh_0, dc_0;
  const Tensor& from_state() const { return dfrom_state.defined() ? dfrom_state : dgates; }
};
SumGradients back_through_time(const Recurrence& size, const RecurrentInputs& in,
                               const std::vector<Tensor>& results, std::span<const Tensor> dy) {
  SumGradients d;
  d.dgates = sequence(in, size.gates());
  if (size.cell == Cell::gru) d.dfrom_state = sequence(in, size.gates());
  if (in.weight_hr.defined())
    d.hidden = sequence(in, size.hidden), d.dprojected = sequence(in, size.state);
  d.dh_0 = empty(in.h_0.shape(), {.dtype = in.x.dtype()});
  if (in.c_0.defined()) d.dc_0 = empty(in.c_0.shape(), {.dtype = in.x.dtype()});
  detail::recurrence_backward(in.x.dtype(), size, pass_of(size, in, results),
                              {data_of(dy[states_]), data_of(dy[h_n_]),
                               size.cell == Cell::lstm ? data_of(dy[c_n_]) : nullptr,
                               raw<void>(d.dgates), data_of(d.dfrom_state), data_of(d.hidden),
                               data_of(d.dprojected), raw<void>(d.dh_0), data_of(d.dc_0)});
  return d;
}

void add_product(InputGradients dx, Input i, const GemmShape& size, const Tensor& a,
                 const Tensor& b) {
  if (!dx.wants(i)) return;
  const InputGradients::Buffer to = dx.buffer(i);
  detail::gemm(a.dtype(), size, raw<void>(a), raw<void>(b), nullptr, to.accumulate, to.data);
}
void add_sum(InputGradients dx, Input i, const Tensor& dsums) {
  if (dx.wants(i)) dx.add(i, sum(dsums, {0, 1}));
}

void add_gradients(InputGradients dx, const Recurrence& size, const RecurrentInputs& in,
                   const Tensor& states, const SumGradients& d) {
  const std::int64_t rows = size.steps * size.batch, inputs = in.x.size(2);
  add_product(dx, x_, {.m = rows, .n = inputs, .k = size.gates()}, d.dgates, in.weight_ih);
  add_product(dx, weight_ih_, {.m = size.gates(), .n = inputs, .k = rows, .transpose_a = true},
              d.dgates, in.x);
  add_product(dx, weight_hr_, {.m = size.state, .n = size.hidden, .k = rows, .transpose_a = true},
              d.dprojected, d.hidden);
  if (dx.wants(weight_hh_)) {
    const InputGradients::Buffer to = dx.buffer(weight_hh_);
    detail::recurrence_weight_gradient(in.x.dtype(), size, raw<void>(d.from_state()),
                                       raw<void>(states), raw<void>(in.h_0), to.accumulate,
                                       to.data);
  }
  add_sum(dx, bias_ih_, d.dgates);
  add_sum(dx, bias_hh_, d.from_state());
  dx.add(h_0_, d.dh_0);
  if (d.dc_0.defined()) dx.add(c_0_, d.dc_0);
}

struct LocalGradient {
  Cell cell;
  bool reverse;
  int results;

  void operator()(std::span<const Tensor> dy, Inputs in, InputGradients dx) const {
    const RecurrentInputs inputs{in[x_],       in[weight_ih_], in[weight_hh_],
                                 in[bias_ih_], in[bias_hh_],   in[weight_hr_],
                                 in[h_0_],     in[c_0_],       in[lengths_]};
    if (dx.create_graph()) return through_composed(dy, inputs, dx);
    std::vector<Tensor> outputs;
    for (int k = 0; k < results; ++k) outputs.push_back(in.output(k));
    const Recurrence size = size_of(cell, reverse, inputs);
    add_gradients(dx, size, inputs, outputs[states_], back_through_time(size, inputs, outputs, dy));
  }
  void through_composed(std::span<const Tensor> dy, const RecurrentInputs& inputs,
                        InputGradients dx) const {
    const detail::RecurrentStates y = detail::composed_recurrence(cell, reverse, inputs);
    std::vector<Tensor> outputs{y.states, y.h_n}, upstream{dy[states_], dy[h_n_]};
    if (cell == Cell::lstm) outputs.push_back(y.c_n), upstream.push_back(dy[c_n_]);
    dx.backward_through(outputs, upstream);
  }
};

constexpr const char* rule =
    "dx = dgates W_ih, dW_ih = dgates^T x, dW_hh = dgates^T h, dgates back through time";

std::vector<Tensor> recorded(const char* op, Cell cell, bool reverse, const RecurrentInputs& in) {
  const std::vector<Tensor> results = results_of(size_of(cell, reverse, in), in);
  return record({op, rule},
                {in.x, in.weight_ih, in.weight_hh, in.bias_ih, in.bias_hh, in.weight_hr, in.h_0,
                 in.c_0, in.lengths},
                results, save_inputs | save_output,
                LocalGradient{cell, reverse, static_cast<int>(results.size())});
}

// Steps before the end of each sequence, (steps, N, 1).
Tensor before_end(const RecurrentInputs& in) {
  return unsqueeze(unsqueeze(arange(in.x.size(0)), 1) < in.lengths, 2);
}

LstmOutput layer(const char* op, Cell cell, const Operand& x, const RecurrentWeights& w,
                 const RecurrentOptions& o, StateNames names = {"h_0", "c_0"}) {
  const OpScope scope(op, x);
  RecurrentInputs in{x.materialize(), w.weight_ih, w.weight_hh, w.bias_ih, w.bias_hh,
                     w.weight_hr,     o.h_0,       o.c_0,       o.lengths};
  const Call call{op, cell, names, in};
  call.check();
  const TensorOptions like{.dtype = in.x.dtype()};
  if (!in.h_0.defined()) in.h_0 = zeros({in.x.size(1), call.state()}, like);
  if (!in.c_0.defined() && cell == Cell::lstm) in.c_0 = zeros({in.x.size(1), call.hidden()}, like);
  const Tensor counts = in.lengths.defined() ? before_end(in) : Tensor();
  if (counts.defined()) in.x = where(counts, in.x, 0);
  const std::vector<Tensor> y = recorded(op, cell, o.reverse, in);
  return {counts.defined() ? where(counts, y[states_], 0) : y[states_], y[h_n_],
          cell == Cell::lstm ? y[c_n_] : Tensor()};
}
RecurrentOutput without_c(const LstmOutput& y) { return {y.output, y.h_n}; }

// One step: x and states of one row may lack the axis of rows.
LstmState cell_step(const char* op, Cell cell, const Operand& x, const LstmState& hx,
                    const RecurrentWeights& w) {
  const OpScope scope(op, x);
  const int axes = x.shape().dim();
  for (const Tensor& t : {hx.h, hx.c})
    if (axes < 1 || axes > 2 || (t.defined() && t.dim() != axes))
      throw ShapeError(
          fmt::format("{}: x is {}, the state is {}; they must be (N, input) and (N, hidden), or "
                      "(input) and (hidden)",
                      op, describe(x), t.defined() ? detail::describe(t) : "none"));
  const auto row = [&](const Tensor& t) { return axes == 2 || !t.defined() ? t : unsqueeze(t, 0); };
  const Tensor step = unsqueeze(row(x.materialize()), 0);
  const StateNames names{cell == Cell::lstm ? "hx.h" : "hx", "hx.c"};
  const LstmOutput y = layer(op, cell, step, w, {.h_0 = row(hx.h), .c_0 = row(hx.c)}, names);
  if (axes == 2) return {y.h_n, y.c_n};
  return {squeeze(y.h_n, 0), y.c_n.defined() ? squeeze(y.c_n, 0) : Tensor()};
}

}  // namespace

RecurrentOutput rnn_tanh_layer(Operand x, const RecurrentWeights& w, const RecurrentOptions& o) {
  return without_c(layer("rnn_tanh_layer", Cell::rnn_tanh, x, w, o));
}
RecurrentOutput rnn_relu_layer(Operand x, const RecurrentWeights& w, const RecurrentOptions& o) {
  return without_c(layer("rnn_relu_layer", Cell::rnn_relu, x, w, o));
}
LstmOutput lstm_layer(Operand x, const RecurrentWeights& w, const RecurrentOptions& o) {
  return layer("lstm_layer", Cell::lstm, x, w, o);
}
RecurrentOutput gru_layer(Operand x, const RecurrentWeights& w, const RecurrentOptions& o) {
  return without_c(layer("gru_layer", Cell::gru, x, w, o));
}

Tensor rnn_tanh_cell(Operand x, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                     const Tensor& b_ih, const Tensor& b_hh) {
  return cell_step("rnn_tanh_cell", Cell::rnn_tanh, x, {hx, {}}, {w_ih, w_hh, b_ih, b_hh}).h;
}
Tensor rnn_relu_cell(Operand x, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                     const Tensor& b_ih, const Tensor& b_hh) {
  return cell_step("rnn_relu_cell", Cell::rnn_relu, x, {hx, {}}, {w_ih, w_hh, b_ih, b_hh}).h;
}
LstmState lstm_cell(Operand x, const LstmState& hx, const Tensor& w_ih, const Tensor& w_hh,
                    const Tensor& b_ih, const Tensor& b_hh) {
  return cell_step("lstm_cell", Cell::lstm, x, hx, {w_ih, w_hh, b_ih, b_hh});
}
Tensor gru_cell(Operand x, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                const Tensor& b_ih, const Tensor& b_hh) {
  return cell_step("gru_cell", Cell::gru, x, {hx, {}}, {w_ih, w_hh, b_ih, b_hh}).h;
}

}  // namespace xgrad
