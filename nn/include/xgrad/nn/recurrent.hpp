// recurrent.hpp: recurrent networks over sequences, and cells for one step.
//
//     nn::LSTM lstm(28, 128, {.num_layers = 2, .batch_first = true});
//     auto [output, h_n, c_n] = lstm(x);                    // x is (N, steps, 28)
//     auto [next, h, c] = lstm(more, {h_n, c_n});           // goes on from there
//     auto [packed, h_l, c_l] = lstm(x, {}, tensor(lengths));  // sequences of different lengths
#pragma once

#include <string>
#include <vector>

#include <xgrad/nn/layer.hpp>
#include <xgrad/ops/recurrent.hpp>

namespace xgrad::nn {

struct RNNOptions {
  std::int64_t num_layers = 1;
  std::string nonlinearity = "tanh";  ///< or "relu"
  bool bias = true;
  bool batch_first = false;    ///< x and the output are (N, steps, ...), not (steps, N, ...)
  double dropout = 0;          ///< in training, of each layer's output but the last's
  bool bidirectional = false;  ///< the output has the forward direction's h, then the reverse one's
  DType dtype = get_default_dtype();
};
struct LSTMOptions {
  std::int64_t num_layers = 1;
  bool bias = true;
  bool batch_first = false;
  double dropout = 0;
  bool bidirectional = false;
  std::int64_t proj_size = 0;  ///< the size of h, if it is projected; below hidden_size
  DType dtype = get_default_dtype();
};
struct GRUOptions {
  std::int64_t num_layers = 1;
  bool bias = true;
  bool batch_first = false;
  double dropout = 0;
  bool bidirectional = false;
  DType dtype = get_default_dtype();
};

namespace detail {
/// What RNN, LSTM and GRU have in common.
struct RecurrentSizes {
  const char* name;
  std::int64_t gates, input_size, hidden_size, num_layers = 1;
  bool bias, batch_first = false;
  double dropout = 0;
  bool bidirectional = false;
  std::int64_t proj_size = 0;
  DType dtype;

  std::int64_t directions() const { return bidirectional ? 2 : 1; }
  std::int64_t state_size() const { return proj_size > 0 ? proj_size : hidden_size; }
};

std::string details_of(const RecurrentSizes& sizes);
std::int64_t products_of(const RecurrentSizes& sizes, const std::vector<RecurrentWeights>& weights,
                         const Shape& output);
}  // namespace detail

/// The base of RNN, LSTM and GRU: their sizes and parameters.
template <class Self>
class RecurrentNet : public Layer<Self> {
 public:
  std::string details() const override { return detail::details_of(sizes_); }
  std::int64_t multiply_adds(const std::vector<Shape>&,
                             const std::vector<Shape>& outputs) const override {
    return detail::products_of(sizes_, all_weights, outputs[0]);
  }

  std::vector<RecurrentWeights> all_weights;  ///< Layer by layer, forward before reverse.

 protected:
  RecurrentNet(const detail::RecurrentSizes& sizes, Site site);

  detail::RecurrentSizes sizes_;
};

// RNN, LSTM and GRU: layers of the ops of recurrent.hpp, each reading the output of the one below.
//
// Parameters have PyTorch's names and order: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0,
// weight_hr_l0, the same with _reverse, then those of l1. They start uniform in
// +-1 / sqrt(hidden_size), from the thread's generator; dropout draws from it, too.
//
// Called with x and, if given, the states before the first step; D is 2 with bidirectional, else 1:
//   x        (steps, N, input_size), (N, steps, input_size) with batch_first, or
//            (steps, input_size): then no result has an axis of the batch
//   h_0      (D num_layers, N, hidden_size), layer by layer, forward before reverse; undefined: 0
//   lengths  int64 (N), in [1, steps]: sequences end there, as RecurrentOptions tells. For
//            PyTorch's `pack_padded_sequence(x, lengths, enforce_sorted=False)` pass x and lengths;
//            the output is that of `pad_packed_sequence(..., total_length=steps)`.
// The states may stand in braces, `lstm(x, {h_0, c_0})`, also empty ones.
// @throws ValueError  in constructors, for sizes below 1 (input_size: below 0) and dropout outside
//                     of [0, 1]; ShapeError, DTypeError and ValueError for what does not fit x.

/// Plain recurrent network: rnn_tanh_layer, or rnn_relu_layer.
class RNN : public RecurrentNet<RNN> {
 public:
  RNN(std::int64_t input_size, std::int64_t hidden_size, RNNOptions options = {},
      Site site = {__builtin_FILE(), __builtin_LINE()});
  RecurrentOutput forward(Operand x, const Tensor& h_0 = {}, const Tensor& lengths = {}) const;
  using Layer<RNN>::operator();
  RecurrentOutput operator()(Operand x, const Tensor& h_0, const Tensor& lengths = {}) const {
    return detail::call_module(*this, x, h_0, lengths);
  }

 private:
  bool is_relu_;
};

/// Long short-term memory: lstm_layer. States are h and c, (D num_layers, N, hidden_size), h of
/// proj_size with a projection.
class LSTM : public RecurrentNet<LSTM> {
 public:
  LSTM(std::int64_t input_size, std::int64_t hidden_size, LSTMOptions options = {},
       Site site = {__builtin_FILE(), __builtin_LINE()});
  LstmOutput forward(Operand x, const LstmState& hx = {}, const Tensor& lengths = {}) const;
  using Layer<LSTM>::operator();
  LstmOutput operator()(Operand x, const LstmState& hx, const Tensor& lengths = {}) const {
    return detail::call_module(*this, x, hx, lengths);
  }
};

/// Gated recurrent unit: gru_layer.
class GRU : public RecurrentNet<GRU> {
 public:
  GRU(std::int64_t input_size, std::int64_t hidden_size, GRUOptions options = {},
      Site site = {__builtin_FILE(), __builtin_LINE()});
  RecurrentOutput forward(Operand x, const Tensor& h_0 = {}, const Tensor& lengths = {}) const;
  using Layer<GRU>::operator();
  RecurrentOutput operator()(Operand x, const Tensor& h_0, const Tensor& lengths = {}) const {
    return detail::call_module(*this, x, h_0, lengths);
  }
};

struct RNNCellOptions {
  bool bias = true;
  std::string nonlinearity = "tanh";  ///< or "relu"
  DType dtype = get_default_dtype();
};
struct RecurrentCellOptions {
  bool bias = true;
  DType dtype = get_default_dtype();
};

// Cells: one step of x, (N, input_size) or (input_size), from the state hx to the next; an
// undefined state is 0. Parameters start as those of the networks.
// @throws ValueError, ShapeError, DTypeError likewise.

/// The base of the cells: their parameters.
template <class Self>
class RecurrentCell : public Layer<Self> {
 public:
  std::string details() const override;
  std::int64_t multiply_adds(const std::vector<Shape>& inputs,
                             const std::vector<Shape>& outputs) const override;

  Tensor weight_ih, weight_hh;
  Tensor bias_ih, bias_hh;  ///< Undefined without bias.

 protected:
  RecurrentCell(const detail::RecurrentSizes& sizes, Site site);
};

/// rnn_tanh_cell, or rnn_relu_cell.
class RNNCell : public RecurrentCell<RNNCell> {
 public:
  RNNCell(std::int64_t input_size, std::int64_t hidden_size, RNNCellOptions options = {},
          Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand x, const Tensor& hx = {}) const;
  std::string details() const override;

 private:
  bool is_relu_;
};

/// lstm_cell: `auto [h, c] = cell(x, {h_0, c_0});`
class LSTMCell : public RecurrentCell<LSTMCell> {
 public:
  LSTMCell(std::int64_t input_size, std::int64_t hidden_size, RecurrentCellOptions options = {},
           Site site = {__builtin_FILE(), __builtin_LINE()});
  LstmState forward(Operand x, const LstmState& hx = {}) const;
  using Layer<LSTMCell>::operator();
  LstmState operator()(Operand x, const LstmState& hx) const {
    return detail::call_module(*this, x, hx);
  }
};

/// gru_cell.
class GRUCell : public RecurrentCell<GRUCell> {
 public:
  GRUCell(std::int64_t input_size, std::int64_t hidden_size, RecurrentCellOptions options = {},
          Site site = {__builtin_FILE(), __builtin_LINE()});
  Tensor forward(Operand x, const Tensor& hx = {}) const;
};

extern template class RecurrentNet<RNN>;
extern template class RecurrentNet<LSTM>;
extern template class RecurrentNet<GRU>;
extern template class RecurrentCell<RNNCell>;
extern template class RecurrentCell<LSTMCell>;
extern template class RecurrentCell<GRUCell>;

// Compiled in the library, for AnyModule.
namespace detail {
extern template const ModuleType* module_type<RNN>();
extern template const ModuleType* module_type<LSTM>();
extern template const ModuleType* module_type<GRU>();
extern template const ModuleType* module_type<RNNCell>();
extern template const ModuleType* module_type<LSTMCell>();
extern template const ModuleType* module_type<GRUCell>();
}  // namespace detail

}  // namespace xgrad::nn
