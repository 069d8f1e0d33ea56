// Recurrent networks: what stacks of layers, directions and options promise. PyTorch's numbers are
// in tests/reference.
#include <cmath>

#include <xgrad/xgrad.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;

namespace {

std::vector<std::string> names(const nn::Module& m) {
  std::vector<std::string> all;
  for (const NamedTensor& p : m.named_parameters()) all.push_back(p.name);
  return all;
}
Tensor numbers(const Shape& shape, unsigned seed) { return test::uniform(shape, -1, 1, seed); }

void check_same(const Tensor& a, const Tensor& b, double tolerance = 1e-14) {
  CHECK(test::all_close(a.detach(), b.detach(), tolerance));
}

template <class F>
void for_networks(F f) {
  for (const bool bidirectional : {false, true})
    for (const std::int64_t layers : {1, 2}) {
      f(nn::RNN(2, 3, {.num_layers = layers, .bidirectional = bidirectional, .dtype = float64}));
      f(nn::LSTM(2, 3,
                 {.num_layers = layers,
                  .bidirectional = bidirectional,
                  .proj_size = bidirectional ? 2 : 0,
                  .dtype = float64}));
      f(nn::GRU(2, 3, {.num_layers = layers, .bidirectional = bidirectional, .dtype = float64}));
    }
}
// The states before the first step, of which all networks take h.
template <class M>
auto states(const M& net, const Tensor& h, const Tensor& c) {
  if constexpr (requires { net(h, LstmState()); })
    return LstmState{h, c};
  else
    return h;
}

}  // namespace

TEST_CASE("recurrent networks have PyTorch's names, in order", "[nn][recurrent]") {
  CHECK(names(nn::LSTM(2, 3, {.num_layers = 2, .bidirectional = true, .proj_size = 1})) ==
        std::vector<std::string>{
            "weight_ih_l0",         "weight_hh_l0",         "bias_ih_l0",
            "bias_hh_l0",           "weight_hr_l0",         "weight_ih_l0_reverse",
            "weight_hh_l0_reverse", "bias_ih_l0_reverse",   "bias_hh_l0_reverse",
            "weight_hr_l0_reverse", "weight_ih_l1",         "weight_hh_l1",
            "bias_ih_l1",           "bias_hh_l1",           "weight_hr_l1",
            "weight_ih_l1_reverse", "weight_hh_l1_reverse", "bias_ih_l1_reverse",
            "bias_hh_l1_reverse",   "weight_hr_l1_reverse"});
  CHECK(names(nn::GRU(2, 3, {.num_layers = 2, .bias = false})) ==
        std::vector<std::string>{"weight_ih_l0", "weight_hh_l0", "weight_ih_l1", "weight_hh_l1"});
  CHECK(names(nn::RNNCell(2, 3)) ==
        std::vector<std::string>{"weight_ih", "weight_hh", "bias_ih", "bias_hh"});
}

TEST_CASE("recurrent networks print as in PyTorch", "[nn][recurrent]") {
  CHECK(to_string(nn::RNN(2, 3)) == "RNN(2, 3)");
  CHECK(to_string(nn::LSTM(2, 3,
                           {.num_layers = 2,
                            .bias = false,
                            .batch_first = true,
                            .dropout = 0.5,
                            .bidirectional = true,
                            .proj_size = 1})) ==
        "LSTM(2, 3, proj_size=1, num_layers=2, bias=False, batch_first=True, dropout=0.5, "
        "bidirectional=True)");
  CHECK(to_string(nn::GRUCell(2, 3)) == "GRUCell(2, 3)");
  CHECK(to_string(nn::LSTMCell(2, 3, {.bias = false})) == "LSTMCell(2, 3, bias=False)");
  CHECK(to_string(nn::RNNCell(2, 3, {.nonlinearity = "relu"})) ==
        "RNNCell(2, 3, nonlinearity=relu)");
}

TEST_CASE("recurrent parameters start uniform in +-1 / sqrt(hidden_size)", "[nn][recurrent]") {
  manual_seed(3);
  const nn::GRU net(50, 100, {.num_layers = 2});
  for (const Tensor& p : net.parameters()) {
    CHECK(amax(abs(p.detach())).item<double>() <= 0.1);
    CHECK(amax(abs(p.detach())).item<double>() > 0.095);
    CHECK(std::abs(p.detach().mean().item<double>()) < 0.02);
  }
  CHECK(net.all_weights[1].weight_ih.shape() == Shape{300, 100});
}

TEST_CASE("layers and directions are the ops one after the other", "[nn][recurrent]") {
  nn::LSTM net(2, 3, {.num_layers = 2, .bidirectional = true, .dtype = float64});
  const Tensor x = numbers({4, 5, 2}, 1), h = numbers({4, 5, 3}, 2), c = numbers({4, 5, 3}, 3);
  const auto [output, h_n, c_n] = net(x, {h, c});
  Tensor y = x;
  std::vector<Tensor> last_h, last_c;
  for (std::size_t layer = 0; layer < 2; ++layer) {
    std::vector<Tensor> both;
    for (std::size_t reverse = 0; reverse < 2; ++reverse) {
      const std::size_t k = 2 * layer + reverse;
      const LstmOutput one =
          lstm_layer(y, net.all_weights[k], {.h_0 = h[k], .c_0 = c[k], .reverse = reverse == 1});
      both.push_back(one.output), last_h.push_back(one.h_n), last_c.push_back(one.c_n);
    }
    y = cat(both, -1);
  }
  CHECK(test::same_bits(output.detach(), y.detach()));
  CHECK(test::same_bits(h_n.detach(), stack(last_h).detach()));
  CHECK(test::same_bits(c_n.detach(), stack(last_c).detach()));
}

TEST_CASE("the last states are the output's last steps", "[nn][recurrent]") {
  for_networks([](const auto& net) {
    const auto y = net(numbers({4, 5, 2}, 1));
    const std::int64_t n = y.h_n.size(2), layers = y.h_n.size(0);
    const bool both = y.output.size(2) == 2 * n;
    check_same(narrow(y.output[3], 1, 0, n), y.h_n[layers - (both ? 2 : 1)]);
    if (both) check_same(narrow(y.output[0], 1, n, n), y.h_n[layers - 1]);
  });
}

TEST_CASE("batch_first turns x and the output, not the states", "[nn][recurrent]") {
  const nn::GRU first(2, 3, {.num_layers = 2, .batch_first = true, .dtype = float64});
  nn::GRU last(2, 3, {.num_layers = 2, .dtype = float64});
  last.load_state_dict(first.state_dict());
  const Tensor x = numbers({5, 4, 2}, 1), h = numbers({2, 5, 3}, 2);
  const auto a = first(x, h), b = last(x.transpose(0, 1), h);
  CHECK(test::same_bits(a.output.detach(), b.output.transpose(0, 1).detach()));
  CHECK(test::same_bits(a.h_n.detach(), b.h_n.detach()));
  CHECK(a.output.shape() == Shape{5, 4, 3});
}

TEST_CASE("a sequence without a batch is a batch of one", "[nn][recurrent]") {
  for_networks([](const auto& net) {
    const Tensor x = numbers({4, 2}, 1), batch = unsqueeze(x, 1);
    const auto all = net(batch);
    const Tensor h = numbers(all.h_n.shape(), 2), c = numbers({all.h_n.size(0), 1, 3}, 3);
    const auto one = net(x, states(net, squeeze(h, 1), squeeze(c, 1))),
               same = net(batch, states(net, h, c));
    CHECK(test::same_bits(one.output.detach(), squeeze(same.output, 1).detach()));
    CHECK(test::same_bits(one.h_n.detach(), squeeze(same.h_n, 1).detach()));
  });
}

TEST_CASE("a network goes on from its last states", "[nn][recurrent]") {
  const nn::LSTM net(2, 3, {.num_layers = 2, .proj_size = 2, .dtype = float64});
  const Tensor x = numbers({6, 5, 2}, 1);
  const LstmOutput all = net(x), half = net(narrow(x, 0, 0, 4)),
                   rest = net(narrow(x, 0, 4, 2), {half.h_n, half.c_n});
  check_same(rest.output, narrow(all.output, 0, 4, 2));
  check_same(rest.h_n, all.h_n);
  check_same(rest.c_n, all.c_n);
}

TEST_CASE("a cell called step by step is a network", "[nn][recurrent]") {
  const nn::LSTM net(2, 3, {.dtype = float64});
  nn::LSTMCell cell(2, 3, {.dtype = float64});
  StateDict state;
  for (const auto& [name, value] : net.named_parameters())
    state.set(name.substr(0, name.rfind("_l0")), value.detach());
  cell.load_state_dict(state);
  const Tensor x = numbers({4, 5, 2}, 1);
  const LstmOutput y = net(x);
  LstmState s;
  for (int t = 0; t < 4; ++t) {
    s = cell(x[t], s);
    check_same(s.h, y.output[t]);
  }
  const auto [h, c] = s;
  check_same(h, y.h_n[0]);
  check_same(c, y.c_n[0]);
}

TEST_CASE("sequences with lengths compute what they do alone, in every layer and direction",
          "[nn][recurrent]") {
  const std::vector<std::int64_t> lengths{2, 4, 1};
  for_networks([&](const auto& net) {
    const Tensor x = numbers({4, 3, 2}, 1);
    const auto all = net(x, {}, tensor(lengths));
    for (std::int64_t n = 0; n < 3; ++n) {
      const std::int64_t length = lengths[static_cast<std::size_t>(n)];
      const auto one = net(narrow(narrow(x, 1, n, 1), 0, 0, length));
      const Tensor output = narrow(all.output, 1, n, 1);
      check_same(narrow(output, 0, 0, length), one.output);
      CHECK(
          amax(abs(narrow(output, 0, length, 4 - length)).detach().sum()).template item<double>() ==
          0);
      check_same(narrow(all.h_n, 1, n, 1), one.h_n);
    }
  });
}

TEST_CASE("dropout acts between layers in training alone", "[nn][recurrent]") {
  nn::LSTM net(2, 30, {.num_layers = 2, .dropout = 1, .dtype = float64});
  const Tensor x = numbers({3, 4, 2}, 1), other = numbers({3, 4, 2}, 2);
  CHECK(test::same_bits(net(x).output.detach(), net(other).output.detach()));  // all is dropped
  CHECK(!test::same_bits(net(x).h_n[0].detach(), net(other).h_n[0].detach()));
  net.eval();
  CHECK(!test::same_bits(net(x).output.detach(), net(other).output.detach()));
  nn::GRU half(2, 30, {.num_layers = 3, .dropout = 0.5, .dtype = float64});
  manual_seed(5);
  const Tensor first = half(x).output.detach(), second = half(x).output.detach();
  manual_seed(5);
  CHECK(test::same_bits(half(x).output.detach(), first));
  CHECK(!test::same_bits(first, second));
}

TEST_CASE("recurrent networks have right gradients in both float types", "[nn][recurrent][grad]") {
  for_networks([](const auto& net) {
    const Tensor x = numbers({2, 2, 2}, 1);
    const auto f = [&](const std::vector<Tensor>& in) { return net(in[0]).output; };
    CHECK(gradcheck(f, {x}, {.atol = 1e-7}));
    CHECK(gradgradcheck(f, {x}, {.atol = 1e-7}));
    for (const Tensor& p : net.parameters()) {
      // By one parameter, in place.
      const Tensor slopes = grad(square(net(x).output).sum(), p)[0];
      Tensor moved = p;
      const double eps = 1e-6;
      double* const at = moved.template mutable_data<double>();
      const auto value = [&] { return square(net(x).output).sum().template item<double>(); };
      const double before = *at;
      *at = before + eps;
      const double above = value();
      *at = before - eps;
      const double below = value();
      *at = before;
      CHECK(std::abs((above - below) / (2 * eps) - slopes.template data<double>()[0]) < 1e-7);
    }
  });
  nn::LSTM wide(2, 3, {.num_layers = 2, .dtype = float64}), narrow_(2, 3, {.num_layers = 2});
  for (std::size_t i = 0; i < narrow_.parameters().size(); ++i)
    narrow_.parameters()[i].assign(wide.parameters()[i].detach().to(float32));
  const Tensor x = numbers({3, 2, 2}, 1);
  wide(x).output.sum().backward();
  narrow_(x.to(float32)).output.sum().backward();
  for (std::size_t i = 0; i < narrow_.parameters().size(); ++i)
    check_same(narrow_.parameters()[i].grad().to(float64), wide.parameters()[i].grad(), 1e-5);
}

TEST_CASE("recurrent networks are cloned, hooked, summarized and called with other parameters",
          "[nn][recurrent]") {
  const nn::LSTM net(2, 3, {.num_layers = 2, .bidirectional = true, .dtype = float64});
  const Tensor x = numbers({4, 5, 2}, 1), h = numbers({4, 5, 3}, 2), c = numbers({4, 5, 3}, 3);
  nn::LSTM other = net.clone();
  CHECK(test::same_bits(net(x).output.detach(), other(x).output.detach()));
  other.get_parameter("weight_hh_l1_reverse").assign(zeros({12, 3}, {.dtype = float64}));
  CHECK(!test::same_bits(net(x).output.detach(), other(x).output.detach()));

  std::vector<std::size_t> seen;
  const HookHandle hook = other.register_forward_hook(
      [&](const nn::Module&, const std::vector<Tensor>& in, std::vector<Tensor>& out) {
        seen = {in.size(), out.size()};
        out[1] = out[1] * 0;
      });
  check_same(other(x, {h, c}).h_n, h * 0, 0);
  CHECK(seen == std::vector<std::size_t>{4, 3});  // x, h, c and no lengths
  other(x);
  CHECK(seen == std::vector<std::size_t>{1, 3});

  std::vector<NamedTensor> halves = net.named_parameters();
  for (NamedTensor& p : halves) p.tensor = p.tensor.detach() / 2;
  const LstmOutput y = nn::functional_call(net, halves, x);
  nn::LSTM half = net.clone();
  for (const NamedTensor& p : halves) half.get_parameter(p.name).assign(p.tensor);
  CHECK(test::same_bits(y.output, half(x).output.detach()));

  const nn::ModelSummary summary = nn::summary(net, {x});
  // Two directions of 12 rows each, of 2 + 3 and of 6 + 3 columns, for 20 rows of x.
  CHECK(summary.multiply_adds == 20 * 2 * 12 * (5 + 9));
  const nn::GRUCell cell(2, 3);
  CHECK(nn::summary(cell, {{5, 2}}).multiply_adds == 5 * 9 * (2 + 3));
}

TEST_CASE("an LSTM learns to remember", "[nn][recurrent]") {
  manual_seed(1);
  nn::LSTM net(1, 8);
  nn::Linear head(8, 1);
  std::vector<Tensor> parameters = net.parameters();
  for (const Tensor& p : head.parameters()) parameters.push_back(p);
  optim::Adam adam(parameters, {.lr = 0.02});
  double loss = 1;
  for (int step = 0; step < 200; ++step) {  // the first of six numbers, after the others
    const Tensor x = sign(randn({6, 32, 1}));
    const Tensor error = mse_loss(head(net(x).h_n[0]), x[0]);
    adam.zero_grad();
    error.backward();
    adam.step();
    loss = error.item<double>();
  }
  CHECK(loss < 0.05);
}

TEST_CASE("recurrent networks refuse what does not fit, by name", "[nn][recurrent]") {
  const auto refuses = [](const std::function<void()>& f,
                          std::initializer_list<std::string> parts) {
    CHECK(test::throws<ShapeError>(f, parts));
  };
  const nn::LSTM lstm(3, 4, {.num_layers = 2, .proj_size = 2});
  const nn::GRU gru(3, 4, {.batch_first = true, .bidirectional = true});
  refuses([&] { lstm(ones({5, 2, 4})); }, {"LSTM", "[5, 2, 4]", "(steps, N, 3)", "recurrent.cpp"});
  refuses([&] { gru(ones({5, 0, 3})); }, {"GRU", "[5, 0, 3]", "at least one step"});
  refuses([&] { lstm(ones({0, 2, 3})); }, {"LSTM", "[0, 2, 3]", "at least one step"});
  refuses([&] { lstm(ones({3})); }, {"LSTM", "[3]"});
  refuses(
      [&] {
        lstm(ones({5, 2, 3}), {ones({2, 2, 4}), {}});
      },
      {"hx.h", "[2, 2, 4]", "[2, 2, 2]"});
  refuses(
      [&] {
        lstm(ones({5, 2, 3}), {{}, ones({1, 2, 4})});
      },
      {"hx.c", "[1, 2, 4]", "[2, 2, 4]"});
  refuses([&] { lstm(ones({5, 3}), {ones({2, 1, 2}), {}}); }, {"hx.h", "[2, 1, 2]", "[2, 2]"});
  refuses([&] { gru(ones({5, 2, 3}), ones({2, 2, 4})); }, {"h_0", "[2, 2, 4]", "[2, 5, 4]"});
  refuses([&] { gru(ones({5, 2, 3}), {}, tensor({1, 2})); }, {"lengths", "5 sequences"});
  CHECK(test::throws<ValueError>(
      [&] {
        gru(ones({1, 2, 3}), {}, tensor({3}));
      },
      {"GRU", "lengths contains 3", "[1, 2]"}));
  CHECK(test::throws<DTypeError>(
      [&] {
        gru(ones({1, 2, 3}, {.dtype = float64}));
      },
      {"GRU", "float64", "float32"}));
  const auto bad = [](const std::function<void()>& f, std::initializer_list<std::string> parts) {
    CHECK(test::throws<ValueError>(f, parts));
  };
  bad([] { nn::LSTM(3, 0); }, {"LSTM", "hidden_size is 0", "recurrent.cpp"});
  bad([] { nn::GRU(-1, 2); }, {"GRU", "input_size is -1"});
  bad([] { nn::RNN(3, 2, {.num_layers = 0}); }, {"RNN", "num_layers is 0"});
  bad([] { nn::RNN(3, 2, {.nonlinearity = "sin"}); }, {"RNN", "'sin'", "'relu'"});
  bad([] { nn::LSTM(3, 2, {.dropout = 1.5}); }, {"LSTM", "1.5", "[0, 1]"});
  bad([] { nn::LSTM(3, 2, {.proj_size = 2}); }, {"LSTM", "proj_size is 2", "below hidden_size"});
  bad([] { nn::RNNCell(3, 2, {.nonlinearity = "sin"}); }, {"RNNCell", "'sin'"});
  bad([] { nn::GRUCell(3, 0); }, {"GRUCell", "hidden_size is 0"});
}
