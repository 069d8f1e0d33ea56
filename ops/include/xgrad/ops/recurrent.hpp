// recurrent.hpp: recurrent layers over sequences in one direction, and cells for a single step.
//
//     auto [output, h_n, c_n] = lstm_layer(x, {weight_ih, weight_hh, bias_ih, bias_hh});
//
// All tensors are float32 or all are float64. The gates in the weights have PyTorch's order:
// i, f, g, o for an LSTM; r, z, n for a GRU. nn::RNN, nn::LSTM and nn::GRU stack these layers.
#pragma once

#include <xgrad/graph/operand.hpp>

namespace xgrad {

/// The weights of a layer. `gates` is 4 for an LSTM, 3 for a GRU, 1 for the others.
struct RecurrentWeights {
  Tensor weight_ih;     ///< (gates hidden, input)
  Tensor weight_hh;     ///< (gates hidden, hidden), or (gates hidden, proj)
  Tensor bias_ih = {};  ///< (gates hidden); undefined for none
  Tensor bias_hh = {};  ///< (gates hidden); undefined for none
  /// (proj, hidden): the projection of lstm_layer, h = weight_hr (o tanh(c)); undefined for none.
  Tensor weight_hr = {};
};

struct RecurrentOptions {
  Tensor h_0 = {};  ///< (N, hidden) or (N, proj): h before the first step; 0 if undefined
  Tensor c_0 = {};  ///< (N, hidden): c of lstm_layer before the first step; 0 if undefined
  /// int64 (N), in [1, steps]: the length of each sequence, in any order, as for PyTorch's
  /// pack_padded_sequence. Elements of x beyond the length are ignored, even NaN, and the output is
  /// 0 there. h_n and c_n are those of the last step of each sequence. In reverse, each sequence
  /// starts at its last step.
  Tensor lengths = {};
  bool reverse = false;  ///< runs from the last step to the first; the output is in the order of x
};

struct RecurrentOutput {
  Tensor output;  ///< (steps, N, hidden): h after each step
  Tensor h_n;     ///< (N, hidden): h after the step that is computed last
};
struct LstmOutput {
  Tensor output, h_n;  ///< as in RecurrentOutput; with a projection, proj replaces hidden
  Tensor c_n;          ///< (N, hidden)
};

// Layers. x is (steps, N, input). The products of weight_ih with all steps are one matrix product;
// each step is then one matrix product and one pass over the gates. A layer is one node. Its local
// gradient is one pass back through time, and the gradient of each weight is one matrix product.
// The memory is proportional to the number of steps. With create_graph, the layer is recomputed by
// ops, which are differentiated.
//
// @throws ShapeError  unless x is (steps, N, input) with at least one step, and weights and states
//                     have the shapes above; ValueError for lengths out of range.
// @throws DTypeError  unless all tensors have the dtype of x, and lengths is int64.

/// h = tanh(weight_ih x + bias_ih + weight_hh h + bias_hh) for each step (Elman, 1990).
/// @grad  backpropagation through time, with slope 1 - h^2; saves the output and all inputs.
/// @check rnn_tanh_layer(x, {w, u, b, c}).output; x [3, 2, 3], w [2, 3], u [2, 2], b [2], c [2]
/// @check rnn_tanh_layer(x, {w, u}, {.h_0 = h, .reverse = true}).output; x [3, 2, 1], w [2, 1], u
/// [2, 2], h [2, 2]
RecurrentOutput rnn_tanh_layer(Operand x, const RecurrentWeights& weights,
                               const RecurrentOptions& options = {});
/// Like rnn_tanh_layer, with relu instead of tanh.
/// @check rnn_relu_layer(x, {w, u, b, c}, {.h_0 = h}).output; x [2, 2, 3] in (0.1, 1), w [2, 3] in
/// (0.1, 1), u [2, 2] in (0.1, 1), b [2] in (0.1, 1), c [2] in (0.1, 1), h [2, 2] in (0.1, 1)
RecurrentOutput rnn_relu_layer(Operand x, const RecurrentWeights& weights,
                               const RecurrentOptions& options = {});

/// Long short-term memory (Hochreiter and Schmidhuber, 1997; the projection is from Sak et al.,
/// 2014). With a = weight_ih x + bias_ih + weight_hh h + bias_hh, divided into the gates' blocks:
///
///     i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o);  g = tanh(a_g)
///     c = f c + i g;  h = o tanh(c)
///
/// @grad  backpropagation through time; saves the gates and all inputs.
/// @check lstm_layer(x, {w, u, b, c}).output; x [3, 2, 3], w [8, 3], u [8, 2], b [8], c [8]
/// @check lstm_layer(x, {w, u, b, c}, {.h_0 = h, .c_0 = k}).c_n; x [2, 1, 2], w [8, 2], u [8, 2], b
/// [8], c [8], h [1, 2], k [1, 2]
/// @check lstm_layer(x, {w, u, {}, {}, p}, {.reverse = true}).h_n; x [2, 2, 1], w [8, 1], u [8, 1],
/// p [1, 2]
/// @check lstm_layer(x, {w, u}, {.lengths = tensor({1, 3})}).output; x [3, 2, 1], w [4, 1], u [4,
/// 1]
LstmOutput lstm_layer(Operand x, const RecurrentWeights& weights,
                      const RecurrentOptions& options = {});

/// Gated recurrent unit (Cho et al., EMNLP 2014). As in PyTorch, the reset gate r is applied after
/// the product with weight_hh. With u = weight_ih x + bias_ih and v = weight_hh h + bias_hh,
/// divided into the gates' blocks:
///
///     r, z = sigmoid(u_r + v_r), sigmoid(u_z + v_z);  n = tanh(u_n + r v_n)
///     h = (1 - z) n + z h
///
/// @grad  backpropagation through time; saves the gates and all inputs.
/// @check gru_layer(x, {w, u, b, c}).output; x [3, 2, 3], w [6, 3], u [6, 2], b [6], c [6]
/// @check gru_layer(x, {w, u, b, c}, {.h_0 = h, .lengths = tensor({1, 2}), .reverse = true}).h_n; x
/// [2, 2, 1], w [6, 1], u [6, 2], b [6], c [6], h [2, 2]
RecurrentOutput gru_layer(Operand x, const RecurrentWeights& weights,
                          const RecurrentOptions& options = {});

/// The state of an LSTM. As an argument, an undefined h or c counts as 0.
struct LstmState {
  Tensor h = {}, c = {};
};

// Cells. A cell computes one step: from x (N, input) or (input) and the state hx, (N, hidden) or
// (hidden), it returns the next state. An undefined hx counts as 0. @throws ShapeError, DTypeError
// as the layers.

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
