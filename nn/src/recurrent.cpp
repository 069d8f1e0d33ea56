#include <xgrad/nn/recurrent.hpp>

#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <xgrad/graph/creation.hpp>
#include <xgrad/graph/error.hpp>
#include <xgrad/graph/saturated.hpp>
#include <xgrad/nn/init.hpp>
#include <xgrad/ops/dropout.hpp>
#include <xgrad/ops/indexing.hpp>
#include <xgrad/ops/join.hpp>
#include <xgrad/ops/reshape.hpp>

namespace xgrad::nn {
namespace {

using detail::RecurrentSizes;

void check_at_least(const char* name, const char* what, std::int64_t value, std::int64_t least) {
  if (value < least)
    throw ValueError(fmt::format("{}: {} is {}; it must be at least {}", name, what, value, least));
}
bool is_relu(const char* name, std::string_view nonlinearity, Site site) {
  if (nonlinearity != "tanh" && nonlinearity != "relu")
    throw ValueError(
        fmt::format("{}: nonlinearity is '{}'; it must be 'tanh' or 'relu'", name, nonlinearity),
        site);
  return nonlinearity == "relu";
}
void check_sizes(const RecurrentSizes& s) {
  check_at_least(s.name, "input_size", s.input_size, 0);
  check_at_least(s.name, "hidden_size", s.hidden_size, 1);
  check_at_least(s.name, "num_layers", s.num_layers, 1);
  if (!(s.dropout >= 0 && s.dropout <= 1))
    throw ValueError(fmt::format("{}: dropout is {}; it must be in [0, 1]", s.name, s.dropout));
  if (s.proj_size < 0 || s.proj_size >= s.hidden_size)
    throw ValueError(fmt::format("{}: proj_size is {}; it must be 0, or below hidden_size, {}",
                                 s.name, s.proj_size, s.hidden_size));
}

// Calls registered(name, tensor) with each parameter in PyTorch's order, and gives what it gives.
template <class F>
RecurrentWeights make_weights(const RecurrentSizes& s, std::int64_t inputs,
                              const std::string& suffix, F registered) {
  const double bound = 1 / std::sqrt(static_cast<double>(s.hidden_size));
  const auto make = [&](const char* what, const Shape& shape) {
    return init::uniform_(registered(what + suffix, empty(shape, {.dtype = s.dtype})), -bound,
                          bound);
  };
  const std::int64_t gates = xgrad::detail::saturated_product(s.gates, s.hidden_size);
  RecurrentWeights w;
  w.weight_ih = make("weight_ih", {gates, inputs});
  w.weight_hh = make("weight_hh", {gates, s.state_size()});
  if (s.bias) w.bias_ih = make("bias_ih", {gates}), w.bias_hh = make("bias_hh", {gates});
  if (s.proj_size > 0) w.weight_hr = make("weight_hr", {s.proj_size, s.hidden_size});
  return w;
}
template <class F>
std::vector<RecurrentWeights> make_all_weights(const RecurrentSizes& s, F registered) {
  check_sizes(s);
  std::vector<RecurrentWeights> all;
  for (std::int64_t layer = 0; layer < s.num_layers; ++layer)
    for (const char* const direction : {"", "_reverse"}) {
      if (*direction != '\0' && !s.bidirectional) continue;
      const std::int64_t inputs = layer == 0 ? s.input_size : s.directions() * s.state_size();
      all.push_back(make_weights(s, inputs, fmt::format("_l{}{}", layer, direction), registered));
    }
  return all;
}

// Of as many rows as the output has, with n numbers each.
std::int64_t products(const std::vector<RecurrentWeights>& all, const Shape& output,
                      std::int64_t n) {
  std::int64_t each = 0;
  for (const RecurrentWeights& w : all)
    for (const Tensor& t : {w.weight_ih, w.weight_hh, w.weight_hr})
      if (t.defined()) each += t.numel();
  return output.numel() / n * each;
}

}  // namespace

// As PyTorch prints it: only what is not the default.
std::string detail::details_of(const RecurrentSizes& s) {
  std::string text = fmt::format("{}, {}", s.input_size, s.hidden_size);
  if (s.proj_size != 0) text += fmt::format(", proj_size={}", s.proj_size);
  if (s.num_layers != 1) text += fmt::format(", num_layers={}", s.num_layers);
  if (!s.bias) text += ", bias=False";
  if (s.batch_first) text += ", batch_first=True";
  if (s.dropout != 0) text += fmt::format(", dropout={}", s.dropout);
  if (s.bidirectional) text += ", bidirectional=True";
  return text;
}
std::int64_t detail::products_of(const RecurrentSizes& s, const std::vector<RecurrentWeights>& all,
                                 const Shape& output) {
  return products(all, output, s.directions() * s.state_size());
}

namespace {

void check_input(const RecurrentSizes& s, const Operand& x) {
  const Shape& shape = x.shape();
  const int axes = shape.dim();
  const bool fits = (axes == 2 || axes == 3) && shape.back() == s.input_size &&
                    shape[axes == 3 && s.batch_first ? 1 : 0] > 0;
  if (!fits)
    throw ShapeError(fmt::format(
        "{}: {} must be ({}, {}), or (steps, {}) without a batch, with at least one "
        "step",
        s.name, describe(x), s.batch_first ? "N, steps" : "steps, N", s.input_size, s.input_size));
}
void check_state(const RecurrentSizes& s, const char* what, const Tensor& t, const Operand& x,
                 std::int64_t n) {
  if (!t.defined()) return;
  Shape expected{s.directions() * s.num_layers, n};
  if (x.shape().dim() == 3) expected = {expected[0], x.shape()[s.batch_first ? 0 : 1], n};
  if (t.shape() != expected)
    throw ShapeError(fmt::format("{}: {} is {}; with {} it must be {}", s.name, what,
                                 xgrad::detail::describe(t), describe(x), to_string(expected)));
}

using LayerOp = LstmOutput (*)(Operand, const RecurrentWeights&, const RecurrentOptions&);

// x (steps, N, inputs) and states with an axis of the batch, if any.
LstmOutput run_layers(const RecurrentSizes& s, const std::vector<RecurrentWeights>& all, LayerOp op,
                      Tensor x, const LstmState& hx, const Tensor& lengths, bool training) {
  std::vector<Tensor> h, c;
  for (std::int64_t layer = 0; layer < s.num_layers; ++layer) {
    std::vector<Tensor> outputs;
    for (std::int64_t direction = 0; direction < s.directions(); ++direction) {
      const auto k = static_cast<std::int64_t>(h.size());
      const auto state = [&](const Tensor& t) { return t.defined() ? select(t, 0, k) : Tensor(); };
      const LstmOutput y = op(x, all[static_cast<std::size_t>(k)],
                              {state(hx.h), state(hx.c), lengths, direction == 1});
      outputs.push_back(y.output);
      h.push_back(y.h_n);
      if (y.c_n.defined()) c.push_back(y.c_n);
    }
    x = outputs.size() == 1 ? outputs[0] : cat(outputs, 2);
    if (training && s.dropout > 0 && layer + 1 < s.num_layers) x = dropout(x, s.dropout);
  }
  return {x, stack(h), c.empty() ? Tensor() : stack(c)};
}

LstmOutput run(const RecurrentSizes& s, const std::vector<RecurrentWeights>& all, LayerOp op,
               const Operand& x, const LstmState& hx, const Tensor& lengths, bool training) {
  const OpScope scope(s.name, x);
  check_input(s, x);
  check_state(s, s.gates == 4 ? "hx.h" : "h_0", hx.h, x, s.state_size());
  check_state(s, "hx.c", hx.c, x, s.hidden_size);
  const bool is_batch = x.shape().dim() == 3, turn = is_batch && s.batch_first;
  const auto with_batch = [&](const Tensor& t) {
    return is_batch || !t.defined() ? t : unsqueeze(t, 1);
  };
  const auto without_batch = [&](const Tensor& t) {
    return is_batch || !t.defined() ? t : squeeze(t, 1);
  };
  const LstmOutput y =
      run_layers(s, all, op, turn ? transpose(x, 0, 1) : with_batch(x.materialize()),
                 {with_batch(hx.h), with_batch(hx.c)}, lengths, training);
  return {turn ? transpose(y.output, 0, 1) : without_batch(y.output), without_batch(y.h_n),
          without_batch(y.c_n)};
}

template <RecurrentOutput (*op)(Operand, const RecurrentWeights&, const RecurrentOptions&)>
LstmOutput without_c(Operand x, const RecurrentWeights& w, const RecurrentOptions& o) {
  const RecurrentOutput y = op(x, w, o);
  return {y.output, y.h_n, {}};
}

}  // namespace

template <class Self>
RecurrentNet<Self>::RecurrentNet(const detail::RecurrentSizes& sizes, Site site) : sizes_(sizes) {
  const OpScope scope(sizes.name, site);
  all_weights = make_all_weights(sizes, [&](const std::string& name, const Tensor& t) {
    return this->parameter(name, t, site);
  });
}
template class RecurrentNet<RNN>;
template class RecurrentNet<LSTM>;
template class RecurrentNet<GRU>;

namespace {

// The options that the networks have in common.
template <class Options>
RecurrentSizes sizes_of(const char* name, std::int64_t gates, std::int64_t input_size,
                        std::int64_t hidden_size, const Options& o) {
  RecurrentSizes s{.name = name,
                   .gates = gates,
                   .input_size = input_size,
                   .hidden_size = hidden_size,
                   .num_layers = o.num_layers,
                   .bias = o.bias,
                   .batch_first = o.batch_first,
                   .dropout = o.dropout,
                   .bidirectional = o.bidirectional,
                   .dtype = o.dtype};
  if constexpr (requires { o.proj_size; }) s.proj_size = o.proj_size;
  return s;
}

}  // namespace

RNN::RNN(std::int64_t input_size, std::int64_t hidden_size, RNNOptions o, Site site)
    : RecurrentNet(sizes_of("RNN", 1, input_size, hidden_size, o), site),
      is_relu_(is_relu("RNN", o.nonlinearity, site)) {}
RecurrentOutput RNN::forward(Operand x, const Tensor& h_0, const Tensor& lengths) const {
  const LstmOutput y =
      run(sizes_, all_weights, is_relu_ ? without_c<rnn_relu_layer> : without_c<rnn_tanh_layer>, x,
          {h_0, {}}, lengths, is_training());
  return {y.output, y.h_n};
}

LSTM::LSTM(std::int64_t input_size, std::int64_t hidden_size, LSTMOptions o, Site site)
    : RecurrentNet(sizes_of("LSTM", 4, input_size, hidden_size, o), site) {}
LstmOutput LSTM::forward(Operand x, const LstmState& hx, const Tensor& lengths) const {
  return run(sizes_, all_weights, lstm_layer, x, hx, lengths, is_training());
}

GRU::GRU(std::int64_t input_size, std::int64_t hidden_size, GRUOptions o, Site site)
    : RecurrentNet(sizes_of("GRU", 3, input_size, hidden_size, o), site) {}
RecurrentOutput GRU::forward(Operand x, const Tensor& h_0, const Tensor& lengths) const {
  const LstmOutput y =
      run(sizes_, all_weights, without_c<gru_layer>, x, {h_0, {}}, lengths, is_training());
  return {y.output, y.h_n};
}

// The names of a cell's parameters have no number.
template <class Self>
RecurrentCell<Self>::RecurrentCell(const detail::RecurrentSizes& sizes, Site site) {
  const OpScope scope(sizes.name, site);
  check_sizes(sizes);
  const RecurrentWeights w = make_weights(
      sizes, sizes.input_size, "",
      [&](const std::string& name, const Tensor& t) { return this->parameter(name, t, site); });
  weight_ih = w.weight_ih, weight_hh = w.weight_hh, bias_ih = w.bias_ih, bias_hh = w.bias_hh;
}
template <class Self>
std::string RecurrentCell<Self>::details() const {
  return fmt::format("{}, {}{}", weight_ih.size(1), weight_hh.size(1),
                     bias_ih.defined() ? "" : ", bias=False");
}
template <class Self>
std::int64_t RecurrentCell<Self>::multiply_adds(const std::vector<Shape>&,
                                                const std::vector<Shape>& outputs) const {
  return products({{weight_ih, weight_hh}}, outputs[0], weight_hh.size(1));
}
template class RecurrentCell<RNNCell>;
template class RecurrentCell<LSTMCell>;
template class RecurrentCell<GRUCell>;

namespace {

template <class Options>
RecurrentSizes cell_sizes(const char* name, std::int64_t gates, std::int64_t input_size,
                          std::int64_t hidden_size, const Options& o) {
  return {.name = name,
          .gates = gates,
          .input_size = input_size,
          .hidden_size = hidden_size,
          .bias = o.bias,
          .dtype = o.dtype};
}

}  // namespace

RNNCell::RNNCell(std::int64_t input_size, std::int64_t hidden_size, RNNCellOptions o, Site site)
    : RecurrentCell(cell_sizes("RNNCell", 1, input_size, hidden_size, o), site),
      is_relu_(is_relu("RNNCell", o.nonlinearity, site)) {}
Tensor RNNCell::forward(Operand x, const Tensor& hx) const {
  return is_relu_ ? rnn_relu_cell(x, hx, weight_ih, weight_hh, bias_ih, bias_hh)
                  : rnn_tanh_cell(x, hx, weight_ih, weight_hh, bias_ih, bias_hh);
}
std::string RNNCell::details() const {
  return RecurrentCell::details() + (is_relu_ ? ", nonlinearity=relu" : "");
}

LSTMCell::LSTMCell(std::int64_t input_size, std::int64_t hidden_size, RecurrentCellOptions o,
                   Site site)
    : RecurrentCell(cell_sizes("LSTMCell", 4, input_size, hidden_size, o), site) {}
LstmState LSTMCell::forward(Operand x, const LstmState& hx) const {
  return lstm_cell(x, hx, weight_ih, weight_hh, bias_ih, bias_hh);
}

GRUCell::GRUCell(std::int64_t input_size, std::int64_t hidden_size, RecurrentCellOptions o,
                 Site site)
    : RecurrentCell(cell_sizes("GRUCell", 3, input_size, hidden_size, o), site) {}
Tensor GRUCell::forward(Operand x, const Tensor& hx) const {
  return gru_cell(x, hx, weight_ih, weight_hh, bias_ih, bias_hh);
}

namespace detail {
template const ModuleType* module_type<RNN>();
template const ModuleType* module_type<LSTM>();
template const ModuleType* module_type<GRU>();
template const ModuleType* module_type<RNNCell>();
template const ModuleType* module_type<LSTMCell>();
template const ModuleType* module_type<GRUCell>();
}  // namespace detail

}  // namespace xgrad::nn
