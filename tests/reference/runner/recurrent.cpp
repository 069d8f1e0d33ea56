// PyTorch's own cases for recurrent networks and cells, which take and give several tensors.
// Those that are compared were loaded from files.
#include <memory>

#include <xgrad/xgrad.hpp>

#include "reference/runner/module_case.hpp"

using namespace xgrad;
using test::Json;

namespace {

using Tensors = std::vector<Tensor>;

// The tensors of an array, nested or not, in their order.
void flatten(const Json& j, Tensors& all) {
  if (j.is_array())
    for (const Json& inner : j) flatten(inner, all);
  else
    all.push_back(j.is_null() ? Tensor() : test::tensor_from(j));
}
Tensors flat(const Json& j) {
  Tensors all;
  flatten(j, all);
  return all;
}

Tensor at(const Tensors& x, std::size_t i) { return i < x.size() ? x[i] : Tensor(); }
Tensors results(const Tensor& y) { return {y}; }
Tensors results(const RecurrentOutput& y) { return {y.output, y.h_n}; }
Tensors results(const LstmOutput& y) { return {y.output, y.h_n, y.c_n}; }
Tensors results(const LstmState& y) { return {y.h, y.c}; }

template <class M>
Tensors called(const M& module, const Tensors& x) {
  if constexpr (requires { module(x[0], LstmState()); })
    return results(module(x[0], LstmState{at(x, 1), at(x, 2)}));
  else
    return results(module(x[0], at(x, 1)));
}

template <class M>
void check(M& module, const Json& c) {
  module.train(c.at("training").get<bool>());
  std::vector<std::string> names;
  for (const NamedTensor& p : module.named_parameters()) names.push_back(p.name);
  CHECK(names == c.at("parameters").get<std::vector<std::string>>());

  const Tensors x = flat(c.at("inputs")), y = called(module, x), expected = flat(c.at("outputs"));
  REQUIRE(y.size() == expected.size());
  for (std::size_t k = 0; k < y.size(); ++k)
    CHECK(test::all_close(y[k].detach(), expected[k], 1e-11, 1e-9));
  const Tensors upstream = flat(c.at("upstreams")), slopes = flat(c.at("input_grads"));
  Tensor total = zeros({}, {.dtype = float64});
  for (std::size_t k = 0; k < y.size(); ++k) total = total + sum(y[k] * upstream[k]);
  total.backward();
  test::check_named(module.named_parameters(), c.at("param_grads"),
                    [](const Tensor& t) { return t.grad(); });
  for (std::size_t i = 0; i < x.size(); ++i)
    if (slopes[i].defined()) CHECK(test::all_close(x[i].grad(), slopes[i], 1e-11, 1e-9));
}

// Calls f with the network of a case.
template <class F>
void with_network(const Json& c, const F& f) {
  const auto name = c.at("module").get<std::string>();
  const Json k = test::options_of(
      c, {"num_layers", "nonlinearity", "bias", "batch_first", "bidirectional", "proj_size"});
  const auto in = c.at("args")[0].get<std::int64_t>(), out = c.at("args")[1].get<std::int64_t>();
  const auto layers = k.value("num_layers", std::int64_t{1});
  const auto nonlinearity = k.value("nonlinearity", std::string("tanh"));
  const bool bias = k.value("bias", true), batch_first = k.value("batch_first", false),
             bidirectional = k.value("bidirectional", false);
  if (name == "RNN")
    return f(nn::RNN(in, out,
                     {.num_layers = layers,
                      .nonlinearity = nonlinearity,
                      .bias = bias,
                      .batch_first = batch_first,
                      .bidirectional = bidirectional,
                      .dtype = float64}));
  if (name == "LSTM")
    return f(nn::LSTM(in, out,
                      {.num_layers = layers,
                       .bias = bias,
                       .batch_first = batch_first,
                       .bidirectional = bidirectional,
                       .proj_size = k.value("proj_size", std::int64_t{0}),
                       .dtype = float64}));
  if (name == "GRU")
    return f(nn::GRU(in, out,
                     {.num_layers = layers,
                      .bias = bias,
                      .batch_first = batch_first,
                      .bidirectional = bidirectional,
                      .dtype = float64}));
  if (name == "RNNCell")
    return f(nn::RNNCell(in, out, {.bias = bias, .nonlinearity = nonlinearity, .dtype = float64}));
  if (name == "LSTMCell") return f(nn::LSTMCell(in, out, {.bias = bias, .dtype = float64}));
  return f(nn::GRUCell(in, out, {.bias = bias, .dtype = float64}));
}

void check_case(const Json& c, const std::string& file) {
  INFO("loaded from a file of " << file);
  std::shared_ptr<nn::Module> first;
  with_network(c, [&](auto network) { first = std::make_shared<decltype(network)>(network); });
  with_network(c, [&](auto network) {
    test::load_by_file(*first, network, c, file);
    check(network, c);
  });
}

bool is_recurrent(const Json& c) {
  static const std::vector<std::string> names{"RNN",     "LSTM",     "GRU",
                                              "RNNCell", "LSTMCell", "GRUCell"};
  return test::is_listed(names, c.at("module").get<std::string>());
}

}  // namespace

TEST_CASE("recurrent networks agree with PyTorch's", "[pytorch][nn][recurrent]") {
  const Json data = test::read_reference("modules.json");
  int number = 0;
  for (const Json& c : data.at("cases")) {
    if (!is_recurrent(c)) continue;
    DYNAMIC_SECTION(++number << " " << c.at("module").get<std::string>() << " "
                             << c.at("kwargs").dump()) {
      check_case(c, "safetensors");
      check_case(c, "checkpoint");
    }
  }
  CHECK(number == 26);
}
