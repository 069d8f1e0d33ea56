// recurrence.hpp: a recurrent layer over all its time steps, in one direction.
#pragma once

#include <cstdint>

#include <xgrad/graph/dtype.hpp>

#include "kernels/recurrent_cells.hpp"

namespace xgrad::detail {

/// Sizes of a layer: `steps` times `batch` rows; `state` numbers of a row go to the next step,
/// `hidden` unless an LSTM projects. Rows with `lengths` keep their state in steps from there on,
/// in `reverse` before they begin.
struct Recurrence {
  Cell cell;
  std::int64_t steps, batch, hidden, state;
  bool reverse = false;
  const std::int64_t* lengths = nullptr;  // (batch), or null: all steps

  /// Numbers in a row of gates.
  std::int64_t gates() const { return gates_of(cell) * hidden; }
  /// The step that is computed after k others.
  std::int64_t step_at(std::int64_t k) const { return reverse ? steps - 1 - k : k; }
  StepRows rows_at(std::int64_t step) const { return {batch, hidden, lengths, step}; }
};

/// What the passes below read and write. Sequences have `steps` times `batch` rows, states `batch`.
struct RecurrentPass {
  const void* weight_hh;  ///< (gates, state)
  const void* bias_hh;    ///< (gates), of a GRU alone; may be null
  const void* weight_hr;  ///< (state, hidden); null unless the state is projected
  const void *h_0, *c_0;  ///< states before the first step; c_0 of an LSTM alone
  void* gates;            ///< sequence; of an RNN it is `states`
  void* states;           ///< sequence: h behind each step
  void* cells;            ///< sequence of `hidden`: c of an LSTM, the state's part of n of a GRU
};

/// All steps. On entry gates hold the inputs' part of the sums, with an RNN's and an LSTM's biases.
void recurrence_forward(DType dtype, const Recurrence& size, const RecurrentPass& pass);

struct RecurrentGradients {
  const void *dstates, *dh_n, *dc_n;  ///< upstream, each may be null: of all states, of the last
  void* dgates;                       ///< sequence: for the inputs' part of the sums
  void* dfrom_state;                  ///< sequence: for the state's part of a GRU's sums
  void *hidden, *dprojected;  ///< sequences, if the state is projected: h before and dh after
  void *dh_0, *dc_0;          ///< states; dc_0 of an LSTM alone
};
/// All steps backwards.
void recurrence_backward(DType dtype, const Recurrence& size, const RecurrentPass& pass,
                         const RecurrentGradients& gradients);

/// dweight (gates, state) = the sum over all steps of dsums^T h_before; added to it if
/// `accumulate`. dsums is what recurrence_backward gave for the state's part.
void recurrence_weight_gradient(DType dtype, const Recurrence& size, const void* dsums,
                                const void* states, const void* h_0, bool accumulate,
                                void* dweight);

}  // namespace xgrad::detail
