// composed_recurrence.hpp: a recurrent layer made of ops, step by step.
#pragma once

#include <xgrad/graph/tensor.hpp>

#include "kernels/recurrent_cells.hpp"

namespace xgrad::detail {

/// The inputs of a layer's node, in this order. Biases, weight_hr, c_0 and lengths may be
/// undefined.
struct RecurrentInputs {
  Tensor x = {}, weight_ih = {}, weight_hh = {}, bias_ih = {}, bias_hh = {}, weight_hr = {},
         h_0 = {}, c_0 = {}, lengths = {};
};
struct RecurrentStates {
  Tensor states;    ///< (steps, N, state): h behind each step; rows keep theirs behind their length
  Tensor h_n, c_n;  ///< behind the step that is computed last; c_n of an LSTM alone
};

/// What the fused op computes, as ops that can be differentiated any number of times.
RecurrentStates composed_recurrence(Cell cell, bool reverse, const RecurrentInputs& in);

}  // namespace xgrad::detail
