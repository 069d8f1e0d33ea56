// Recurrent layers and cells: against the same made of ops, and what they promise of lengths.
#include <xgrad/xgrad.hpp>

#include "nn/composed_recurrence.hpp"
#include "ops/kernels/kernel_cases.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace xgrad;
using detail::Cell;
using detail::RecurrentInputs;

namespace {

struct Sizes {
  std::int64_t steps = 4, batch = 3, input = 2, hidden = 3, proj = 0;
  std::int64_t state() const { return proj > 0 ? proj : hidden; }
};

LstmOutput run(Cell cell, const Tensor& x, const RecurrentWeights& w, const RecurrentOptions& o) {
  if (cell == Cell::lstm) return lstm_layer(x, w, o);
  const RecurrentOutput y = cell == Cell::gru        ? gru_layer(x, w, o)
                            : cell == Cell::rnn_relu ? rnn_relu_layer(x, w, o)
                                                     : rnn_tanh_layer(x, w, o);
  return {y.output, y.h_n, {}};
}

// Leaves of a layer of some sizes, without lengths.
RecurrentInputs leaves(Cell cell, const Sizes& s, DType dtype = float64, bool bias = true) {
  unsigned seed = 0;
  const auto make = [&](const Shape& shape) { return test::leaf(shape, -1, 1, ++seed, dtype); };
  const std::int64_t gates = detail::gates_of(cell) * s.hidden;
  RecurrentInputs in{make({s.steps, s.batch, s.input}), make({gates, s.input}),
                     make({gates, s.state()})};
  if (bias) in.bias_ih = make({gates}), in.bias_hh = make({gates});
  if (s.proj > 0) in.weight_hr = make({s.proj, s.hidden});
  in.h_0 = make({s.batch, s.state()});
  if (cell == Cell::lstm) in.c_0 = make({s.batch, s.hidden});
  return in;
}
LstmOutput fused(Cell cell, bool reverse, const RecurrentInputs& in) {
  return run(cell, in.x, {in.weight_ih, in.weight_hh, in.bias_ih, in.bias_hh, in.weight_hr},
             {.h_0 = in.h_0, .c_0 = in.c_0, .lengths = in.lengths, .reverse = reverse});
}
std::vector<Tensor> defined(const RecurrentInputs& in) {
  std::vector<Tensor> all;
  for (const Tensor& t :
       {in.x, in.weight_ih, in.weight_hh, in.bias_ih, in.bias_hh, in.weight_hr, in.h_0, in.c_0})
    if (t.defined()) all.push_back(t);
  return all;
}
// Something that depends on all results, differently on each element.
Tensor blend(const std::vector<Tensor>& results) {
  Tensor total = zeros({}, {.dtype = results[0].dtype()});
  unsigned seed = 50;
  for (const Tensor& y : results)
    if (y.defined()) total = total + sum(y * test::uniform(y.shape(), -1, 1, ++seed, y.dtype()));
  return total;
}
std::vector<Tensor> gradients(const std::vector<Tensor>& results, const RecurrentInputs& in) {
  return grad(blend(results), defined(in));
}

void check_same(const std::vector<Tensor>& a, const std::vector<Tensor>& b, double tolerance) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    INFO("number " << i);
    CHECK(test::all_close(a[i].detach(), b[i].detach(), tolerance, tolerance));
  }
}

void check_fused(Cell cell, bool reverse, const RecurrentInputs& in) {
  const double tolerance = in.x.dtype() == float64 ? 1e-12 : 1e-4;
  const LstmOutput a = fused(cell, reverse, in);
  const detail::RecurrentStates b = detail::composed_recurrence(cell, reverse, in);
  Tensor output = b.states;
  if (in.lengths.defined())
    output = where(unsqueeze(unsqueeze(arange(in.x.size(0)), 1) < in.lengths, 2), output, 0);
  check_same({a.output, a.h_n}, {output, b.h_n}, tolerance);
  check_same(gradients({a.output, a.h_n, a.c_n}, in), gradients({output, b.h_n, b.c_n}, in),
             tolerance);
}

const Cell all_cells[] = {Cell::rnn_tanh, Cell::rnn_relu, Cell::lstm, Cell::gru};

// Sequence n of a batch, cut to its length, as a batch of its own.
RecurrentInputs alone(const RecurrentInputs& in, std::int64_t n, std::int64_t length) {
  RecurrentInputs one = in;
  one.lengths = {};
  one.x = narrow(narrow(in.x, 1, n, 1), 0, 0, length);
  one.h_0 = narrow(in.h_0, 0, n, 1);
  if (in.c_0.defined()) one.c_0 = narrow(in.c_0, 0, n, 1);
  return one;
}

}  // namespace

TEST_CASE("a fused layer computes what its cells made of ops do", "[ops][recurrent]") {
  const std::vector<Sizes> sizes{{}, {1, 1, 1, 1}, {1, 2, 3, 4}, {5, 1, 7, 9}, {3, 17, 2, 8}};
  for (const Cell cell : all_cells)
    for (const Sizes& s : sizes)
      for (const bool reverse : {false, true})
        for (const bool bias : {false, true})
          check_fused(cell, reverse, leaves(cell, s, float64, bias));
}

TEST_CASE("a fused layer computes in float32, too", "[ops][recurrent]") {
  for (const Cell cell : all_cells)
    for (const bool reverse : {false, true})
      check_fused(cell, reverse, leaves(cell, {6, 5, 11, 13}, float32));
}

TEST_CASE("a projected LSTM computes what its cell made of ops does", "[ops][recurrent]") {
  for (const Sizes& s : {Sizes{4, 3, 2, 5, 2}, Sizes{3, 2, 3, 2, 4}, Sizes{1, 1, 1, 3, 1}})
    for (const bool reverse : {false, true})
      for (const bool lengths : {false, true}) {
        RecurrentInputs in = leaves(Cell::lstm, s);
        if (lengths) in.lengths = ones({s.batch}, {.dtype = int64}) * ((s.steps + 1) / 2);
        check_fused(Cell::lstm, reverse, in);
      }
}

TEST_CASE("a sequence of a batch with lengths computes what it does alone", "[ops][recurrent]") {
  const std::vector<std::int64_t> lengths{2, 4, 1, 3};
  for (const Cell cell : all_cells)
    for (const bool reverse : {false, true}) {
      RecurrentInputs in = leaves(cell, {.steps = 4, .batch = 4});
      in.lengths = tensor(lengths);
      check_fused(cell, reverse, in);
      const LstmOutput all = fused(cell, reverse, in);
      for (std::int64_t n = 0; n < 4; ++n) {
        const std::int64_t length = lengths[static_cast<std::size_t>(n)];
        const LstmOutput one = fused(cell, reverse, alone(in, n, length));
        const Tensor output = narrow(all.output, 1, n, 1);
        check_same({narrow(output, 0, 0, length), narrow(all.h_n, 0, n, 1)}, {one.output, one.h_n},
                   1e-14);
        const Tensor behind = narrow(output, 0, length, 4 - length);
        CHECK(test::same_bits(behind.detach(), zeros(behind.shape(), {.dtype = float64})));
        if (cell == Cell::lstm) check_same({narrow(all.c_n, 0, n, 1)}, {one.c_n}, 1e-14);
      }
    }
}

TEST_CASE("what lies behind the end of a sequence does not count", "[ops][recurrent]") {
  for (const Cell cell : all_cells) {
    RecurrentInputs in = leaves(cell, {.steps = 3, .batch = 2});
    in.lengths = tensor({1, 3});
    const std::vector<Tensor> clean = gradients({fused(cell, false, in).output}, in);
    const std::int64_t rest[] = {1, 2};
    for (const std::int64_t t : rest)
      for (int i = 0; i < 2; ++i) in.x.mutable_data<double>()[t * 4 + i] = NAN;
    const LstmOutput y = fused(cell, false, in);
    CHECK(all(isfinite(y.output)).item<bool>());
    check_same(gradients({y.output}, in), clean, 0);
    for (const std::int64_t t : rest)
      CHECK(test::same_bits(clean[0][t][0], zeros({2}, {.dtype = float64})));
  }
}

TEST_CASE("lengths that reach to the end change nothing", "[ops][recurrent]") {
  for (const Cell cell : all_cells) {
    RecurrentInputs in = leaves(cell, {});
    const LstmOutput without = fused(cell, true, in);
    in.lengths = tensor({4, 4, 4});
    const LstmOutput with = fused(cell, true, in);
    CHECK(test::same_bits(with.output.detach(), without.output.detach()));
    CHECK(test::same_bits(with.h_n.detach(), without.h_n.detach()));
  }
}

TEST_CASE("results that nobody used cost no gradient, each alone gives its own",
          "[ops][recurrent]") {
  const RecurrentInputs in = leaves(Cell::lstm, {});
  const auto both = [&](const auto& pick) {
    const LstmOutput a = fused(Cell::lstm, false, in);
    const detail::RecurrentStates b = detail::composed_recurrence(Cell::lstm, false, in);
    check_same(gradients({pick(a.output, a.h_n, a.c_n)}, in),
               gradients({pick(b.states, b.h_n, b.c_n)}, in), 1e-13);
  };
  both([](const Tensor& y, const Tensor&, const Tensor&) { return y; });
  both([](const Tensor&, const Tensor& h, const Tensor&) { return h; });
  both([](const Tensor&, const Tensor&, const Tensor& c) { return c; });
}

TEST_CASE("states start as zeros", "[ops][recurrent]") {
  for (const Cell cell : all_cells) {
    RecurrentInputs in = leaves(cell, {});
    in.h_0.assign(in.h_0 * 0);
    if (in.c_0.defined()) in.c_0.assign(in.c_0 * 0);
    const LstmOutput given = fused(cell, false, in);
    in.h_0 = in.c_0 = {};
    const LstmOutput none = fused(cell, false, in);
    CHECK(test::same_bits(given.output.detach(), none.output.detach()));
  }
}

TEST_CASE("a recurrent layer has gradients of two orders", "[ops][recurrent][grad]") {
  const GradcheckOptions close{.atol = 1e-7, .rtol = 1e-6};
  for (const Cell cell : {Cell::rnn_tanh, Cell::lstm, Cell::gru})
    for (const bool reverse : {false, true}) {
      RecurrentInputs in = leaves(
          cell,
          {.steps = 2, .batch = 2, .input = 1, .hidden = 2, .proj = cell == Cell::lstm ? 1 : 0});
      in.lengths = tensor({2, 1});
      const auto f = [&](const std::vector<Tensor>& x) {
        RecurrentInputs other = in;
        std::size_t k = 0;
        for (Tensor* const t : {&other.x, &other.weight_ih, &other.weight_hh, &other.bias_ih,
                                &other.bias_hh, &other.weight_hr, &other.h_0, &other.c_0})
          if (t->defined()) *t = x[k++];
        const LstmOutput y = fused(cell, reverse, other);
        std::vector<Tensor> all{y.output, y.h_n};
        if (y.c_n.defined()) all.push_back(y.c_n);
        return all;
      };
      CHECK(gradcheck(f, defined(in), close));
      CHECK(gradgradcheck(f, defined(in), close));
    }
}

TEST_CASE("a recurrent layer gives the same bits for any number of threads", "[ops][recurrent]") {
  for (const Cell cell : all_cells) {
    RecurrentInputs in = leaves(cell, {2, 70, 30, 40}, float32);
    const Tensor first = fused(cell, false, in).output.detach();
    const std::vector<Tensor> slopes = gradients({fused(cell, false, in).output}, in);
    test::for_thread_counts([&] {
      const LstmOutput y = fused(cell, false, in);
      CHECK(test::same_bits(y.output.detach(), first));
      const std::vector<Tensor> again = gradients({y.output}, in);
      for (std::size_t i = 0; i < again.size(); ++i) CHECK(test::same_bits(again[i], slopes[i]));
    });
  }
}

TEST_CASE("a cell is a layer of one step, with or without an axis of rows", "[ops][recurrent]") {
  const Sizes s{.steps = 1, .batch = 3, .input = 2, .hidden = 4};
  for (const Cell cell : all_cells) {
    const RecurrentInputs in = leaves(cell, s);
    const LstmOutput layer = fused(cell, false, in);
    const auto step = [&](const Tensor& x, const Tensor& h, const Tensor& c) -> LstmState {
      const auto call = [&](auto f) -> LstmState {
        return {f(x, h, in.weight_ih, in.weight_hh, in.bias_ih, in.bias_hh), {}};
      };
      if (cell == Cell::rnn_tanh) return call(rnn_tanh_cell);
      if (cell == Cell::rnn_relu) return call(rnn_relu_cell);
      if (cell == Cell::gru) return call(gru_cell);
      return lstm_cell(x, {h, c}, in.weight_ih, in.weight_hh, in.bias_ih, in.bias_hh);
    };
    const Tensor x = in.x[0];
    const LstmState rows = step(x, in.h_0, in.c_0);
    CHECK(test::same_bits(rows.h.detach(), layer.h_n.detach()));
    CHECK(rows.c.defined() == (cell == Cell::lstm));
    const LstmState row = step(x[1], in.h_0[1], in.c_0.defined() ? in.c_0[1] : Tensor());
    CHECK(row.h.shape() == Shape{4});
    check_same({row.h}, {rows.h[1]}, 1e-15);
    CHECK(step(x, {}, {}).h.shape() == Shape{3, 4});
  }
}

TEST_CASE("a batch of no sequences gives none, and gradients of zeros", "[ops][recurrent]") {
  for (const Cell cell : all_cells) {
    const RecurrentInputs in = leaves(cell, {.batch = 0});
    const LstmOutput y = fused(cell, false, in);
    CHECK(y.output.shape() == Shape{4, 0, 3});
    CHECK(y.h_n.shape() == Shape{0, 3});
    for (const Tensor& d : grad(sum(y.output), defined(in)))
      CHECK(test::same_bits(d, zeros(d.shape(), {.dtype = float64})));
  }
}
