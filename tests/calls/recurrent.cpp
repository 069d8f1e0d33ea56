#include <algorithm>

#include "calls/call.hpp"

namespace xgrad::test {
namespace {

// A network with a call's tensors in the place of its parameters, which come layer by layer.
template <class Net>
void take_weights(Net& net, const std::vector<Tensor>& all, bool bias, bool projected) {
  const std::size_t each = 2 + 2 * bias + projected;
  if (all.size() != each * net.all_weights.size()) throw NoSuchCall("another number of weights");
  for (std::size_t k = 0; k < net.all_weights.size(); ++k) {
    const Tensor* const w = all.data() + k * each;
    net.all_weights[k] = {w[0], w[1], bias ? w[2] : Tensor(), bias ? w[3] : Tensor(),
                          projected ? w[each - 1] : Tensor()};
  }
}

struct Network {
  std::int64_t input, hidden, layers;
  bool bias, bidirectional, batch_first;
  double dropout;  // between layers
};
Network network_from(const Call& c, std::int64_t gates) {
  const std::vector<Tensor> weights = c.list(2);
  const Tensor x = c.tensor(0), w = weights.empty() ? Tensor() : weights[0];
  const bool is_matrix = w.defined() && w.dim() == 2;
  return {x.defined() && x.dim() > 0 ? x.size(-1) : 0,
          std::max<std::int64_t>(1, is_matrix ? w.size(0) / gates : 1),
          std::min<std::int64_t>(c.whole(4), 4),
          c.arguments.at(3).get<bool>(),
          c.arguments.at(7).get<bool>(),
          c.arguments.at(8).get<bool>(),
          c.whole(4) > 1 ? c.real(5) : 0};
}

Results lstm_case(const Call& c) {
  const Network n = network_from(c, 4);
  const std::vector<Tensor> hx = c.list(1), weights = c.list(2);
  if (hx.size() != 2) throw NoSuchCall("states");
  const std::size_t cells = static_cast<std::size_t>(n.layers * (n.bidirectional ? 2 : 1));
  const bool projected = weights.size() == cells * (3U + 2U * n.bias);
  const std::int64_t size = hx[0].defined() && hx[0].dim() > 0 ? hx[0].size(-1) : 0;
  nn::LSTM net(n.input, n.hidden,
               {.num_layers = n.layers,
                .batch_first = n.batch_first,
                .dropout = n.dropout,
                .bidirectional = n.bidirectional,
                .proj_size = projected ? std::min(size, n.hidden - 1) : 0});
  take_weights(net, weights, n.bias, projected);
  const LstmOutput y = net(c.operand(0), {hx[0], hx[1]});
  return {y.output, y.h_n, y.c_n};
}

template <class Net>
Results without_cell_state(Net net, const Call& c, const Network& n) {
  take_weights(net, c.list(2), n.bias, false);
  const RecurrentOutput y = net(c.operand(0), c.tensor(1));
  return {y.output, y.h_n};
}
Results gru_case(const Call& c) {
  const Network n = network_from(c, 3);
  return without_cell_state(
      nn::GRU(
          n.input, n.hidden,
          {.num_layers = n.layers, .batch_first = n.batch_first, .bidirectional = n.bidirectional}),
      c, n);
}
Results rnn_case(const Call& c, const char* nonlinearity) {
  const Network n = network_from(c, 1);
  return without_cell_state(nn::RNN(n.input, n.hidden,
                                    {.num_layers = n.layers,
                                     .nonlinearity = nonlinearity,
                                     .batch_first = n.batch_first,
                                     .dropout = n.dropout,
                                     .bidirectional = n.bidirectional}),
                            c, n);
}

template <Tensor (*f)(Operand, const Tensor&, const Tensor&, const Tensor&, const Tensor&,
                      const Tensor&)>
Results cell_case(const Call& c) {
  const bool bias = c.arguments.size() > 4;
  return {f(c.operand(0), c.tensor(1), c.tensor(2), c.tensor(3), bias ? c.tensor(4) : Tensor(),
            bias ? c.tensor(5) : Tensor())};
}
Results lstm_cell_case(const Call& c) {
  const std::vector<Tensor> hx = c.list(1);
  const bool bias = c.arguments.size() > 4;
  if (hx.size() != 2) throw NoSuchCall("states");
  const LstmState y = lstm_cell(c.operand(0), {hx[0], hx[1]}, c.tensor(2), c.tensor(3),
                                bias ? c.tensor(4) : Tensor(), bias ? c.tensor(5) : Tensor());
  return {y.h, y.c};
}

}  // namespace

// torch.lstm and its like: x, states, weights, has_biases, num_layers, dropout, train,
// bidirectional, batch_first.
void add_recurrent(Table& table) {
  add(table,
      {
          {"gru",
           "f[T(1..5),N,I] f[1,N,H(1..4)] list(f[H*3,I],f[H*3,H],f[H*3],f[H*3]) {true} {1} {0} "
           "{true} {false} {false} // "
           "f[N,T(1..5),I] f[2,N,H(1..4)] list(f[H*3,I],f[H*3,H],f[H*3,I],f[H*3,H]) {false} {1} "
           "{0} {true} {true} {true} // "
           "f[T(1..4),N,I] f[2,N,H(1..3)] list(f[H*3,I],f[H*3,H],f[H*3],f[H*3],f[H*3,H],f[H*3,H],"
           "f[H*3],f[H*3]) {true} {2} {0} {true} {false} {false}",
           gru_case},
          {"gru_cell",
           "f[N,I] f[N,H] f[H*3,I] f[H*3,H] f[H*3] f[H*3] // f[N,I] f[N,H] f[H*3,I] f[H*3,H]",
           cell_case<gru_cell>},
          {"lstm",
           "f[T(1..5),N,I] list(f[1,N,H(1..4)],f[1,N,H]) list(f[H*4,I],f[H*4,H],f[H*4],f[H*4]) "
           "{true} {1} {0} {true} {false} {false} // "
           "f[N,T(1..5),I] list(f[2,N,H(1..4)],f[2,N,H]) list(f[H*4,I],f[H*4,H],f[H*4,I],f[H*4,H]) "
           "{false} {1} {0} {true} {true} {true} // "
           "f[T(1..4),N,I] list(f[2,N,H(1..3)],f[2,N,H]) list(f[H*4,I],f[H*4,H],f[H*4],f[H*4],"
           "f[H*4,H],f[H*4,H],f[H*4],f[H*4]) {true} {2} {0} {true} {false} {false} // "
           "f[T(1..5),N,I] list(f[1,N,P(1..3)],f[1,N,H(4..6)]) "
           "list(f[H*4,I],f[H*4,P],f[H*4],f[H*4],f[P,H]) {true} {1} {0} {true} {false} {false}",
           lstm_case},
          {"lstm_cell",
           "f[N,I] list(f[N,H],f[N,H]) f[H*4,I] f[H*4,H] f[H*4] f[H*4] // "
           "f[N,I] list(f[N,H],f[N,H]) f[H*4,I] f[H*4,H]",
           lstm_cell_case},
          {"rnn_relu",
           "f[T(1..5),N,I] f[2,N,H(1..4)] list(f[H,I],f[H,H],f[H],f[H],f[H,I],f[H,H],f[H],f[H]) "
           "{true} {1} {0} {true} {true} {false}",
           [](const Call& c) { return rnn_case(c, "relu"); }},
          {"rnn_relu_cell", "f[N,I] f[N,H] f[H,I] f[H,H] f[H] f[H] // f[N,I] f[N,H] f[H,I] f[H,H]",
           cell_case<rnn_relu_cell>},
          {"rnn_tanh",
           "f[T(1..5),N,I] f[1,N,H(1..4)] list(f[H,I],f[H,H],f[H],f[H]) {true} {1} {0} {true} "
           "{false} {false} // "
           "f[N,T(1..4),I] f[2,N,H(1..3)] list(f[H,I],f[H,H],f[H,H],f[H,H]) {false} {2} {0} {true} "
           "{false} {true}",
           [](const Call& c) { return rnn_case(c, "tanh"); }},
          {"rnn_tanh_cell", "f[N,I] f[N,H] f[H,I] f[H,H] f[H] f[H] // f[N,I] f[N,H] f[H,I] f[H,H]",
           cell_case<rnn_tanh_cell>},
      });
}

}  // namespace xgrad::test
