// One step of recurrent cells, by the definition in double, element by element.
#include "kernels/recurrent_cells.hpp"

#include <vector>

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::Cell;
using detail::StepRows;
using test::Elements;

namespace {

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// Calls f(row, element) for each element of the rows that are active, idle for the others.
template <class F, class Idle>
void for_elements(const StepRows& rows, F f, Idle idle) {
  for (std::int64_t k = 0; k < rows.batch; ++k)
    for (std::int64_t i = 0; i < rows.hidden; ++i)
      if (rows.is_active(k))
        f(k, i);
      else
        idle(k, i);
}
template <class F>
void for_elements(const StepRows& rows, F f) {
  for_elements(rows, f, [](std::int64_t, std::int64_t) {});
}

// Batches of odd sizes, with lengths and without; the last is long enough for threads.
template <class F>
void for_step_rows(F f) {
  for (const std::int64_t hidden : {0, 1, 3, 8, 17, 33})
    for (const std::int64_t batch : {0, 1, 5}) f(StepRows{batch, hidden});
  std::vector<std::int64_t> lengths;
  for (std::int64_t k = 0; k < 300; ++k) lengths.push_back(1 + k % 3);
  f(StepRows{5, 9, lengths.data(), 1});
  f(StepRows{300, 33, lengths.data(), 1});
}

template <class T>
bool close(const Elements<T>& a, const Elements<T>& b) {
  return test::close(a, b, test::rounding<T>());
}

template <class T>
void check_rnn(const StepRows& s, Cell cell) {
  const std::int64_t size = s.batch * s.hidden;
  const auto sums = test::moderate_elements<T>(size, 1), dh = test::moderate_elements<T>(size, 2);
  Elements<T> h = sums, slopes(size);
  for_elements(s, [&](std::int64_t k, std::int64_t i) {
    const std::int64_t at = k * s.hidden + i;
    const double x = sums[at], y = cell == Cell::rnn_tanh ? std::tanh(x) : std::max(x, 0.0);
    h[at] = static_cast<T>(y);
    slopes[at] = static_cast<T>(dh[at] * (cell == Cell::rnn_tanh ? 1 - y * y : y > 0 ? 1 : 0));
  });
  test::for_thread_counts([&] {
    Elements<T> y = sums, dgates = sums;
    detail::rnn_step(s, cell, y.data());
    detail::rnn_step_gradient(s, cell, h.data(), dh.data(), dgates.data());
    CHECK(close(y, h));
    CHECK(close(dgates, slopes));
  });
}

// What a step of an LSTM gives.
template <class T>
struct Lstm {
  Elements<T> gates, c, h;
};
template <class T>
Lstm<T> lstm_step(const StepRows& s, const Elements<T>& sums, const Elements<T>& before) {
  const std::int64_t n = s.hidden;
  Lstm<T> y{sums, Elements<T>(s.batch * n), Elements<T>(s.batch * n)};
  for_elements(s, [&](std::int64_t k, std::int64_t j) {
    const std::int64_t at = 4 * k * n + j, row = k * n + j;
    const double i = sigmoid(sums[at]), f = sigmoid(sums[at + n]), g = std::tanh(sums[at + 2 * n]),
                 o = sigmoid(sums[at + 3 * n]), c = f * before[row] + i * g;
    const double all[] = {i, f, g, o};
    for (std::int64_t b = 0; b < 4; ++b) y.gates[at + b * n] = static_cast<T>(all[b]);
    y.c[row] = static_cast<T>(c);
    y.h[row] = static_cast<T>(o * std::tanh(c));
  });
  return y;
}

template <class T>
void check_lstm(const StepRows& s, bool upstream) {
  const std::int64_t n = s.hidden, size = s.batch * n;
  const auto sums = test::moderate_elements<T>(4 * size, 1),
             before = test::moderate_elements<T>(size, 2), dh = test::moderate_elements<T>(size, 3),
             dc = test::moderate_elements<T>(size, 4);
  const Lstm<T> y = lstm_step(s, sums, before);
  Elements<T> slopes(4 * size), dc_before = dc;
  for_elements(s, [&](std::int64_t k, std::int64_t j) {
    const std::int64_t at = 4 * k * n + j, row = k * n + j;
    const double i = y.gates[at], f = y.gates[at + n], g = y.gates[at + 2 * n],
                 o = y.gates[at + 3 * n], tanh_c = std::tanh(double(y.c[row])),
                 up = upstream ? double(dh[row]) : 0.0,
                 down = dc[row] + up * o * (1 - tanh_c * tanh_c);
    slopes[at] = static_cast<T>(down * g * i * (1 - i));
    slopes[at + n] = static_cast<T>(down * before[row] * f * (1 - f));
    slopes[at + 2 * n] = static_cast<T>(down * i * (1 - g * g));
    slopes[at + 3 * n] = static_cast<T>(up * tanh_c * o * (1 - o));
    dc_before[row] = static_cast<T>(down * f);
  });
  test::for_thread_counts([&] {
    Elements<T> gates = sums, c(size), h(size), dgates = sums, d = dc, again(size);
    detail::lstm_step(s, gates.data(), before.data(), c.data(), h.data());
    CHECK(close(gates, y.gates));
    CHECK(close(c, y.c));
    CHECK(close(h, y.h));
    detail::lstm_step_gradient(s, y.gates.data(), before.data(), y.c.data(),
                               upstream ? dh.data() : nullptr, d.data(), dgates.data(),
                               upstream ? again.data() : nullptr);
    CHECK(close(dgates, slopes));
    CHECK(close(d, dc_before));
    if (upstream) CHECK(close(again, y.h));
  });
}

template <class T>
void check_gru(const StepRows& s) {
  const std::int64_t n = s.hidden, size = s.batch * n;
  const auto sums = test::moderate_elements<T>(3 * size, 1),
             state = test::moderate_elements<T>(3 * size, 2),
             before = test::moderate_elements<T>(size, 3), dh = test::moderate_elements<T>(size, 4);
  Elements<T> gates = sums, h(size), hn(size), slopes(3 * size), state_slopes(3 * size), left = dh;
  for_elements(s, [&](std::int64_t k, std::int64_t i) {
    const std::int64_t at = 3 * k * n + i, row = k * n + i;
    const double r = sigmoid(double(sums[at]) + state[at]),
                 z = sigmoid(double(sums[at + n]) + state[at + n]), part = state[at + 2 * n],
                 fresh = std::tanh(sums[at + 2 * n] + r * part);
    gates[at] = static_cast<T>(r), gates[at + n] = static_cast<T>(z);
    gates[at + 2 * n] = static_cast<T>(fresh), hn[row] = static_cast<T>(part);
    h[row] = static_cast<T>((1 - z) * fresh + z * before[row]);
    const double dn = dh[row] * (1 - z) * (1 - fresh * fresh), dr = dn * part * r * (1 - r),
                 dz = dh[row] * (before[row] - fresh) * z * (1 - z);
    slopes[at] = state_slopes[at] = static_cast<T>(dr);
    slopes[at + n] = state_slopes[at + n] = static_cast<T>(dz);
    slopes[at + 2 * n] = static_cast<T>(dn), state_slopes[at + 2 * n] = static_cast<T>(dn * r);
    left[row] = static_cast<T>(dh[row] * z);
  });
  test::for_thread_counts([&] {
    Elements<T> a = sums, kept(size), y(size), d = dh, dgates = sums, dstate = sums;
    detail::gru_step(s, a.data(), state.data(), before.data(), kept.data(), y.data());
    CHECK(close(a, gates));
    CHECK(close(kept, hn));
    CHECK(close(y, h));
    detail::gru_step_gradient(s, gates.data(), hn.data(), before.data(), d.data(), dgates.data(),
                              dstate.data());
    CHECK(close(dgates, slopes));
    CHECK(close(dstate, state_slopes));
    CHECK(close(d, left));
  });
}

}  // namespace

TEST_CASE("steps of plain recurrent cells and their gradients", "[ops][kernels][recurrent]") {
  test::for_floats([]<class T>() {
    for_step_rows([](const StepRows& s) {
      check_rnn<T>(s, Cell::rnn_tanh);
      check_rnn<T>(s, Cell::rnn_relu);
    });
  });
}

TEST_CASE("steps of LSTMs and their gradients", "[ops][kernels][recurrent]") {
  test::for_floats([]<class T>() {
    for_step_rows([](const StepRows& s) {
      check_lstm<T>(s, true);
      check_lstm<T>(s, false);
    });
  });
}

TEST_CASE("steps of GRUs and their gradients", "[ops][kernels][recurrent]") {
  test::for_floats([]<class T>() { for_step_rows([](const StepRows& s) { check_gru<T>(s); }); });
}

TEST_CASE("what is not finite goes through recurrent cells as through their functions",
          "[ops][kernels][recurrent]") {
  const double inf = INFINITY, nan = NAN;
  Elements<double> gates(4), c(1), h(1);
  const double before = 2;
  const auto step = [&](double i, double f, double g, double o) {
    const double sums[] = {i, f, g, o};
    std::copy_n(sums, 4, gates.data());
    detail::lstm_step({1, 1}, gates.data(), &before, c.data(), h.data());
  };
  step(inf, -inf, -inf, inf);  // gates that are all open or all shut
  CHECK(c[0] == -1);
  CHECK(h[0] == std::tanh(-1.0));
  step(-inf, inf, inf, -inf);
  CHECK(c[0] == 2);
  CHECK(h[0] == 0);
  step(0, nan, 0, 0);
  CHECK(std::isnan(c[0]));
  double x = nan;
  detail::rnn_step({1, 1}, Cell::rnn_relu, &x);
  CHECK(std::isnan(x));
}
