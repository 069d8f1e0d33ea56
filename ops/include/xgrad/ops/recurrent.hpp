// recurrent.hpp: recurrent layers over sequences, one direction each, and their cells for one step.
//
//     auto [output, h_n, c_n] = lstm_layer(x, {weight_ih, weight_hh, bias_ih, bias_hh});
//
// All tensors have one dtype, float32 or float64. Blocks of the weights are in PyTorch's order:
// i, f, g, o of an LSTM, r, z, n of a GRU. nn::RNN, nn::LSTM and nn::GRU stack such layers.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// What a layer is computed with. `gates` is 4 for an LSTM, 3 for a GRU, 1 for the others.
struct RecurrentWeights {
  Tensor weight_ih;     ///< (gates hidden, input)
  Tensor weight_hh;     ///< (gates hidden, hidden), or (gates hidden, proj)
  Tensor bias_ih = {};  ///< (gates hidden); none if undefined
  Tensor bias_hh = {};  ///< (gates hidden); none if undefined
  Tensor weight_hr =
      {};  ///< (proj, hidden): lstm_layer's h is weight_hr (o tanh(c)); not if undefined
};

struct RecurrentOptions {
  Tensor h_0 = {};  ///< (N, hidden), or (N, proj): h before the first step; 0 if undefined
  Tensor c_0 = {};  ///< (N, hidden): c of lstm_layer, likewise
  /// int64 (N), in [1, steps]: each sequence ends there, as if packed by pack_padded_sequence. What
  /// x holds behind the end does not count, not even NaN; the output is 0 there; h_n and c_n are
  /// those of each sequence's last step; in reverse, each begins at its end. Any order will do.
  Tensor lengths = {};
  bool reverse = false;  ///< from the last step to the first; results stay in their places
};

struct RecurrentOutput {
  Tensor output;  ///< (steps, N, hidden): h behind each step
  Tensor h_n;     ///< (N, hidden): h behind the step that is computed last
};
struct LstmOutput {
  Tensor output, h_n;  ///< as RecurrentOutput's, proj instead of hidden if there is a projection
  Tensor c_n;          ///< (N, hidden)
};

// A layer: the inputs' part of all steps is one product of matrices, each step is one product and
// one pass over the gates. One node; its gradient goes back through time in one pass and adds up
// each weight's gradient in one product. Memory is proportional to the steps. For create_graph the
// layer is computed again by ops, and those are differentiated.
//
// @throws ShapeError  unless x is (steps, N, input) with at least one step, and weights and states
//                     have the shapes above; ValueError for lengths out of range.
// @throws DTypeError  unless all have x's dtype, and lengths int64.

/// h = tanh(weight_ih x + bias_ih + weight_hh h + bias_hh) for each step (Elman, 1990).
/// @grad  dh goes through 1 - h^2 from step to step; reads the output and all inputs.
/// @check rnn_tanh_layer(x, {w, u, b, c}).output; x [3, 2, 3], w [2, 3], u [2, 2], b [2], c [2]
/// @check rnn_tanh_layer(x, {w, u}, {.h_0 = h, .reverse = true}).output; x [3, 2, 1], w [2, 1], u
/// [2, 2], h [2, 2]
RecurrentOutput rnn_tanh_layer(Operand x, const RecurrentWeights& weights,
                               const RecurrentOptions& options = {});
/// The same with relu instead of tanh.
/// @check rnn_relu_layer(x, {w, u, b, c}, {.h_0 = h}).output; x [2, 2, 3] in (0.1, 1), w [2, 3] in
/// (0.1, 1), u [2, 2] in (0.1, 1), b [2] in (0.1, 1), c [2] in (0.1, 1), h [2, 2] in (0.1, 1)
RecurrentOutput rnn_relu_layer(Operand x, const RecurrentWeights& weights,
                               const RecurrentOptions& options = {});

/// Long short-term memory (Hochreiter and Schmidhuber, 1997; with projection Sak et al., 2014):
/// i, f, o = sigmoid(weight_ih x + bias_ih + weight_hh h + bias_hh) and g = tanh of its block, then
/// c = f c + i g, h = o tanh(c).
/// @grad  dh and dc go back through the gates, which are kept; reads all inputs.
/// @check lstm_layer(x, {w, u, b, c}).output; x [3, 2, 3], w [8, 3], u [8, 2], b [8], c [8]
/// @check lstm_layer(x, {w, u, b, c}, {.h_0 = h, .c_0 = k}).c_n; x [2, 1, 2], w [8, 2], u [8, 2], b
/// [8], c [8], h [1, 2], k [1, 2]
/// @check lstm_layer(x, {w, u, {}, {}, p}, {.reverse = true}).h_n; x [2, 2, 1], w [8, 1], u [8, 1],
/// p [1, 2]
/// @check lstm_layer(x, {w, u}, {.lengths = tensor({1, 3})}).output; x [3, 2, 1], w [4, 1], u [4,
/// 1]
LstmOutput lstm_layer(Operand x, const RecurrentWeights& weights,
                      const RecurrentOptions& options = {});

/// Gated recurrent unit (Cho et al., EMNLP 2014), the reset gate behind the product as in PyTorch:
/// r, z = sigmoid(weight_ih x + bias_ih + weight_hh h + bias_hh), n = tanh(weight_ih x + bias_ih +
/// r (weight_hh h + bias_hh)) of its block, h = (1 - z) n + z h.
/// @grad  dh goes back through the gates, which are kept; reads all inputs.
/// @check gru_layer(x, {w, u, b, c}).output; x [3, 2, 3], w [6, 3], u [6, 2], b [6], c [6]
/// @check gru_layer(x, {w, u, b, c}, {.h_0 = h, .lengths = tensor({1, 2}), .reverse = true}).h_n; x
/// [2, 2, 1], w [6, 1], u [6, 2], b [6], c [6], h [2, 2]
RecurrentOutput gru_layer(Operand x, const RecurrentWeights& weights,
                          const RecurrentOptions& options = {});

/// h and c of an LSTM. As an argument, undefined ones are 0.
struct LstmState {
  Tensor h = {}, c = {};
};

// A cell: one step of x, (N, input) or (input), from the state hx, (N, hidden) or (hidden), to the
// next; an undefined hx is 0. @throws ShapeError, DTypeError as a layer.

/// @check rnn_tanh_cell(x, h, w, u, b, c); x [2, 3], h [2, 2], w [2, 3], u [2, 2], b [2], c [2]
Tensor rnn_tanh_cell(Operand x, const Tensor& hx, const Tensor& weight_ih, const Tensor& weight_hh,
                     const Tensor& bias_ih = {}, const Tensor& bias_hh = {});
/// @check rnn_relu_cell(x, h, w, u); x [3] in (0.1, 1), h [2] in (0.1, 1), w [2, 3] in (0.1, 1), u
/// [2, 2] in (0.1, 1)
Tensor rnn_relu_cell(Operand x, const Tensor& hx, const Tensor& weight_ih, const Tensor& weight_hh,
                     const Tensor& bias_ih = {}, const Tensor& bias_hh = {});
/// @check lstm_cell(x, {h, k}, w, u, b, c).c; x [2, 3], h [2, 1], k [2, 1], w [4, 3], u [4, 1], b
/// [4], c [4]
LstmState lstm_cell(Operand x, const LstmState& hx, const Tensor& weight_ih,
                    const Tensor& weight_hh, const Tensor& bias_ih = {},
                    const Tensor& bias_hh = {});
/// @check gru_cell(x, h, w, u, b, c); x [2, 3], h [2, 1], w [3, 3], u [3, 1], b [3], c [3]
Tensor gru_cell(Operand x, const Tensor& hx, const Tensor& weight_ih, const Tensor& weight_hh,
                const Tensor& bias_ih = {}, const Tensor& bias_hh = {});

}  // namespace xgrad
