// Recurrent layers over time, by the definition in double, sequence by sequence.
#include "kernels/recurrence.hpp"

#include <vector>

#include "ops/kernels/line_cases.hpp"
#include "support/catch.hpp"

using namespace xgrad;
using detail::Cell;
using detail::Recurrence;
using test::Elements;

namespace {

template <class T>
Elements<T> numbers(std::int64_t n, unsigned seed) {
  auto x = test::random_elements<T>(n, seed);
  for (T& e : x) e = std::isfinite(e) ? e / 1500 : T(0.5);
  return x;
}
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

// What a layer is given.
template <class T>
struct Given {
  Given(const Recurrence& r, bool projected)
      : sums(numbers<T>(r.steps * r.batch * r.gates(), 1)),
        weight_hh(numbers<T>(r.gates() * r.state, 2)),
        bias_hh(numbers<T>(r.gates(), 3)),
        weight_hr(numbers<T>(projected ? r.state * r.hidden : 0, 4)),
        h_0(numbers<T>(r.batch * r.state, 5)),
        c_0(numbers<T>(r.batch * r.hidden, 6)) {}
  Elements<T> sums, weight_hh, bias_hh, weight_hr, h_0, c_0;
};

using Row = std::vector<double>;

// One step of one sequence: sums of the inputs, h and c before, to h and c.
template <class T>
void step(const Recurrence& r, const Given<T>& given, const T* sums, Row& h, Row& c) {
  Row from_state(static_cast<std::size_t>(r.gates()), 0.0);
  for (std::int64_t j = 0; j < r.gates(); ++j)
    for (std::int64_t i = 0; i < r.state; ++i)
      from_state[std::size_t(j)] += double(given.weight_hh[j * r.state + i]) * h[std::size_t(i)];
  Row hidden(static_cast<std::size_t>(r.hidden));
  for (std::int64_t j = 0; j < r.hidden; ++j) {
    const auto at = std::size_t(j);
    const auto part = [&](std::int64_t block) {
      return from_state[std::size_t(block * r.hidden + j)] +
             (r.cell == Cell::gru ? double(given.bias_hh[block * r.hidden + j]) : 0.0);
    };
    const auto sum = [&](std::int64_t block) { return sums[block * r.hidden + j] + part(block); };
    switch (r.cell) {
      case Cell::rnn_tanh:
        hidden[at] = std::tanh(sum(0));
        break;
      case Cell::rnn_relu:
        hidden[at] = std::max(0.0, sum(0));
        break;
      case Cell::lstm:
        c[at] = sigmoid(sum(1)) * c[at] + sigmoid(sum(0)) * std::tanh(sum(2));
        hidden[at] = sigmoid(sum(3)) * std::tanh(c[at]);
        break;
      case Cell::gru:
        const double fresh = std::tanh(sums[2 * r.hidden + j] + sigmoid(sum(0)) * part(2));
        hidden[at] = fresh + sigmoid(sum(1)) * (h[at] - fresh);
    }
  }
  if (given.weight_hr.size == 0) {
    h = hidden;
    return;
  }
  for (std::int64_t i = 0; i < r.state; ++i) {
    h[std::size_t(i)] = 0;
    for (std::int64_t j = 0; j < r.hidden; ++j)
      h[std::size_t(i)] += double(given.weight_hr[i * r.hidden + j]) * hidden[std::size_t(j)];
  }
}

// States behind all steps, and c of the last.
template <class T>
struct Expected {
  Elements<T> states, c_n;
};
template <class T>
Expected<T> expected(const Recurrence& r, const Given<T>& given) {
  Expected<T> y{Elements<T>(r.steps * r.batch * r.state), Elements<T>(r.batch * r.hidden)};
  for (std::int64_t n = 0; n < r.batch; ++n) {
    const T *const h_0 = given.h_0.data() + n * r.state, *const c_0 =
                                                             given.c_0.data() + n * r.hidden;
    Row h(h_0, h_0 + r.state), c(c_0, c_0 + r.hidden);
    for (std::int64_t k = 0; k < r.steps; ++k) {
      const std::int64_t t = r.step_at(k), row = t * r.batch + n;
      if (r.lengths == nullptr || t < r.lengths[n])
        step(r, given, given.sums.data() + row * r.gates(), h, c);
      for (std::int64_t i = 0; i < r.state; ++i)
        y.states[row * r.state + i] = static_cast<T>(h[std::size_t(i)]);
    }
    for (std::int64_t j = 0; j < r.hidden; ++j)
      y.c_n[n * r.hidden + j] = static_cast<T>(c[std::size_t(j)]);
  }
  return y;
}

// The forward pass, with what it keeps.
template <class T>
struct Computed {
  Computed(const Recurrence& r, const Given<T>& given)
      : gates(given.sums),
        states(r.steps * r.batch * r.state),
        cells(r.steps * r.batch * r.hidden) {
    const bool is_rnn = detail::gates_of(r.cell) == 1;
    if (is_rnn) states = given.sums;
    pass = {given.weight_hh.data(),
            r.cell == Cell::gru ? given.bias_hh.data() : nullptr,
            given.weight_hr.size == 0 ? nullptr : given.weight_hr.data(),
            given.h_0.data(),
            r.cell == Cell::lstm ? given.c_0.data() : nullptr,
            is_rnn ? states.data() : gates.data(),
            states.data(),
            is_rnn ? nullptr : cells.data()};
    detail::recurrence_forward(dtype_of<T>, r, pass);
  }
  Elements<T> gates, states, cells;
  detail::RecurrentPass pass;
};

template <class F>
void for_recurrences(F f) {
  std::vector<std::int64_t> lengths;
  for (std::int64_t k = 0; k < 70; ++k) lengths.push_back(1 + (3 * k) % 5);
  for (const Cell cell : {Cell::rnn_tanh, Cell::rnn_relu, Cell::lstm, Cell::gru})
    for (const bool reverse : {false, true}) {
      f(Recurrence{cell, 1, 1, 1, 1, reverse}, false);
      f(Recurrence{cell, 3, 0, 4, 4, reverse}, false);
      f(Recurrence{cell, 5, 3, 7, 7, reverse}, false);
      f(Recurrence{cell, 5, 3, 9, 9, reverse, lengths.data()}, false);
      if (cell != Cell::lstm) continue;
      f(Recurrence{cell, 5, 3, 7, 2, reverse}, true);
      f(Recurrence{cell, 5, 3, 4, 5, reverse, lengths.data()}, true);
    }
  f(Recurrence{Cell::lstm, 2, 70, 40, 40, false, lengths.data()}, false);  // for threads
  f(Recurrence{Cell::gru, 2, 70, 40, 40, true}, false);
}

template <class T>
double total(const Elements<T>& a, const Elements<T>& b) {
  double sum = 0;
  for (std::int64_t i = 0; i < a.size; ++i) sum += double(a[i]) * double(b[i]);
  return sum;
}

// Slopes of sum(dstates states) + sum(dc_n c_n) with respect to some numbers, by central
// differences of the definition.
Elements<double> differences(const Recurrence& r, Given<double>& given, Elements<double>& of,
                             const Elements<double>& dstates, const Elements<double>& dc_n) {
  const auto value = [&] {
    const Expected<double> y = expected(r, given);
    return total(y.states, dstates) + (r.cell == Cell::lstm ? total(y.c_n, dc_n) : 0.0);
  };
  Elements<double> slopes(of.size);
  for (std::int64_t i = 0; i < of.size; ++i) {
    const double at = of[i], eps = 1e-5;
    of[i] = at + eps;
    const double above = value();
    of[i] = at - eps;
    slopes[i] = (above - value()) / (2 * eps);
    of[i] = at;
  }
  return slopes;
}

// What the backward pass gives.
struct Gradients {
  Gradients(const Recurrence& r, bool projected)
      : dgates(r.steps * r.batch * r.gates()),
        dfrom_state(r.cell == Cell::gru ? dgates.size : 0),
        hidden(projected ? r.steps * r.batch * r.hidden : 0),
        dprojected(projected ? r.steps * r.batch * r.state : 0),
        dh_0(r.batch * r.state),
        dc_0(r.batch * r.hidden),
        dweight(r.gates() * r.state) {}
  Elements<double> dgates, dfrom_state, hidden, dprojected, dh_0, dc_0, dweight;
};
Gradients gradients(const Recurrence& r, const Given<double>& given,
                    const Elements<double>& dstates, const Elements<double>& dc_n) {
  const Computed<double> y(r, given);
  const bool projected = given.weight_hr.size > 0;
  Gradients d(r, projected);
  const auto or_null = [](const Elements<double>& e) { return e.size == 0 ? nullptr : e.data(); };
  detail::recurrence_backward(
      float64, r, y.pass,
      {dstates.data(), nullptr, r.cell == Cell::lstm ? dc_n.data() : nullptr, d.dgates.data(),
       or_null(d.dfrom_state), or_null(d.hidden), or_null(d.dprojected), d.dh_0.data(),
       r.cell == Cell::lstm ? d.dc_0.data() : nullptr});
  const Elements<double>& dsums = r.cell == Cell::gru ? d.dfrom_state : d.dgates;
  for (const bool accumulate : {false, true})  // twice what it is, then
    detail::recurrence_weight_gradient(float64, r, dsums.data(), y.states.data(), given.h_0.data(),
                                       accumulate, d.dweight.data());
  for (double& e : d.dweight) e /= 2;
  return d;
}

void check_gradients(const Recurrence& r, bool projected) {
  Given<double> given(r, projected);
  const auto dstates = numbers<double>(r.steps * r.batch * r.state, 7),
             dc_n = numbers<double>(r.batch * r.hidden, 8);
  const Gradients d = gradients(r, given, dstates, dc_n);
  const auto check = [&](const Elements<double>& ours, Elements<double>& of) {
    CHECK(test::close(ours, differences(r, given, of, dstates, dc_n), 1e-8));
  };
  check(d.dgates, given.sums);
  check(d.dweight, given.weight_hh);
  check(d.dh_0, given.h_0);
  if (r.cell == Cell::lstm) check(d.dc_0, given.c_0);
}

}  // namespace

TEST_CASE("recurrent layers over time", "[ops][kernels][recurrent]") {
  test::for_floats([]<class T>() {
    for_recurrences([](const Recurrence& r, bool projected) {
      const Given<T> given(r, projected);
      const Expected<T> right = expected(r, given);
      const Elements<T> first = Computed<T>(r, given).states;
      test::for_thread_counts([&] {
        const Computed<T> y(r, given);
        CHECK(test::close(y.states, right.states, 4 * test::rounding<T>()));
        CHECK(y.states == first);
      });
    });
  });
}

TEST_CASE("gradients of recurrent layers over time", "[ops][kernels][recurrent]") {
  for_recurrences([](const Recurrence& r, bool projected) {
    if (r.batch < 70) return check_gradients(r, projected);
    const Given<double> given(r, projected);
    const auto dstates = numbers<double>(r.steps * r.batch * r.state, 7),
               dc_n = numbers<double>(r.batch * r.hidden, 8);
    const Gradients first = gradients(r, given, dstates, dc_n);
    test::for_thread_counts([&] {
      const Gradients d = gradients(r, given, dstates, dc_n);
      CHECK(d.dgates == first.dgates);
      CHECK(d.dweight == first.dweight);
      CHECK(d.dh_0 == first.dh_0);
    });
  });
}
